"""Turn the responses of a spider into listings, articles and rejects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from scrapy.http import Request, Response, TextResponse

from kcna_spider.downloadermiddlewares.meta_keys import WARC_RECORD
from kcna_spider.exceptions import LayoutError, NotAnArticleError
from kcna_spider.items import Article, Fetched, ListingEntry, PhotoSet, RawArticle, RawPhotoPage, Reject
from kcna_spider.layouts.base import Layout, Listing, Page
from kcna_spider.site_adapter import header
from kcna_spider.sites import canonical_url
from kcna_spider.text.dates import utc_now

if TYPE_CHECKING:
    from kcna_spider.base_spiders.archive_spider import ArchiveSpider
    from kcna_spider.base_spiders.photo_requests import StoredPhoto

_KEPT_HTML = 200_000  # characters of a page without a layout that are kept in its reject


class PageReader:
    """Read the pages of a spider's site with the site's adapter, and count pages and layouts."""

    def __init__(self, spider: ArchiveSpider) -> None:
        self.spider = spider

    def select_layout(self, response: Response) -> tuple[Layout, Page]:
        """Return the layout that matches a response, and the parsed page. Raise LayoutError if none does."""
        layout, page = self.spider.adapter.select_layout(response)
        self.spider.outcome.pages += 1
        self.spider.inc(f"layout/{self.spider.site}/{layout.name}")
        return layout, page

    def listing(self, response: Response, expected: str | None = None) -> Listing | Reject:
        """Return the listing of a page, or a reject if the page is not a listing.

        expected: the layout that must match the page; None for any.
        """
        try:
            layout, page = self.select_layout(response)
            found = self.spider.adapter.read(layout, page)
        except LayoutError as error:
            return self.unknown_layout(response, error)
        if not isinstance(found, Listing) or expected not in (None, layout.name):
            detail = f"{expected or 'a listing'} was expected, this is {layout.name}"
            return self.spider.reject(response.url, "no_listing", detail, {})
        return found

    def articles(
        self, response: Response, listed: ListingEntry | None
    ) -> Iterator[Article | PhotoSet | Reject | Request]:
        """Yield the articles of a page and the photos, or requests for them, or yield one reject."""
        url = listed.url if listed else canonical_url(response.url)
        try:
            found = self.raw_articles(response)
        except LayoutError as error:
            yield self.unknown_layout(response, error, listed or ListingEntry(url))
        except NotAnArticleError as error:
            yield self.spider.reject(url, "no_article", str(error), {"listed": listed and listed.as_raw()})
        else:
            if len(found) == 1:
                yield from self.load(response, *found[0], url, listed)
                return
            reason, detail = "no_article", f"{response.url} shows no article"
            if found:
                reason = "no_anchor"
                detail = f"{response.url} has {len(found)} articles, and the URL names none of them"
            yield self.spider.reject(url, reason, detail, {"listed": listed and listed.as_raw()})

    def raw_articles(self, response: Response) -> list[tuple[Layout, RawArticle]]:
        """Return the raw articles of a page, each with its layout.

        Raise LayoutError if no layout can read it, and NotAnArticleError if it is a listing.
        """
        layout, page = self.select_layout(response)
        found = self.spider.adapter.read(layout, page)
        if isinstance(found, Listing):
            raise NotAnArticleError(f"an article was expected, this is {layout.name}")
        if isinstance(found, RawPhotoPage):
            found = [found.as_article()]
        return [(layout, raw) for raw in found]

    def load(
        self,
        response: Response,
        layout: Layout,
        raw: RawArticle,
        url: str,
        listed: ListingEntry | None,
        known_photos: Sequence[StoredPhoto] = (),
    ) -> Iterator[Article | PhotoSet | Request]:
        """Yield the article and its photos, or requests for them, if its date is wanted.

        known_photos: the stored photos that the article's own page showed before.
        """
        self.spider.requests.page_read(url)
        if raw.fallback:
            self.spider.inc(f"fallback/{self.spider.site}/{layout.name}/{raw.fallback}")
        article = self.spider.adapter.article(self.fetched(response, layout, url), raw, listed)
        if self.spider.requests.wants(article.published):
            yield article
            if self.spider.photos.enabled:
                yield from self.spider.photos.of(article, known_photos)
        else:
            self.spider.requests.not_wanted(url, "out_of_range")

    def fetched(self, response: Response, layout: Layout, url: str) -> Fetched:
        """Return the metadata of a received page, with the time of its WARC record if there is one."""
        record: dict[str, Any] | None = response.meta.get(WARC_RECORD)
        at = record["at"] if record else utc_now()
        place = {"file": record["file"], "offset": record["offset"]} if record else None
        return Fetched(
            url,
            self.spider.site,
            layout.name,
            at,
            header(response, "ETag"),
            header(response, "Last-Modified"),
            record=place,
        )

    def unknown_layout(
        self, response: Response, error: LayoutError, entry: ListingEntry | None = None
    ) -> Reject:
        """Return the reject of a page that no layout can read, with its HTML.

        entry: the listing entry, if an article was expected.
        """
        self.spider.outcome.unknown_pages += 1
        self.spider.inc(f"layout/unknown/{self.spider.site}")
        text = response.text[:_KEPT_HTML] if isinstance(response, TextResponse) else ""
        raw = {"html": text, "status": response.status}
        if entry is None:
            return self.spider.reject(response.url, "unknown_layout", str(error), raw)
        return self.spider.reject(entry.url, "unknown_layout", str(error), {**raw, "listed": entry.as_raw()})
