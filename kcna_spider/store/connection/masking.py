"""Mask the passwords of URIs in messages and output."""

from __future__ import annotations

import re

_ANY_URL = re.compile(r"(?<=://)[^\s'\"<>]+")
_SECRET = re.compile(
    r"([?&;#][^=&;#]*"
    r"(?:password|passwd|passphrase|pwd|secret|token|authMechanismProperties)[^=&;#]*=)[^&;#]*",
    re.IGNORECASE,
)


def masked(text: str) -> str:
    """Return a URI, or a text that contains URIs, with `***` in place of every password.

    A password may be in the user information before the host, or in an option.
    """
    scheme = re.match(r"[a-z+]+://", text, re.IGNORECASE)
    if scheme and text.count("://") == 1:  # a bare URI: its password may contain any character
        return scheme[0] + _masked_rest(text[scheme.end() :])
    return _ANY_URL.sub(lambda m: _masked_rest(m[0]), text)


def _masked_rest(rest: str) -> str:
    """Mask the part of a URI after `://`.

    A password may contain an `@`, or a `/`, `?` or `#` that should have been escaped.
    """
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    before_options = rest.partition("?")[0]
    if "@" in authority:
        end = authority.rindex("@")
    elif "@" in before_options and ":" in authority:
        end = before_options.rindex("@")
    elif "@" in rest and ":" in authority and not authority.rpartition(":")[2].isdecimal():
        end = rest.rindex("@")
    else:
        return _SECRET.sub(r"\1***", rest)
    user, colon, _ = rest[:end].partition(":")
    return (f"{user}:***" if colon else user) + _SECRET.sub(r"\1***", rest[end:])
