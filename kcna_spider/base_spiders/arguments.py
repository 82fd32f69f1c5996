"""Spider arguments: typed, documented and checked before the first request."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar, Self

from kcna_spider.exceptions import ArgumentError

_HUNDRED_YEARS = 36_525


def day(text: str) -> dt.date:
    """Return the date of a text in the form YYYY-MM-DD. Raise ValueError for any other text."""
    if len(text) != len("YYYY-MM-DD"):
        raise ValueError("not a day: give it as YYYY-MM-DD")
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError("not a day: give it as YYYY-MM-DD") from None


def count(text: str) -> int:
    """Return the positive whole number in a text. Raise ValueError for any other text."""
    if not (text.isascii() and text.isdecimal()) or int(text) < 1:
        raise ValueError("not a whole number from 1 on")
    return int(text)


def days_back(text: str) -> int:
    """Return a number of days, at most a hundred years. Raise ValueError for any other text."""
    if count(text) > _HUNDRED_YEARS:
        raise ValueError(f"more than a hundred years: give at most {_HUNDRED_YEARS}")
    return count(text)


def flag(text: str) -> bool:
    """Return the boolean value of 1, true, yes, on, or their opposites. Raise ValueError for other texts."""
    answers = {
        **dict.fromkeys(("1", "true", "yes", "on"), True),
        **dict.fromkeys(("0", "false", "no", "off", ""), False),
    }
    try:
        return answers[text.lower()]
    except KeyError:
        raise ValueError("not a yes or no: give 1 or 0") from None


def words(text: str) -> tuple[str, ...]:
    """Return the values that commas separate in a text. Raise ValueError if there are none."""
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    if not found:
        raise ValueError("empty")
    return found


def choice(*values: str) -> Callable[[str], str]:
    """Return a function that accepts one of these words, in any case, and raises ValueError for others."""

    def read(text: str) -> str:
        if text.lower() not in values:
            raise ValueError(f"not one of {', '.join(values)}")
        return text.lower()

    return read


def argument(read: Callable[[str], Any], help_text: str, default: Any = None) -> Any:
    """Return a field of an `Arguments` class.

    read: converts the text of the argument, or raises ValueError. help_text: for the documentation and error
    messages.
    """
    return dataclasses.field(default=default, metadata={"read": read, "help": help_text})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Arguments:
    """The arguments of all spiders. A spider with further arguments defines a subclass.

    required: the names of arguments that must be given.
    """

    required: ClassVar[tuple[str, ...]] = ()

    since: dt.date | None = argument(day, "first day of publication, YYYY-MM-DD")
    until: dt.date | None = argument(day, "last day of publication, YYYY-MM-DD")
    limit: int | None = argument(count, "stop after this many articles")
    recheck: int | None = argument(
        days_back,
        "recheck the stored articles of this many days back for edits and withdrawals, and older ones at "
        "growing intervals",
    )
    full: bool = argument(
        flag,
        "1: follow listings to their ends, not only to the first page where all is stored, and request "
        "articles that failed before they are due again",
        default=False,
    )

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> Self:
        """Parse `-a name=value`. Raise ArgumentError for an unknown, missing or malformed argument.

        Names that begin with "_" are ignored (Scrapyd sets them).
        """
        fields = {field.name: field for field in dataclasses.fields(cls)}
        values = {}
        for name, value in given.items():
            if name.startswith("_"):
                continue
            if name not in fields:
                raise ArgumentError(f"unknown argument '{name}'; this spider takes {', '.join(fields)}")
            try:
                values[name] = fields[name].metadata["read"](str(value).strip())
            except ValueError as error:
                raise ArgumentError(
                    f"argument {name}={value}: {error} ({fields[name].metadata['help']})"
                ) from None
        for name in cls.required:
            if name not in values:
                raise ArgumentError(f"argument {name} is missing ({fields[name].metadata['help']})")
        arguments = cls(**values)
        if arguments.since and arguments.until and arguments.since > arguments.until:
            raise ArgumentError(
                f"argument since={arguments.since} is after until={arguments.until}: there is no day between"
            )
        return arguments

    def as_given(self) -> dict[str, Any]:
        """Return the arguments that differ from their defaults, for the run record."""
        plain = dataclasses.asdict(self)
        defaults = {field.name: field.default for field in dataclasses.fields(self)}
        return {name: _plain(value) for name, value in plain.items() if value != defaults[name]}


@dataclasses.dataclass(frozen=True, kw_only=True)
class PhotoArguments(Arguments):
    """The arguments of a spider for a site with photos."""

    photos: bool = argument(
        flag, "1: also fetch the photos of articles, a request each and one for their page", default=False
    )

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> Self:
        """Parse as `Arguments.parse`. Also raise ArgumentError if `photos` needs missing libraries."""
        arguments = super().parse(given)
        if arguments.photos:
            require_photos("argument photos")
        return arguments


def require_photos(what: str) -> None:
    """Raise ArgumentError if the libraries for photos are not installed. what: the option that needs them."""
    if missing := [name for name in ("PIL", "imagehash") if not find_spec(name)]:
        raise ArgumentError(f"{what}: it needs {missing[0]}: pip install 'kcna_spider[photos]'")


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date | Path):
        return str(value)
    return list(value) if isinstance(value, tuple) else value
