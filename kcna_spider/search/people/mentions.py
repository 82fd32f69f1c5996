"""The mentions of persons in an article: who, as written, with which titles, and where. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from kcna_spider.search.people.korean_mentions import korean_mentions
from kcna_spider.search.people.people_words import united
from kcna_spider.search.people.person_names import names_in
from kcna_spider.search.people.title_phrases import titles_of


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention. name: the united spelling. written: as the text has it. field: title or body.

    start, end: positions in that field.
    """

    name: str
    written: str
    titles: tuple[str, ...]
    field: str
    start: int
    end: int
    korean: bool


def mentions_of(title: str, body: str, language: str) -> list[Mention]:
    """Return the mentions in an article, those of the title first; none in other languages than en and ko."""
    if language == "ko":
        return [
            Mention(name, text[start:end], titles, field, start, end, True)
            for field, text in (("title", title), ("body", body))
            for name, titles, start, end in korean_mentions(text)
        ]
    if language != "en":
        return []
    found = [
        Mention(
            united(n.text), n.text, tuple(titles_of(body, n.start, n.end)), "body", n.start, n.end, n.korean
        )
        for n in names_in(body)
    ]
    others = {one.written.split()[-1]: one.written for one in found if not one.korean}
    heading = [
        Mention(
            united(n.text), n.text, tuple(titles_of(title, n.start, n.end)), "title", n.start, n.end, n.korean
        )
        for n in names_in(title, heading=True)
        if n.korean or n.text.split()[-1] in others
    ]
    return _with_full_names(heading + found)


def _with_full_names(found: list[Mention]) -> list[Mention]:
    """Return the mentions, a family name alone with the fuller name that the article has for it."""
    full = {one.written.split()[-1]: one.name for one in found if " " in one.written and not one.korean}
    return [
        one
        if " " in one.written or one.written not in full
        else Mention(full[one.written], one.written, one.titles, one.field, one.start, one.end, one.korean)
        for one in found
    ]
