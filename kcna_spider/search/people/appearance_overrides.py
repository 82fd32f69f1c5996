"""Manual corrections of appearances, from `appearance_overrides.toml`."""

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
from kcna_spider.search.people.people_words import united
from kcna_spider.search.people.sentence_kinds import KINDS

_FOLDER = "kcna_spider.search.people"
_FILE = "appearance_overrides.toml"
_RULES = (".py", ".toml", ".txt")  # suffixes of the files of the rules
_VALUES = {"of": str, "principal": str, "day": dt.date, "place": str, "kind": str, "companions": list}
_KNOWN = {"remove": {"of"}, "correct": set(_VALUES), "add": set(_VALUES) - {"of"}}
_NEEDED = {"remove": (), "correct": (), "add": ("principal", "day", "kind")}


class OverridesError(KcnaError):
    """The overrides file is malformed; the message names the entry and the problem."""


@dataclass(frozen=True, slots=True)
class Override:
    """An entry for the article at a URL. action: "remove", "correct" or "add".

    of: the principal whose activities the entry applies to, or None for all activities of the article.
    values: the fields of an activity to set.
    """

    action: str
    url: str
    reason: str
    of: str | None
    values: Mapping[str, Any]


def parse_overrides(text: str) -> dict[str, list[Override]]:
    """Return the overrides in a TOML text by URL. Raise OverridesError if it is malformed."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise OverridesError(f"{_FILE}: {error}") from None
    if unknown := set(found) - set(_NEEDED):
        raise OverridesError(
            f"{_FILE}: there is no [[{min(unknown)}]]; use [[remove]], [[correct]] or [[add]]"
        )
    overrides: dict[str, list[Override]] = {}
    for action, entries in found.items():
        for number, entry in enumerate(entries if isinstance(entries, list) else [entries], 1):
            override = _override(action, entry, f"{_FILE}: [[{action}]] number {number}")
            others = overrides.setdefault(override.url, [])
            if any((one.action, one.of) == (action, override.of) for one in others):
                raise OverridesError(f"{_FILE}: two entries [[{action}]] for {override.url}")
            others.append(override)
    return overrides


def apply_overrides(
    activities: list[Activity], urls: Iterable[str], overrides: Mapping[str, list[Override]]
) -> list[Activity]:
    """Return the activities of an article with its overrides applied.

    urls: the URLs of its copies; the overrides of the first one that has any apply.
    """
    for override in next((overrides[url] for url in urls if url in overrides), ()):
        if override.action == "add" and all(one.principal != override.of for one in activities):
            activities = [*activities, _added(override)]
        else:
            activities = [kept for one in activities if (kept := _overridden(one, override))]
    return activities


def _overridden(activity: Activity, override: Override) -> Activity | None:
    """Return an activity with an override applied, or None if the override removes it.

    An `add` entry corrects an activity of its principal that the rules found.
    """
    if override.of not in (None, activity.principal):
        return activity
    if override.action == "remove":
        return None
    values = dict(override.values)
    if "companions" in values:
        values["companions"] = tuple(values["companions"])
    if "day" in values:
        values["day_from"] = "override"
    return replace(activity, **values, confidence="high", reasons=(*activity.reasons, _reason(override)))


def _added(override: Override) -> Activity:
    values = {"place": None, **override.values, "companions": tuple(override.values.get("companions", ()))}
    return Activity(
        **values, day_from="override", confidence="high", evidence=(), reasons=(_reason(override),)
    )


def _reason(override: Override) -> str:
    return f"corrected by hand: {override.reason}"


@cache
def overrides() -> dict[str, list[Override]]:
    """Return the overrides of `appearance_overrides.toml`. Raise OverridesError if it is malformed."""
    return parse_overrides(files(_FOLDER).joinpath(_FILE).read_text(encoding="utf-8"))


@cache
def rules_digest() -> str:
    """Return a digest of the files of the rules. An archive file with another digest is rebuilt."""
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
    for name in ("principal", "of"):
        if name in values:
            values[name] = united(values[name])
    of = values["principal"] if action == "add" else values.pop("of", None)
    return Override(action, str(url), str(reason), of, values)


def _problem(action: str, values: Mapping[str, Any]) -> str | None:
    """Return the problem with the values of an entry, or None."""
    for name, value in values.items():
        if name not in _KNOWN[action]:
            return f"{name} is not known there"
        if not isinstance(value, _VALUES[name]) or isinstance(value, dt.datetime):
            return f"{name} has the wrong type"
    missing = [name for name in _NEEDED[action] if name not in values]
    is_known = values.get("kind", KINDS[0]) in KINDS
    names = all(isinstance(name, str) for name in values.get("companions", ()))
    checks = (
        (not missing, f"give {', '.join(missing)}"),
        (action != "correct" or bool(set(values) - {"of"}), "it corrects nothing"),
        (is_known, f"kind is one of {', '.join(KINDS)}"),
        (names, "companions is a list of names"),
    )
    return next((problem for holds, problem in checks if not holds), None)
