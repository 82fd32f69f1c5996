"""www.kcna.kp: photo pages and their listings in both generations, and helpers for all of its listings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile
from urllib.parse import urlsplit

from lxml import html

from kcna_spider.items import ListingEntry, RawPhoto, RawPhotoPage
from kcna_spider.layouts.base import (
    Listing,
    ListingLayout,
    Page,
    PhotoLayout,
    Selector,
    first_text,
    has_class,
    outermost,
    parted,
    text_of,
    texts,
    with_class,
    xpath,
)
from kcna_spider.layouts.page_photos import photos_of

PHOTO_LISTS = xpath("//a[contains(@href, '/gallery/list/')]")
ARTICLE_FORM = xpath("//form[@id='article_form']")
PHOTO_FORM = xpath("//form[@id='gallery_form']")
CATEGORY_TITLE = with_class("category_title")
_SCRIPT_NUMBER = re.compile(r"""\b(total|cur_page|per_page|page_cnt)\s*=\s*["']?(\d+)""")
_PHOTO_PATH = "/photo/"
_DIGIT, _DATE = re.compile(r"\d"), re.compile(r"\d\D{1,3}\d{1,2}\D{1,3}\d{1,2}")

_BLOCK = "gallery"
_ENTRIES = xpath(
    f"//*[({has_class(_BLOCK)} and h5) or (((self::a and contains(@href, '/gallery/detail/') and "
    f"ancestor::h5) or (self::nobr and ancestor::span) or (self::span and not(.//nobr | ancestor::a)))"
    f" and ancestor::*[{has_class(_BLOCK)}][h5])]"
)
_HEADLINE = xpath("//article//h1")
_TITLE = xpath(".//h5")
_IMAGES = xpath(".//img")
_UNLINKED_IMAGES = xpath(".//img[not(ancestor::a[contains(@href, '/gallery/detail/')])]")
_DETAILS = xpath("//a[contains(@href, '/gallery/detail/')]")


class _Own(Selector):
    """A selector for those blocks that are no links to other photo pages.

    The photos of such a block are not in links, or it has no link to a photo page at all.
    """

    def __call__(self, root: html.HtmlElement) -> list[html.HtmlElement]:  # type: ignore[override]
        links = _DETAILS(root)
        thumbnails = {image for link in outermost(links) for image in link.iter("img")}
        linked = _around(links)
        photos = (image for image in root.iter("img") if image not in thumbnails and _is_photo(image))
        own = _around(photos)
        return [block for block in super().__call__(root) if block not in linked or block in own]


def _is_photo(image: html.HtmlElement) -> bool:
    return any(_PHOTO_PATH in (image.get(name) or "") for name in ("src", "data-src"))


def _around(elements: Iterable[html.HtmlElement]) -> set[html.HtmlElement]:
    """Return all elements around any of these elements."""
    found: set[html.HtmlElement] = set()
    for element in elements:
        found.update(takewhile(lambda outer: outer not in found, element.iterancestors()))
    return found


# A page's own photos; the other blocks are links to other photo pages.
OWN_PHOTOS = _Own(f"//*[{has_class(_BLOCK)}][ancestor::main]", smart_strings=False)
OWN_PHOTOS.classes = frozenset((_BLOCK,))

OLD_LIST = with_class("article-link")
OLD_PHOTO_LIST = with_class("photo-wrapper")
_OLD_LINK = xpath(f".//*[{has_class('title')}]//a | .//a[contains(@href, '/photo/')]")
_PUBLISH_TIME = xpath(f".//*[{has_class('publish-time')}]")
OLD_PAGES = xpath(f"//a[@href][ancestor::*[{has_class('pagination')}]][not(ancestor::a)]", "pagination")
OLD_PHOTO_TITLE = xpath(f"//*[{has_class('title')}]//*[{has_class('main')}]//span", "title", "main")
_OLD_CONTENT = with_class("content")
OLD_ARTICLE_TITLE = with_class("article-main-title")


