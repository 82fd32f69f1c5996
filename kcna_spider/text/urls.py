"""Make URLs of any site absolute and normalise their spelling.

The rules for the URLs of the supported sites are in `kcna_spider.sites`.
"""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit, urlunsplit


def absolute(base: str, href: str | None) -> str | None:
    """Return the absolute http(s) URL of a link, or None for any other (`mailto:`, `file:`, no host)."""
    if not href:
        return None
    try:
        url = urljoin(base, href.strip())
        parts = urlsplit(url)
        host = parts.hostname
        parts.port  # noqa: B018  # raises ValueError for a port that is not valid
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and host else None


def normal_url(url: str) -> str:
    """Return a URL with its host in lower case, without a default port or an empty query.

    The fragment is kept. Raise ValueError for a malformed URL.
    """
    parts = urlsplit(url.strip())
    host = parts.hostname or ""
    port = None if (parts.scheme, parts.port) in (("http", 80), ("https", 443)) else parts.port
    return urlunsplit(
        (
            parts.scheme,
            f"{host}:{port}" if port else host,
            parts.path or "/",
            parts.query,
            parts.fragment,
        )
    )


def host_of(url: str) -> str:
    """Return the host of a URL in lower case, without `www.`."""
    return (urlsplit(url).hostname or "").removeprefix("www.")
