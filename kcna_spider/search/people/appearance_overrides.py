"""Corrections of appearances by hand, from `appearance_overrides.toml`."""

from __future__ import annotations

import datetime as dt
import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from kcna_spider.exceptions import KcnaError
from kcna_spider.search.people.activity import Activity
from kcna_spider.search.people.event_kinds import KINDS
from kcna_spider.search.people.people_words import united

_FOLDER = "kcna_spider.search.people"
_FILE = "appearance_overrides.toml"
_RULES = (".py", ".toml", ".txt")  # endings of the files of the rules
_VALUES = {"principal": str, "day": dt.date, "place": str, "kind": str, "companions": list}
_NEEDED = {"remove": (), "correct": (), "add": ("principal", "day", "kind")}


class OverridesError(KcnaError):
    """The overrides file has an entry that cannot be used. The message says which, and why."""


@dataclass(frozen=True, slots=True)
class Override:
    """What one entry says of the article at a URL. action: remove, correct or add."""

    action: str
    url: str
    reason: str
    values: Mapping[str, Any]


def parse_overrides(text: str) -> dict[str, Override]:
    """Return the overrides of a file by URL. Raise OverridesError."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise OverridesError(f"{_FILE}: {error}") from None
    if unknown := set(found) - set(_NEEDED):
        raise OverridesError(
            f"{_FILE}: there is no [[{min(unknown)}]]; use [[remove]], [[correct]] or [[add]]"
        )
    overrides: dict[str, Override] = {}
    for action, entries in found.items():
        for number, entry in enumerate(entries if isinstance(entries, list) else [entries], 1):
            override = _override(action, entry, f"{_FILE}: [[{action}]] number {number}")
            if override.url in overrides:
                raise OverridesError(f"{_FILE}: two entries for {override.url}")
            overrides[override.url] = override
    return overrides


def apply_overrides(
    activity: Activity | None, urls: Iterable[str], overrides: Mapping[str, Override]
) -> Activity | None:
    """Return the activity of an article as the overrides have it. urls: those of its copies."""
    override = next((overrides[url] for url in urls if url in overrides), None)
    if override is None:
        return activity
    if override.action == "remove":
        return None
    reason = f"corrected by hand: {override.reason}"
    values = dict(override.values)
    if activity is None:
        if override.action == "correct":
            return None
        companions = tuple(values.pop("companions", ()))
        place = values.pop("place", None)
        return Activity(
            **values, companions=companions, place=place, day_from="override", confidence="high",
            evidence=(), reasons=(reason,),
        )  # fmt: skip
    if "companions" in values:
        values["companions"] = tuple(values["companions"])
    if "day" in values:
        values["day_from"] = "override"
    return replace(activity, **values, confidence="high", reasons=(*activity.reasons, reason))


@cache
def overrides() -> dict[str, Override]:
    """Return the overrides of the project's file. Raise OverridesError."""
    return parse_overrides(files(_FOLDER).joinpath(_FILE).read_text(encoding="utf-8"))


@cache
def rules_digest() -> str:
    """Return a digest of the rules: an archive file that was built with others is built again."""
    digest = hashlib.sha256()
    for file in sorted(files(_FOLDER).iterdir(), key=lambda file: file.name):
        if file.name.endswith(_RULES):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _override(action: str, entry: Any, where: str) -> Override:
    if not isinstance(entry, dict):
        raise OverridesError(f"{where}: it is no table; write [[{action}]]")
    values = dict(entry)
    url, reason = values.pop("url", None), values.pop("reason", None)
    for name, text in (("url", url), ("reason", reason)):
        if not isinstance(text, str) or not text.strip():
            raise OverridesError(f"{where}: give {name} as a text")
    if problem := _problem(action, values):
        raise OverridesError(f"{where}: {problem}")
    if "companions" in values:
        values["companions"] = [united(name) for name in values["companions"]]
    if "principal" in values:
        values["principal"] = united(values["principal"])
    return Override(action, str(url), str(reason), values)


def _problem(action: str, values: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the values of an entry, None where nothing is."""
    for name, value in values.items():
        if name not in _VALUES or action == "remove":
            return f"{name} is not known there"
        if not isinstance(value, _VALUES[name]) or isinstance(value, dt.datetime):
            return f"{name} has the wrong type"
    missing = [name for name in _NEEDED[action] if name not in values]
    is_known = values.get("kind", KINDS[0]) in KINDS
    names = all(isinstance(name, str) for name in values.get("companions", ()))
    checks = (
        (not missing, f"give {', '.join(missing)}"),
        (action != "correct" or bool(values), "it corrects nothing"),
        (is_known, f"kind is one of {', '.join(KINDS)}"),
        (names, "companions is a list of names"),
    )
    return next((problem for holds, problem in checks if not holds), None)