def paged_by_form(page: Page, form: html.HtmlElement, entries: list[ListingEntry]) -> Listing:
    """Return one page of a listing with a form for further pages; a script states the number of pages."""
    numbers = {
        name: int(value)
        for script in page.root.iter("script")
        for name, value in _SCRIPT_NUMBER.findall(script.text or "")
    }
    fields = {name: field.get("value") or "" for field in form.iter("input") if (name := field.get("name"))}
    total, per_page = numbers.get("total", 0), numbers.get("per_page", 0)
    return Listing(
        entries=entries,
        name=first_text(page.all(CATEGORY_TITLE)),
        form=(page.link(form.get("action")) or page.url, fields),
        page=numbers.get("cur_page", 0),
        pages=numbers.get("page_cnt") or (-(-total // per_page) if per_page else 0),
        total=total,
    )


def entries_of(page: Page, found: list[html.HtmlElement], block: str) -> list[ListingEntry]:
    """Return the entries of a listing. found: its blocks, and the links and dates in them, in document order.

    block: the HTML class of the blocks.
    """
    return [entry for parts in parted(found, block) if (entry := _entry(page, parts))]


def _entry(page: Page, parts: list[html.HtmlElement]) -> ListingEntry | None:
    link = next((part for part in parts if part.tag == "a"), None)
    if link is None or not (url := page.link(link.get("href"))):
        return None
    # The date is the last one: a subtitle such as "Photo" may precede it.
    beside = [text for text in texts(part for part in parts if part.tag != "a") if _DIGIT.search(text)]
    days = [text for text in beside if _DATE.search(text)] or beside
    return ListingEntry(url, title=text_of(link), day=days[-1] if days else None)


def _photos(page: Page, images: list[html.HtmlElement]) -> list[RawPhoto]:
    """Return those images that are photos; logos and icons have other paths."""
    return [photo for photo in photos_of(page, images) if _PHOTO_PATH in urlsplit(photo["url"]).path]


class PhotoList2026(ListingLayout):
    """One page of a listing of photo pages, with the form for further pages."""

    name = "photo_list_2026"
    present = (PHOTO_FORM,)

    def listing(self, page: Page) -> Listing:
        return paged_by_form(page, page.all(PHOTO_FORM)[0], entries_of(page, page.all(_ENTRIES), _BLOCK))


class PhotoPage2026(PhotoLayout):
    """A photo page. It also shows blocks of other photo pages, each with a link to that page."""

    name = "photo_page_2026"
    present = (OWN_PHOTOS,)
    absent = (ARTICLE_FORM, PHOTO_FORM, CATEGORY_TITLE, _HEADLINE)

    def photo_page(self, page: Page) -> RawPhotoPage:
        own = list(outermost(page.all(OWN_PHOTOS)))
        titles = [title for block in own for title in _TITLE(block)]
        images = [image for block in own for image in _UNLINKED_IMAGES(block)]
        return RawPhotoPage(_photos(page, images), title=first_text(titles))


class PhotoList2022(ListingLayout):
    """One page of a listing of photo pages; further pages have URLs of their own."""

    name = "photo_list_2022"
    present = (OLD_PHOTO_LIST,)
    absent = (OLD_LIST, OLD_ARTICLE_TITLE)  # beside them, it is a strip of photos

    def listing(self, page: Page) -> Listing:
        entries = []
        for block in outermost(page.all(OLD_PHOTO_LIST)):
            links, days = _OLD_LINK(block), _PUBLISH_TIME(block)
            named = [link for link in links if text_of(link).strip()] or links  # a thumbnail has no text
            if named and (url := page.link(named[0].get("href"))):
                entries.append(ListingEntry(url, title=text_of(named[0]), day=first_text(days)))
        return Listing(entries, links=page.links(page.all(OLD_PAGES)))


class PhotoPage2022(PhotoLayout):
    """A photo page of the "q" layout."""

    name = "photo_page_2022"
    present = (OLD_PHOTO_TITLE, _OLD_CONTENT)
    absent = (OLD_LIST, OLD_ARTICLE_TITLE, OLD_PHOTO_LIST)

    def photo_page(self, page: Page) -> RawPhotoPage:
        images = [image for content in outermost(page.all(_OLD_CONTENT)) for image in _IMAGES(content)]
        photos = _photos(page, images) or photos_of(page, images)  # the path of photos has changed
        title, day = first_text(page.all(OLD_PHOTO_TITLE)), first_text(page.all(_PUBLISH_TIME))
        return RawPhotoPage(photos, title=title, day=day)
