"""www.kcna.kp: the "detail" pages since about June 2026, and the "q" pages from 2022 to 2026.

The "q" pages are only available as captures.
"""

from __future__ import annotations

from lxml import html

from kcna_spider.items import ListingEntry, RawArticle
from kcna_spider.layouts.base import (
    ArticleLayout,
    Layout,
    Link,
    Listing,
    ListingLayout,
    Page,
    first_text,
    has_class,
    outermost,
    text_of,
    texts,
    with_class,
    xpath,
)
from kcna_spider.layouts.kcna_kp_photos import (
    ARTICLE_FORM,
    CATEGORY_TITLE,
    OLD_ARTICLE_TITLE,
    OLD_LIST,
    OLD_PAGES,
    OLD_PHOTO_LIST,
    OLD_PHOTO_TITLE,
    OWN_PHOTOS,
    PHOTO_FORM,
    PHOTO_LISTS,
    PhotoList2022,
    PhotoList2026,
    PhotoPage2022,
    PhotoPage2026,
    entries_of,
    paged_by_form,
)

_MENU = xpath("//a[contains(@href, '/article/list/')]")
_HEADLINE = xpath(f"//h1[ancestor::*[{has_class('container')}]][ancestor::article]", "container")
_WITH_TEXT = "[normalize-space(translate(., '\u00a0', ' '))]"
_TITLE = xpath(
    f"(//h1{_WITH_TEXT}[ancestor::*[{has_class('container')}]][ancestor::article])[1]", "container"
)
_PARAGRAPHS = xpath(f"//p{_WITH_TEXT}[parent::*[{has_class('container')}]][ancestor::article]", "container")
_INNER = (
    f"//p[not(parent::*[{has_class('container')}])][ancestor::*[{has_class('container')}]][ancestor::article]"
)
_INNER_PARAGRAPHS = xpath(_INNER, "container")
_WRAPPED = xpath(
    f"{_INNER}[not(ancestor::blockquote or ancestor::li or ancestor::td or ancestor::p)]"
    f"[not(ancestor-or-self::*[{has_class('caption')}])]",
    "container",
)
_CAPTIONS = xpath(f"//*[{has_class('caption')}][ancestor::article]", "caption")
_IMAGE_BLOCKS = xpath("//*[img or a/img or picture or figure][ancestor::article]")
_VIDEO = xpath("//article//video")
_TITLE_OR_NOTHING = xpath(
    f"//*[{has_class('category_title')}]"
    " | //main[not(normalize-space())][not(//a[contains(@href, '/article/list/')])]"
)
_BLOCK = "article"
# The blocks, and the links and dates in them.
_ENTRIES = xpath(
    f"//*[({has_class(_BLOCK)} and h5) or (((self::a and contains(@href, '/article/detail/') and "
    "ancestor::h5)"
    f" or (self::nobr and ancestor::span and not(ancestor::a))) and ancestor::*[{has_class(_BLOCK)}][h5])]"
)
_PHOTO_PAGES = xpath(
    f"//a[{has_class('gallery_button')} and contains(@href, '/gallery/detail/')][ancestor::article]",
    "gallery_button",
)
_OLD_PHOTO_PAGES = xpath(
    f"//a[contains(@href, '/photo/')][ancestor::*[{has_class('media-icon')}]]", "media-icon"
)

_OLD_MENU = xpath("//a[contains(@href, '/category/articles/q/')]")
_OLD_ENTRIES = xpath(
    f"//a[contains(@href, '/article/q/')][ancestor::li][ancestor::*[{has_class('article-link')}]]"
    "[not(ancestor::a)]",
    "article-link",
)
_PUBLISH_TIME = xpath(f".//span[{has_class('publish-time')}]")
# The time of the article itself, not of an entry in a list of news.
_OWN_PUBLISH_TIME = xpath(
    f"//span[{has_class('publish-time')}]"
    f"[not(ancestor::*[{has_class('article-link')} or {has_class('photo-wrapper')}])]",
    "publish-time",
)


def _menu(page: Page, links: list[html.HtmlElement]) -> list[Link]:
    """Return one link per category: the menu names the categories, the tiles link to them without a name."""
    named: dict[str, str] = {}
    for link in page.links(links):
        named[link.url] = named.get(link.url) or link.label
    return [Link(url, label) for url, label in named.items() if label]


class Home2026(ListingLayout):
    """The home page of a language, with a menu of all categories of articles, which other pages have too."""

    name = "home_2026"
    present = (_MENU,)
    absent = (_HEADLINE, ARTICLE_FORM, PHOTO_FORM, CATEGORY_TITLE, OWN_PHOTOS, _VIDEO)

    def listing(self, page: Page) -> Listing:
        return Listing(links=_menu(page, page.all(_MENU)), photo_lists=_menu(page, page.all(PHOTO_LISTS)))


class List2026(ListingLayout):
    """One page of a category's listing, with the form for further pages."""

    name = "list_2026"
    present = (ARTICLE_FORM,)

    def listing(self, page: Page) -> Listing:
        return paged_by_form(page, page.all(ARTICLE_FORM)[0], entries_of(page, page.all(_ENTRIES), _BLOCK))


