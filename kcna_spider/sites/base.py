"""The declaration of a site."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, quote, urlunsplit

_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_SLASHES = re.compile(r"/{2,}")


@dataclass(frozen=True, slots=True)
class Site:
    """One site under all of its hosts.

    name: as stored in `copies.site`. hosts: in the order in which a crawl tries them; canonical URLs have the
    first one. URLs with and without `www.`, over http and https, belong to the site. scheme: of the
    canonical URL. article_path: matches the path of an article page; the query and fragment of such a URL are
    removed, because they have no meaning. normalize_path: returns the canonical spelling of an article's
    path. captured_paths: path patterns for queries to web archives, for each host. day_in_url: returns the
    date of publication that an article's URL states, or None. captures_bound_day: whether the date of a
    capture is used as the date of publication if nothing else states one (False for a site that publishes
    articles years later). rank: the site with the smallest rank provides an article's current text.
    languages: ISO 639-1 codes of the languages in which the site publishes. mixed_languages: language that a
    page or its URL names -> the languages that are in fact used there. language_codes: first segment of an
    article's path -> its language. day_of_listing: returns the date of all articles of a listing from its
    URL, or None. categorised: whether its listings are categories. source_prefix: the prefix of the labels of
    KCNA's sources, for a site that also shows other sources.
    """

    name: str
    hosts: tuple[str, ...]
    scheme: str = "https"
    article_path: re.Pattern[str] | None = None
    normalize_path: Callable[[str], str] = str
    captured_paths: tuple[str, ...] = ()
    day_in_url: Callable[[str], dt.date | None] | None = None
    captures_bound_day: bool = True
    rank: int = 9
    languages: tuple[str, ...] = ("en",)
    mixed_languages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    language_codes: Mapping[str, str] = field(default_factory=dict)
    day_of_listing: Callable[[str], dt.date | None] | None = None
    categorised: bool = False
    source_prefix: str = ""

    def canonical(self, parts: SplitResult) -> str:
        """Return the canonical spelling of a URL of this site."""
        path = _normal_escapes(_SESSION.sub("", _SLASHES.sub("/", parts.path)) or "/")
        if self.article_path and self.article_path.search(path):
            return urlunsplit((self.scheme, self.hosts[0], self.normalize_path(path), "", ""))
        return urlunsplit((self.scheme, self.hosts[0], path, parts.query, parts.fragment))

    @property
    def domains(self) -> list[str]:
        """The distinct hosts without `www.`, for `allowed_domains` and for queries to web archives."""
        return list(dict.fromkeys(host.removeprefix("www.") for host in self.hosts))

    @property
    def captured(self) -> tuple[str, ...]:
        """The URL patterns for queries to web archives: each path pattern under each host."""
        return tuple(f"{domain}/{path}" for domain in self.domains for path in self.captured_paths)


def _normal_escapes(path: str) -> str:
    """Return a path in ASCII, with upper-case escapes for only those characters that need them."""
    if "%" not in path and path.isascii():
        return path
    path = _ESCAPE.sub(lambda m: char if (char := chr(int(m[1], 16))) in _UNRESERVED else m[0].upper(), path)
    return path if path.isascii() else quote(path, safe="/%:@!$&'()*+,;=~")
