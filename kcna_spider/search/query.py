"""Parse the query language. docs/how-to/search.md describes it.

Every mistake raises a `QueryError` with its position; no part of a query is silently ignored.
"""

from __future__ import annotations

import datetime as dt
import re
from itertools import takewhile

from kcna_spider.exceptions import KcnaError
from kcna_spider.search.aliases import name_of
from kcna_spider.search.periods import Days, days_of
from kcna_spider.search.query_nodes import All, Either, Near, Node, Not, Once, Period, Text, Value
from kcna_spider.search.tokens import query_tokens
from kcna_spider.text.normalize import composed

TEXT_FIELDS = ("title", "once")
VALUE_FIELDS = ("site", "source", "lang", "place", "category")
DAY_FIELDS = ("after", "before", "date", "changed", "withdrawn")
_TIME_FIELDS = ("changed", "withdrawn")
_QUOTATION_MARKS = dict.fromkeys(map(ord, "“”„‟«»＂"), '"')
_FIELD = re.compile(r"([A-Za-z]+):")
_NEAR = re.compile(r"near\(\s*(\S+)\s+([^\s,()]+)\s*,\s*(\d{1,3})\s*\)", re.IGNORECASE)
_WORD = re.compile(r'[^\s()"]+')
# With more brackets in each other, the parsers of SQLite overflow.
_LONGEST, _DEEPEST, _MOST_TERMS = 2_000, 8, 100
_LONGEST_NAME = 4  # words


def field_text(field: str, value: str) -> str:
    """Return a field and its value in the query language; a quotation mark in the value becomes `*`."""
    return f'{field}:"{value.translate(_QUOTATION_MARKS).replace(chr(34), "*")}"'