class ExpiredList2026(ListingLayout):
    """The response to a POST request with an expired session: a title or nothing, no form, no articles."""

    name = "expired_list_2026"
    present = (_TITLE_OR_NOTHING,)
    absent = (ARTICLE_FORM, PHOTO_FORM, OWN_PHOTOS, _HEADLINE)

    def listing(self, page: Page) -> Listing:
        return Listing(name=first_text(page.all(CATEGORY_TITLE)), expired=True)


class Article2026(ArticleLayout):
    """An article without a date, which only the listing and the dateline state.

    Its paragraphs are the `p` elements directly in the container. Deeper ones are captions, unless they are
    in a quotation, a list or a table, or have most of the text.
    """

    name = "article_2026"
    present = (_HEADLINE,)
    # The ancestor is a condition because `//article//*` visits an element once per nested article around it.
    container = xpath(f"//*[{has_class('container')}][ancestor::article]", "container")

    def articles(self, page: Page) -> list[RawArticle]:
        paragraphs = self.paragraphs(page)
        wrapped = not page.all(_PARAGRAPHS) or not set(page.all(_WRAPPED)).issubset(self.excluded(page))
        return [
            RawArticle(
                title=first_text(page.all(_TITLE)),
                paragraphs=paragraphs,
                fallback="wrapped_paragraphs" if paragraphs and wrapped else None,
                photo_pages=[url for a in page.all(_PHOTO_PAGES) if (url := page.link(a.get("href")))],
            )
        ]

    def containers(self, page: Page) -> list[html.HtmlElement]:
        return list(outermost(page.all(self.container)))

    def excluded(self, page: Page) -> list[html.HtmlElement]:
        if not (direct := page.all(_PARAGRAPHS)):
            return page.all(_TITLE)
        blocks = set(page.all(_IMAGE_BLOCKS))
        captions = [p for p in page.all(_INNER_PARAGRAPHS) if p.getparent() in blocks]
        wrapped = list(set(page.all(_WRAPPED)) - set(captions))
        most_is_direct = sum(len(text_of(p)) for p in direct) >= sum(len(text_of(p)) for p in wrapped)
        return page.all(_TITLE) + page.all(_CAPTIONS) + captions + (wrapped if most_is_direct else [])


class Home2022(ListingLayout):
    """The home page of the "q" layout."""

    name = "home_2022"
    present = (_OLD_MENU,)
    absent = (OLD_LIST, OLD_ARTICLE_TITLE, OLD_PHOTO_LIST, OLD_PHOTO_TITLE)

    def listing(self, page: Page) -> Listing:
        return Listing(links=_menu(page, page.all(_OLD_MENU)))


class List2022(ListingLayout):
    """One page of a category's listing; further pages have URLs of their own."""

    name = "list_2022"
    present = (OLD_LIST,)
    absent = (OLD_ARTICLE_TITLE,)

    def listing(self, page: Page) -> Listing:
        entries = [entry for a in page.all(_OLD_ENTRIES) if (entry := self._entry(page, a))]
        return Listing(entries, links=page.links(page.all(OLD_PAGES)))

    def _entry(self, page: Page, a: html.HtmlElement) -> ListingEntry | None:
        url = page.link(a.get("href"))
        stamps = texts(_PUBLISH_TIME(a))
        title = text_of(a)
        for stamp in stamps:
            title = title.replace(stamp, " ")
        return ListingEntry(url, title=title, day=stamps[-1] if stamps else None) if url else None


class Article2022(ArticleLayout):
    """An article with its date: `www.kcna.kp (2025.12.14.)`, until about autumn 2024 `(Juche113.3.9.)`."""

    name = "article_2022"
    present = (OLD_ARTICLE_TITLE,)
    wrappers = xpath(
        f"//*[{has_class('content-wrapper')}][ancestor::*[{has_class('article-content-body')}]]",
        "content-wrapper",
        "article-content-body",
    )
    body = with_class("article-content-body")

    def articles(self, page: Page) -> list[RawArticle]:
        return [
            RawArticle(
                title=first_text(page.all(OLD_ARTICLE_TITLE)),
                paragraphs=self.paragraphs(page),
                day=first_text(page.all(_OWN_PUBLISH_TIME) or page.all(_PUBLISH_TIME)),
                fallback=None
                if any(text.strip() for text in texts(page.all(self.wrappers)))
                else "no_wrapper",
                photo_pages=[url for a in page.all(_OLD_PHOTO_PAGES) if (url := page.link(a.get("href")))],
            )
        ]

    def containers(self, page: Page) -> list[html.HtmlElement]:
        return list(outermost(page.all(self.body)))


LAYOUTS: tuple[Layout, ...] = (
    Home2026(),
    List2026(),
    ExpiredList2026(),
    Article2026(),
    Home2022(),
    List2022(),
    Article2022(),
    PhotoList2026(),
    PhotoPage2026(),
    PhotoList2022(),
    PhotoPage2022(),
)
