"""The rules of each site apart from its layouts: hosts, canonical URLs, and URL patterns for web archives.

There is one module per site, discovered automatically. No module uses Scrapy, the clock or the network.
"""

from __future__ import annotations

import importlib
import pkgutil
from urllib.parse import urlsplit

from kcna_spider.sites.base import Site
from kcna_spider.text.urls import host_of, normal_url

__all__ = ["SITES", "SITE_MODULES", "Site", "canonical_url", "is_further_host", "site_of_url"]


def _modules() -> dict[str, Site]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name != "base")
    return {name: importlib.import_module(f"{__name__}.{name}").SITE for name in names}


SITE_MODULES: dict[str, Site] = _modules()  # by module name; the module of the site's layouts has the same
SITES: dict[str, Site] = {site.name: site for site in SITE_MODULES.values()}
_BY_DOMAIN = {domain: site for site in SITES.values() for domain in site.domains}


def site_of_url(url: str) -> Site | None:
    """Return the site that a URL belongs to under any of its hosts, or None.

    Raise ValueError for a malformed URL.
    """
    return _BY_DOMAIN.get(host_of(url))


def is_further_host(url: str) -> bool:
    """Return whether a URL has a host of a site, but not the site's first one."""
    site = site_of_url(url)
    return site is not None and (urlsplit(url).hostname or "").lower() != site.hosts[0]


def canonical_url(url: str) -> str:
    """Return the one spelling under which a URL is stored, looked up and requested.

    Raise ValueError for a malformed URL.

    >>> canonical_url("http://www.kcnawatch.xyz/newstream/1451890016-8404287/kcna-delegation-comes-back-home")
    'https://kcnawatch.org/newstream/1451890016-8404287/kcna-delegation-comes-back-home/'
    """
    site = site_of_url(url)
    parts = urlsplit(url.strip())
    if site is None or parts.scheme.lower() not in ("http", "https") or parts.port not in (None, 80, 443):
        return normal_url(url)
    return site.canonical(parts)
