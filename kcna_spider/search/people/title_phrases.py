"""Find the titles of persons beside their names."""

from __future__ import annotations

import re
from functools import lru_cache

from kcna_spider.search.people.people_words import words

_REACH = 260  # characters beside a name in which its title may be
_FIRST_WORDS = 8  # first words of an apposition, one of which must be the noun of a title
_LINKS, _ADJECTIVES = words("title_links"), words("title_adjectives")
_VERBS, _DIRECTLY, _HONORIFICS = words("verbs"), words("titles_directly"), words("honorifics")
_OPENING = re.compile(
    r"(?:[’']s)?(?: \([^)]{1,40}\))?(?:, (?:who (?:is|was) |now )?| (?:up)?on (?:his"
    r"|her) (?:re-?)?(?:election|appointment) as )"
)
_ABBREVIATION = re.compile(r"(?:\w\.){2,}|(?:Dr|Gen|Mt|No|Ltd|Co|Inc|St|Jr|Lieut|Col|Maj)\.")
# Words after "in" or "at" that name where a person was, and are no part of the title.
_SITES = (["Mansudae"], ["Kumsusan"], ["Pyongyang"], ["the"], ["his"], ["her"])
_NO_TITLE = (", ", " and ", " to ", " by ", " with ", " from ", " for ", " of ", " in ", " on ", " at ")
_OTHERS = ("and", "officials", "other", "others", "leading", "staff", "embassy", "his", "her")
_SECOND = re.compile(
    r", (?:the )?(?:first |vice-|vice )?(?:chairman|secretary|president|member|supreme|director|minister)\b"
)
# "The Ambassador of the DPRK to Laos, Ri Ho, attended"
_APPOSED = re.compile(
    r"(?:^|[.\n] ?)(?:The )?(?P<title>(?:DPRK |Korean |Vice-|First |Foreign |Deputy )*"
    r"(?:[Aa]mbassador|Minister|Premier|Chairman|Chairwoman|Secretary|President|Director)"
    r"(?: (?:of|to|for) [^,.\n]{3,120})?), $"
)
_SPLIT = re.compile(
    r"(?<!Political Bureau)(?<!Presidium),? and (?=(?:the )?(?:first |vice-)?"
    r"(?:chairman|secretary|president|member|supreme|director|minister)\b)"
)


def is_title_before(text: str, *, directly: bool = False) -> bool:
    """Return whether a text ends with a title, as before a name.

    directly: whether the noun of the title must be the last word.
    """
    if directly:
        return (
            text.endswith(" ") and text.rstrip().rpartition(" ")[2].rpartition("\n")[2].lower() in _DIRECTLY
        )
    return bool(title_before(text))


def is_title_after(text: str, end: int) -> bool:
    """Return whether a title follows a name that ends at `end`: ", foreign minister of"."""
    return text[end : end + 1] in (",", " ", "’", "'") and bool(_title_after(text[end : end + _REACH]))


def titles_of(text: str, start: int, end: int, after: int = 0, before: int | None = None) -> list[str]:
    """Return the titles beside a name, without articles and honorifics.

    after, before: the end of the previous name and the start of the next one, whose titles are skipped.
    """
    found = [title_before(text[max(after, start - _REACH) : start])]
    if text[end : end + 1] in (",", " ", "’", "'"):
        next_name = before is not None and before < end + _REACH
        found += _titles_after(text[end : before if next_name else end + _REACH], next_name)
    if not any(found) and text.endswith(", ", after, start) and text.startswith(",", end):
        apposed = _APPOSED.search(text, max(after, start - _REACH), start)
        found = [apposed["title"]] if apposed else []
    return list(dict.fromkeys(title for one in found if (title := _without_honorifics(one))))


def _titles_after(text: str, next_name: bool) -> list[str]:
    """Return the appositions with titles that a text begins with. next_name: whether a name follows."""
    found: list[str] = []
    while apposition := _title_after(text):
        if next_name and not apposition.endswith(" and") and text.endswith(f"{apposition} "):
            break  # "Ri Ho, Premier Kim Su Il": the title of the next person
        found += _SPLIT.split(apposition.removesuffix(" and").rstrip(",").rstrip('."'))
        text = text.partition(apposition)[2]
        if not _SECOND.match(text):
            break
    return found


@lru_cache(maxsize=1 << 12)
def title_before(text: str) -> str:
    """Return the title that a text ends with, or an empty string."""
    if not text.endswith(" ") or text.endswith(_NO_TITLE):
        return (
            ""  # A list names another person, or the words before the preposition are about something else.
        )
    phrase: list[str] = []
    has_noun = False
    for word in reversed(text.replace("\n", " \n ").split(" ")[:-1]):
        if not word:
            continue  # two spaces
        bare = word.strip('“”"()')
        small = bare.rstrip(",").lower()
        if not bare or (
            bare[-1] in ";:.)\n"
            and small not in ("e.p.", "a.i.", "c.c.", "u.s.", "s.", "dr.", "gen.", "col.", "lt.")
        ):
            break
        ends_clause = bare.endswith(",")
        if has_noun and (ends_clause or small in ("and", "with", "to", "by", "from", "in", "on", "for")):
            break
        is_noun = small in words("titles")
        if not (is_noun or small in _LINKS or small in _ADJECTIVES or bare[0].isupper() or bare[0].isdigit()):
            break
        has_noun = has_noun or is_noun
        phrase.append(bare)
    return " ".join(reversed(phrase)).rstrip(",") if has_noun else ""


@lru_cache(maxsize=1 << 12)
def _title_after(text: str) -> str:
    """Return the apposition with a title that a text begins with, or an empty string."""
    opening = _OPENING.match(text)
    if not opening:
        return ""
    phrase: list[str] = []
    has_noun = False
    following = text[opening.end() :].partition("\n")[0].split(" ")
    if following[0] in words("surnames") or following[0] in _OTHERS:
        return ""  # The next person of a list follows, or its end.
    for number, word in enumerate(following):
        bare = word.rstrip(",;")
        if bare.endswith(".") and not _ABBREVIATION.fullmatch(bare):
            bare = bare[:-1]
        small = bare.lower()
        if small in _VERBS or (not has_noun and number >= _FIRST_WORDS):
            break
        follows = following[number + 1 : number + 2]
        if has_noun and small in ("in", "at") and follows in _SITES:
            break
        if has_noun and small == "and" and follows and follows[0] in _OTHERS:
            break
        has_noun = has_noun or small in words("titles")
        goes_on = word == bare or bare in ("C.C.", "c.c.")  # "the C.C., WPK"
        phrase.append(word if goes_on else bare)
        if not goes_on:
            break
    return " ".join(phrase).rstrip(", ") if has_noun else ""


def _without_honorifics(title: str) -> str:
    found = title.split()
    while found and found[0].lower() in _HONORIFICS:
        found.pop(0)
    while len(found) > 1 and found[-1].lower() in ("comrade", "and"):
        found.pop()
    return " ".join(found)
