"""Errors that several modules raise or catch; each message is one line that a user can act on."""

from __future__ import annotations


class KcnaError(Exception):
    """Base of all errors of this project."""


class ArgumentError(KcnaError):
    """A spider or command argument is unknown or malformed."""


class StoreError(KcnaError):
    """The database cannot be reached, started or written to."""


class StoreUnavailableError(StoreError):
    """The database was unavailable for longer than a call is retried."""


class UnsupportedSystemError(KcnaError):
    """The operating system lacks something that a feature needs; the message names both."""


class LayoutError(KcnaError):
    """No layout of a site matches a page, or more than one does."""


class NotAnArticleError(KcnaError):
    """An article was expected, but the page is a listing."""


class BrowserMissingError(KcnaError):
    """No browser can be started; the message names what to install."""
