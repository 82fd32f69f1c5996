"""www.kcna.kp: photo pages and their listings in both generations, and helpers for all of its listings."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lxml import html

from kcna_spider.items import ListingEntry, RawPhotoPage
from kcna_spider.layouts.base import (
    Link,
    Listing,
    ListingLayout,
    Page,
    PhotoLayout,
    first_text,
    has_class,
    outermost,
    parted,
    photos_of,
    text_of,
    texts,
    with_class,
    xpath,
)

PHOTO_LISTS = xpath("//a[contains(@href, '/gallery/list/')]")
PHOTO_FORM = xpath("//form[@id='gallery_form']")
CATEGORY_TITLE = with_class("category_title")
_SCRIPT_NUMBER = re.compile(r"\b(total|cur_page|per_page|page_cnt)\s*=\s*(\d+)")
_PHOTO_PATH = "/photo/"

_BLOCK = "gallery"
_ENTRIES = xpath(
    f"//*[({has_class(_BLOCK)} and h5) or (((self::a and contains(@href, '/gallery/detail/') and "
    f"ancestor::h5) or (self::nobr and ancestor::span)) and ancestor::*[{has_class(_BLOCK)}][h5])]"
)
_BLOCKS = xpath(f"//*[{has_class(_BLOCK)}][ancestor::main]", _BLOCK)
_HEADLINE = xpath("//article//h1")
_DETAILS = xpath(".//a[contains(@href, '/gallery/detail/')]")
_TITLE = xpath(".//h5")
_IMAGES = xpath(".//img")

_OLD_PHOTO_LIST = with_class("photo-wrapper")
_OLD_LINK = xpath(f".//*[{has_class('title')}]//a | .//a[contains(@href, '/photo/')]")
_PUBLISH_TIME = xpath(f".//*[{has_class('publish-time')}]")
_OLD_PAGES = xpath(f"//a[@href][ancestor::*[{has_class('pagination')}]][not(ancestor::a)]", "pagination")
_OLD_TITLE = xpath(f"//*[{has_class('title')}]//*[{has_class('main')}]//span", "title", "main")
_OLD_CONTENT = with_class("content")
_ARTICLE_TITLE = with_class("article-main-title")


def paged_by_form(page: Page, form: html.HtmlElement, entries: list[ListingEntry]) -> Listing:
    """Return one page of a listing with a form for further pages; a script states the number of pages."""
    numbers = {
        name: int(value)
        for script in page.root.iter("script")
        for name, value in _SCRIPT_NUMBER.findall(script.text or "")
    }
    fields = {name: field.get("value") or "" for field in form.iter("input") if (name := field.get("name"))}
    return Listing(
        entries=entries,
        name=first_text(page.all(CATEGORY_TITLE)),
        form=(page.link(form.get("action")) or page.url, fields),
        page=numbers.get("cur_page", 0),
        pages=numbers.get("page_cnt", 0),
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
    days = [
        text for text in texts(part for part in parts if part.tag == "nobr") if any(c.isdigit() for c in text)
    ]
    return ListingEntry(url, title=text_of(link), day=days[-1] if days else None)


def _shown(page: Page, images: list[html.HtmlElement], **fields: str | None) -> RawPhotoPage:
    """Return a photo page with those images that are photos; logos and icons have other paths."""
    found = photos_of(page, images)
    return RawPhotoPage([p for p in found if urlsplit(p["url"]).path.startswith(_PHOTO_PATH)], **fields)


class PhotoList2026(ListingLayout):
    """One page of a listing of photo pages, with the form for further pages."""

    name = "photo_list_2026"
    present = (PHOTO_FORM,)

    def listing(self, page: Page) -> Listing:
        return paged_by_form(page, page.all(PHOTO_FORM)[0], entries_of(page, page.all(_ENTRIES), _BLOCK))


class PhotoPage2026(PhotoLayout):
    """A photo page. It also shows blocks of other photo pages, each with a link to that page."""

    name = "photo_page_2026"
    present = (_BLOCKS,)
    absent = (PHOTO_FORM, CATEGORY_TITLE, _HEADLINE)

    def photo_page(self, page: Page) -> RawPhotoPage:
        own = [block for block in outermost(page.all(_BLOCKS)) if not self._is_of_another(page, block)]
        titles = [title for block in own for title in _TITLE(block)]
        return _shown(page, [image for block in own for image in _IMAGES(block)], title=first_text(titles))

    def _is_of_another(self, page: Page, block: html.HtmlElement) -> bool:
        here = urlsplit(page.url).path.rstrip("/")
        links = [url for a in _DETAILS(block) if (url := page.link(a.get("href")))]
        return any(urlsplit(url).path.rstrip("/") != here for url in links)


class PhotoList2022(ListingLayout):
    """One page of a listing of photo pages; further pages have URLs of their own."""

    name = "photo_list_2022"
    present = (_OLD_PHOTO_LIST,)

    def listing(self, page: Page) -> Listing:
        entries = []
        for block in outermost(page.all(_OLD_PHOTO_LIST)):
            links, days = _OLD_LINK(block), _PUBLISH_TIME(block)
            named = [link for link in links if text_of(link).strip()] or links  # a thumbnail has no text
            if named and (url := page.link(named[0].get("href"))):
                entries.append(ListingEntry(url, title=text_of(named[0]), day=first_text(days)))
        pages = [
            Link(url, " ".join(text_of(a).split()))
            for a in page.all(_OLD_PAGES)
            if (url := page.link(a.get("href")))
        ]
        return Listing(entries, links=pages)


class PhotoPage2022(PhotoLayout):
    """A photo page of the "q" layout."""

    name = "photo_page_2022"
    present = (_OLD_TITLE, _OLD_CONTENT)
    absent = (_ARTICLE_TITLE, _OLD_PHOTO_LIST)

    def photo_page(self, page: Page) -> RawPhotoPage:
        images = [image for content in outermost(page.all(_OLD_CONTENT)) for image in _IMAGES(content)]
        days = page.all(_PUBLISH_TIME)
        return _shown(page, images, title=first_text(page.all(_OLD_TITLE)), day=first_text(days))
