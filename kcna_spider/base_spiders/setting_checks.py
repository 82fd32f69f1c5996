"""Check the settings of a crawl before it starts, so that a mistake is one line with the setting's name."""

from __future__ import annotations

from scrapy.settings import BaseSettings

from kcna_spider.exceptions import ArgumentError

_FROM_ONE = ("LISTING_MERGE_LIMIT", "STORE_BATCH_SIZE", "WARC_MAX_BYTES")
_FRACTIONS = ("DOWNLOAD_TIMEOUT",)  # a whole number in the project's settings, but Scrapy permits 0.5


def check_settings(settings: BaseSettings) -> None:
    """Check the settings whose values are numbers, and JOBDIR.

    Raise ArgumentError for a text that is no number, for a number that is too small, and for JOBDIR.
    """
    if settings.get("JOBDIR"):
        raise ArgumentError(
            "JOBDIR is not supported: a crawl that is run again continues where the last one ended, by "
            "what is stored"
        )
    from kcna_spider import settings as defaults  # only now, because it reads the environment

    for name, default in vars(defaults).items():
        is_number = isinstance(default, (int, float)) and not isinstance(default, bool)
        if name.isupper() and is_number and name in settings:
            _check_number(settings, name, whole=isinstance(default, int) and name not in _FRACTIONS)


def _check_number(settings: BaseSettings, name: str, *, whole: bool) -> None:
    given = settings.get(name)
    try:
        number = int(given) if whole else float(given)
    except (TypeError, ValueError):
        kind = "whole number" if whole else "number"
        raise ArgumentError(f"the setting {name}={given} is no {kind}") from None
    least = 1 if name in _FROM_ONE else 0
    if not number >= least:
        raise ArgumentError(f"the setting {name}={given} is less than {least}")


def has_default_user_agent(settings: BaseSettings) -> bool:
    """Return whether the User-Agent is that of the project's settings, not another that the user chose."""
    from kcna_spider.settings import USER_AGENT

    return bool(settings["USER_AGENT"] == USER_AGENT)
