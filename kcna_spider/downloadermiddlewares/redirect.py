"""Follow redirects within a site only, and raise an error for others, which Scrapy would drop silently."""

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

# The list of public suffixes in tldextract suffices for these sites; a newer one would be fetched from a
# third party.
cookies._split_domain.suffix_list_urls = ()  # noqa: SLF001


class ElsewhereError(IgnoreRequest):
    """The site redirects to another site, or to something that is not a URL."""


class _SameSiteRedirect(BaseRedirectMiddleware):
    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Return the redirected request, or the response. Raise ElsewhereError for another site."""
        result: Request | Response = super().process_response(request, response)  # type: ignore[misc]
        domains = getattr(self.crawler.spider, "allowed_domains", None)
        if isinstance(result, Request) and domains and not url_is_from_any_domain(result.url, domains):
            raise ElsewhereError(f"it leads to {result.url[:300]}")
        return result


# Scrapy's two base classes have different signatures, which mypy does not accept.
class SiteRedirectMiddleware(_SameSiteRedirect, RedirectMiddleware):  # type: ignore[misc]
    """Follow redirects by status code within the site."""


class SiteMetaRefreshMiddleware(_SameSiteRedirect, MetaRefreshMiddleware):  # type: ignore[misc]
    """Follow redirects by a `<meta>` tag within the site."""
