"""Split the text of an article's containers into paragraphs.

All text is included, whatever the elements, except elements that are excluded by tag or class. The start and
the end of a block element, and two line breaks in a row, separate paragraphs. A single line break is a line
feed inside the paragraph.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable

from lxml import etree, html

# Elements without text of an article: code, captions, navigation, controls.
_CONTROLS = ("nav", "button", "select", "textarea", "iframe", "object", "video", "audio", "svg")
EXCLUDED_TAGS = frozenset(
    ("script", "style", "noscript", "template", "title", "figure", "figcaption", *_CONTROLS)
)
# Classes of captions, buttons to share or to open photos and videos, advertisements, and date lines.
EXCLUDED_CLASSES = re.compile(
    r"(?:[\w-]*[-_])?caption(?:[-_][\w-]*)?|publish-time|media-icon|right_button"
    r"|breadcrumbs?|pagination|pager|ads?|adsbygoogle|advert(?:isement)?"
    r"|(?:(?:post|fb)[-_])?(?:share|social)[-_]?(?:share|sharing|this|icons?|links?|buttons?|bar|box|media)?"
    r"|sharing|sharedaddy|sns|addtoany(?:[-_]\w+)*|a2a_kit|fb-like|(?:jp-)?related-?posts?",
    re.IGNORECASE,
)
# Classes of photos and videos, and on some pages of the element around a whole article.
_EXCLUDED_IF_SHORT = re.compile(
    r"(?:photo|gallery|video|thumb|thumbnail)s?(?:[-_](?:button|box|list|wrap|wrapper|item|img|link|icon))?",
    re.IGNORECASE,
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "hr", "legend", "summary", "caption")
_LISTS = (
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "dir",
    "menu",
    "option",
    "table",
    "tbody",
    "thead",
    "tfoot",
    "tr",
)
_SECTIONS = (
    "address",
    "article",
    "aside",
    "body",
    "details",
    "dialog",
    "fieldset",
    "footer",
    "form",
    "header",
    "main",
    "section",
    "hgroup",
)
BLOCKS = frozenset(
    (*_HEADINGS, *_LISTS, *_SECTIONS, "p", "div", "center", "blockquote", "pre", "listing", "xmp")
)
_BLOCKS_WITHOUT_TEXT = frozenset(("figure", "figcaption", "nav", "video", "audio", "object", "iframe"))
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_CELLS = frozenset(("td", "th"))
_Pieces = list[str | None]


def is_excluded(element: html.HtmlElement, most: float = math.inf) -> bool:
    """Return whether an element is not part of an article, judging by its tag or one of its classes.

    most: number of characters above which an element with a class of photos is not excluded, because it
    probably is the article.
    """
    if element.tag in EXCLUDED_TAGS:
        return True
    names = (element.get("class") or "").split()
    if any(map(EXCLUDED_CLASSES.fullmatch, names)):
        return True
    return any(map(_EXCLUDED_IF_SHORT.fullmatch, names)) and len(element.text_content()) <= most


def paragraphs_of(
    containers: Iterable[html.HtmlElement], excluded: Collection[html.HtmlElement] = ()
) -> list[str]:
    """Return the paragraphs of containers in document order, with their own white space.

    excluded: further elements that are not part of the article, such as its title. If there is no `p`, and
    neither blocks nor two line breaks separate paragraphs, each line is a paragraph.
    """
    units: list[_Pieces] = []
    without_p = True
    for container in containers:
        units += _units(container, excluded)
        without_p = without_p and container.find(".//p") is None
    parts = [part for unit in units for part in _split(unit)]
    if without_p and sum(any(piece for piece in part if piece and piece.strip()) for part in parts) == 1:
        parts = [[piece] for part in parts for piece in _lines(part)]
    texts = ("".join("\n" if piece is None else piece for piece in part) for part in parts)
    return [text for text in texts if text.strip()]


def _units(container: html.HtmlElement, excluded: Collection[html.HtmlElement]) -> list[_Pieces]:
    """Return the pieces of text between the borders of blocks; None is a line break."""
    units: list[_Pieces] = [[]]
    most = len(container.text_content()) / 2
    walker = etree.iterwalk(container, events=("start", "end", "comment", "pi"))
    for event, node in walker:
        # Custom elements (`x-text`) also separate paragraphs.
        is_block = node.tag in BLOCKS or node.tag in _BLOCKS_WITHOUT_TEXT or "-" in str(node.tag)
        if event == "start":
            skipped = node is not container and (node in excluded or is_excluded(node, most))
            if skipped:
                walker.skip_subtree()
            if is_block:
                units.append([])
            elif node.tag == "br":
                units[-1].append(None)
            elif skipped or node.tag == "img" or (node.tag in _CELLS and node is not container):
                units[-1].append(" ")
            if node.text and not skipped:
                units[-1] += _lines_of(node.text) if node.tag == "pre" else [node.text]
            continue
        if event == "end" and is_block:
            units.append([])
        if node.tail and node is not container:
            units[-1].append(node.tail)
    return units


def _lines_of(preformatted: str) -> _Pieces:
    """Return the lines of preformatted text, with line breaks between them."""
    lines: _Pieces = []
    for line in preformatted.splitlines():
        lines += [line, None]
    return lines[:-1]


def _split(unit: _Pieces) -> list[_Pieces]:
    """Split a unit at two or more line breaks in a row."""
    parts: list[_Pieces] = [[]]
    breaks = 0
    for piece in unit:
        if piece is None:
            breaks += 1
        elif piece.strip().strip(_INVISIBLE).strip():
            if breaks > 1:
                parts.append([])
            elif breaks:
                parts[-1].append(None)
            breaks = 0
            parts[-1].append(piece)
        elif not breaks:
            parts[-1].append(piece)
    return parts


def _lines(part: _Pieces) -> list[str]:
    lines = [""]
    for piece in part:
        if piece is None:
            lines.append("")
        else:
            lines[-1] += piece
    return lines
