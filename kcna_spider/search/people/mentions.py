"""Find the mentions of persons in an article, with their titles and positions."""

from __future__ import annotations

from kcna_spider.search.people.activity import Mention
from kcna_spider.search.people.korean_mentions import korean_mentions
from kcna_spider.search.people.people_words import united
from kcna_spider.search.people.person_names import names_in
from kcna_spider.search.people.plural_titles import with_plural_titles
from kcna_spider.search.people.title_phrases import titles_of


def mentions_of(title: str, body: str, language: str) -> list[Mention]:
    """Return the mentions in an article, those in its title first.

    Return none if the language is neither "en" nor "ko".
    """
    if language == "ko":
        return [
            Mention(name, text[start:end], titles, field, start, end, True)
            for field, text in (("title", title), ("body", body))
            for name, titles, start, end in korean_mentions(text)
        ]
    if language != "en":
        return []
    found = _mentions(body, "body")
    others = {one.written.split()[-1]: one.written for one in found if not one.korean}
    heading = [one for one in _mentions(title, "title") if one.korean or one.written.split()[-1] in others]
    return _with_full_names(heading + found)


def _mentions(text: str, field: str) -> list[Mention]:
    names = names_in(text, heading=field == "title")
    ends = [0, *(name.end for name in names)]
    starts = [*(name.start for name in names[1:]), None]
    found = [
        Mention(
            united(name.text), name.text, tuple(titles_of(text, name.start, name.end, after, before)),
            field, name.start, name.end, name.korean,
        )
        for name, after, before in zip(names, ends, starts, strict=False)
    ]  # fmt: skip
    return with_plural_titles(found, text)


def _with_full_names(found: list[Mention]) -> list[Mention]:
    """Return the mentions, with each family name alone resolved to the full name in the article, if any."""
    full = {one.written.split()[-1]: one.name for one in found if " " in one.written and not one.korean}
    return [
        one
        if " " in one.written or one.written not in full
        else Mention(full[one.written], one.written, one.titles, one.field, one.start, one.end, one.korean)
        for one in found
    ]