class QueryError(KcnaError):
    """A query cannot be parsed. position: index of the character with the mistake, from 0."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(f"{message} (at character {position + 1} of the query)")
        self.position = position


def parse(query: str, today: dt.date | None = None, today_utc: dt.date | None = None) -> Node:
    """Parse a query into nodes. Raise QueryError.

    today: the date that the word `today` means in it, by the clock in Pyongyang, where articles are dated.
    today_utc: the date of `today` for changes, whose times are in UTC; if it is not given, the same date.
    """
    if len(query) > _LONGEST:
        raise QueryError(f"the query has more than {_LONGEST} characters", _LONGEST)
    today = today or dt.date.max
    # The stored texts are composed too. Editors and phones replace the quotation marks of the keyboard.
    return _Parser(composed(query).translate(_QUOTATION_MARKS), today, today_utc or today).whole()


class _Parser:
    def __init__(self, query: str, today: dt.date, today_utc: dt.date) -> None:
        self.query, self.today, self.today_utc = query, today, today_utc
        self.at = self.terms = self.depth = 0

    def whole(self) -> Node:
        found = self.either()
        if self.at < len(self.query):
            raise QueryError("a closing bracket without an opening one", self.at)
        return found

    def either(self) -> Node:
        parts = [self.all()]
        while self._take("OR"):
            parts.append(self.all())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def all(self) -> Node:
        parts = []
        while (rest := self._rest()) and not rest.startswith(")") and not _is_or(rest):
            parts.append(self.part())
        if not parts:
            raise QueryError("a word is missing", min(self.at, len(self.query)))
        parts = _with_names(parts)
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def part(self) -> Node:
        self.terms += 1
        if self.terms > _MOST_TERMS:
            raise QueryError(f"more than {_MOST_TERMS} terms", self.at)
        rest = self.query[self.at :]
        if rest.startswith("-") and len(rest) > 1 and not rest[1].isspace():
            self._enter()
            found = self.part()
            self.depth -= 1
            return found.part if isinstance(found, Not) else Not(found)
        if rest.startswith("("):
            return self._bracket()
        if near := _NEAR.match(rest):
            self.at += near.end()
            self._check(near[1], self.at)
            self._check(near[2], self.at)
            return Near(near[1], near[2], int(near[3]))
        if rest.lower().startswith("near("):
            raise QueryError("near needs two words and a distance, as in near(missile launch, 5)", self.at)
        if field := _FIELD.match(rest):
            return self._field(field[1])
        return self._text(None)

    def _bracket(self) -> Node:
        begun = self.at
        self._enter()
        found = self.either()
        if not self._rest().startswith(")"):
            raise QueryError("a bracket that is not closed", begun)
        self.at += 1
        self.depth -= 1
        return found

    def _enter(self) -> None:
        """Read a bracket or a minus sign, which contains what follows."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise QueryError(f"more than {_DEEPEST} brackets or minus signs in each other", self.at)
        self.at += 1

    def _field(self, name: str) -> Node:
        begun, field = self.at, name.lower()
        if field not in (*TEXT_FIELDS, *VALUE_FIELDS, *DAY_FIELDS):
            known = ", ".join((*TEXT_FIELDS, *VALUE_FIELDS, *DAY_FIELDS))
            raise QueryError(
                f"unknown operator {name}: (known are {known}; quote the words to find them)", begun
            )
        self.at += len(name) + 1
        if field == "title":
            return self._text("title")
        if field == "once":
            return Once(self._text(None))
        value = self._quoted() if self.query[self.at :].startswith('"') else self._word()
        if not value.strip():
            raise QueryError(f"{name}: without a value", begun)
        return Value(field, value.strip()) if field in VALUE_FIELDS else self._period(field, value, begun)

    def _period(self, field: str, value: str, begun: int) -> Period:
        if field in _TIME_FIELDS and value.lower() in ("yes", "no"):
            return Period(field, None, negated=value.lower() == "no")
        if field in ("after", "before") and ".." in value:
            raise QueryError(f"{field}:{value}: name one day, month or year; date: takes a range", begun)
        try:
            days = days_of(value, self.today_utc if field in _TIME_FIELDS else self.today)
        except ValueError as error:
            raise QueryError(f"{field}:{value}: {error}", begun) from None
        if field == "after":
            days = Days(days.first, None)
        elif field == "before":
            if days.first in (None, dt.date.min):
                raise QueryError(f"{field}:{value}: no day is before that", begun)
            days = Days(None, days.first - dt.timedelta(days=1))
        return Period(field, days)

    def _text(self, column: str | None) -> Text:
        begun = self.at
        if self.query[begun : begun + 1] == '"':
            text, kind = self._quoted(), "phrase"
        else:
            text = self._word()
            kind = "prefix" if text.endswith("*") else "word"
            text = text.removesuffix("*")
        self._check(text, begun)
        return Text(text, kind, column)

    def _check(self, text: str, position: int) -> None:
        if "*" in text:
            raise QueryError(f"{text!r}: a star may only be at the end of a word", position)
        if not query_tokens(text)[0]:
            raise QueryError(f"{text!r} has no letter or digit to search for", position)

    def _quoted(self) -> str:
        end = self.query.find('"', self.at + 1)
        if end < 0:
            raise QueryError("a quotation mark that is not closed", self.at)
        text, self.at = self.query[self.at + 1 : end], end + 1
        return text

    def _word(self) -> str:
        found = _WORD.match(self.query, self.at)
        self.at = found.end() if found else self.at
        return found[0] if found else ""

    def _rest(self) -> str:
        while self.query[self.at : self.at + 1].isspace():
            self.at += 1
        return self.query[self.at :]

    def _take(self, word: str) -> bool:
        if taken := _is_or(self._rest()):
            self.at += len(word)
        return taken


def _is_or(rest: str) -> bool:
    return rest.startswith("OR") and (len(rest) == len("OR") or rest[2].isspace() or rest[2] in '("')


def _with_names(parts: list[Node]) -> list[Node]:
    """Return the parts, with names of several words also as phrases, so that other spellings are found."""
    found: list[Node] = []
    while parts:
        words = [part for part in takewhile(_is_word, parts[:_LONGEST_NAME]) if isinstance(part, Text)]
        for length in range(len(words), 1, -1):
            name = " ".join(word.text for word in words[:length])
            if name_of(name):
                found.append(Either((All(tuple(words[:length])), Text(name, "phrase"))))
                parts = parts[length:]
                break
        else:
            found.append(parts[0])
            parts = parts[1:]
    return found


def _is_word(node: Node) -> bool:
    return isinstance(node, Text) and node.kind == "word" and node.column is None
