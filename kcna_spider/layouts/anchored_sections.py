"""Split a page with many articles into the sections between its anchors and rules."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree, html

from kcna_spider.layouts.paragraphs import BLOCKS, EXCLUDED_TAGS

_HEADINGS = ("h1", "h2", "h3", "h4")


def sections(root: html.HtmlElement) -> Iterator[tuple[str | None, str, str]]:
    """Yield (anchor, heading, text) of each section between anchors or rules.

    The anchor is None for the text before the first anchor, and empty for a section after a rule.
    """
    anchor: str | None = None
    title, pieces = "", [""]
    heading: html.HtmlElement | None = None
    walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, node in walker:
        text = node.tail or ""
        if event == "start":
            text = "" if node.tag in EXCLUDED_TAGS else node.text or ""
            if node.tag in EXCLUDED_TAGS:
                walker.skip_subtree()
            elif node.tag == "hr" or (node.tag == "a" and node.get("name", "top") != "top"):
                if anchor is not None or node.tag == "a":
                    yield anchor, title, "".join(pieces)
                    title, pieces = "", [""]
                anchor = node.get("name") if node.tag == "a" else anchor and ""
            elif node.tag in _HEADINGS and anchor and not title.strip():
                heading = node
        elif event == "end" and node is heading:
            heading = None
        if heading is not None:
            title += (" " if node.tag == "br" and event == "start" else "") + text
        else:
            pieces.append(_border(node, event) + text)
    if anchor:
        yield anchor, title, "".join(pieces)


def _border(node: html.HtmlElement, event: str) -> str:
    """Return the white space that separates an element from the text around it.

    It is a line feed for a line break, an empty line at the start and end of a block, a blank for a cell, an
    image or an excluded element, and empty for others.
    """
    if node.tag == "br":
        return "\n" if event == "start" else ""
    if node.tag in ("td", "th", "img") or node.tag in EXCLUDED_TAGS:
        return " "
    return "\n\n" if event in ("start", "end") and node.tag in BLOCKS else ""
