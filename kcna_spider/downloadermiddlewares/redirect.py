"""Follow redirects within a site only, and say so where one leads elsewhere.

Scrapy drops such a request silently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares import cookies
from scrapy.downloadermiddlewares.redirect import (
    BaseRedirectMiddleware,
    MetaRefreshMiddleware,
    RedirectMiddleware,
)
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request
from scrapy.utils.url import url_is_from_any_domain

if TYPE_CHECKING:
    from scrapy.http import Response

# The list of public suffixes that ships with tldextract is enough for these sites; a newer one would be
# fetched from a third party.
cookies._split_domain.suffix_list_urls = ()  # noqa: SLF001


class ElsewhereError(IgnoreRequest):
    """The site redirects to another host, or to no URL."""


class _SameSiteRedirect(BaseRedirectMiddleware):
    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Return the redirected request, or the response. Raise ElsewhereError for another site."""
        result: Request | Response = super().process_response(request, response)  # type: ignore[misc]
        domains = getattr(self.crawler.spider, "allowed_domains", None)
        if isinstance(result, Request) and domains and not url_is_from_any_domain(result.url, domains):
            raise ElsewhereError(f"it leads to {result.url[:300]}")
        return result


# Scrapy's two differ in their signatures
class SiteRedirectMiddleware(_SameSiteRedirect, RedirectMiddleware):  # type: ignore[misc]
    """Redirects by status."""


class SiteMetaRefreshMiddleware(_SameSiteRedirect, MetaRefreshMiddleware):  # type: ignore[misc]
    """Redirects by a tag in the page."""
