"""Turn the raw strings of a layout into a typed, normalised `Article`."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from itemloaders.processors import Compose, MapCompose, TakeFirst
from scrapy.loader import ItemLoader

from kcna_spider.items import Article, Fetched, ListingEntry, RawArticle
from kcna_spider.text.datelines import Dateline, parse_dateline, strip_end_mark
from kcna_spider.text.datelines.base import DASHES
from kcna_spider.text.dates import day_in_pyongyang, parse_day
from kcna_spider.text.languages import guess_language
from kcna_spider.text.normalize import clean, separate_names

# Number of paragraphs that are searched. A repeated title, a subtitle or an editor's note may precede the
# dateline; a later dateline belongs to a quoted report.
_DATELINE_WITHIN = 4
_LINES_BEFORE = 3  # in the paragraph of a dateline
_SEPARATORS = re.compile(r"[\s.:\u2013\u2014-]*")  # between a repeated title and the dateline
_DASH_BEFORE = re.compile(rf"[{DASHES}]{{2,4}}+(?!\s*[0\uff10])\s*")
_OF_THE_PAGE = ("url", "site", "layout", "etag", "modified", "capture", "record")
_HALF_A_YEAR = dt.timedelta(days=182)


@dataclasses.dataclass(frozen=True, slots=True)
class DateCandidate:
    """A possible date of publication.

    value: a date, or the date as a site writes it. source: as in `Article.published_from`.
    """

    value: dt.date | str | None
    source: str


def clean_text(text: str) -> str | None:
    """Return a text on one line with normalised white space, or None if nothing else is in it."""
    return clean(text) or None


def parse_candidate(candidate: DateCandidate) -> DateCandidate | None:
    """Return the candidate with its value as a date, or None if the value states none."""
    date = parse_day(candidate.value) if isinstance(candidate.value, str) else candidate.value
    return DateCandidate(date, candidate.source) if date else None


def find_dateline(paragraphs: Sequence[str], loader_context: Mapping[str, Any]) -> Dateline | None:
    """Return the dateline in the first paragraphs, or None.

    Loader context: `title`, and `near`, a date from which the dateline's year follows.

    If a paragraph repeats the title before the dateline, `end` still counts from the paragraph's start.
    """
    title, near = loader_context.get("title"), loader_context.get("near")
    for number, paragraph in enumerate(paragraphs[:_DATELINE_WITHIN]):
        if title and paragraph[: len(title)].casefold() == title.casefold():
            start = len(title) + len(_SEPARATORS.match(paragraph, len(title))[0])  # type: ignore[index]
            if found := parse_dateline(paragraph[start:], near):
                return dataclasses.replace(found, end=found.end + start, paragraph=number)
        if dateline := parse_dateline(paragraph, near):
            return dataclasses.replace(dateline, paragraph=number)
    return None


def separate_dateline_lines(paragraphs: Sequence[str]) -> list[str]:
    """Return the paragraphs; a first one with a dateline in a later line is split before that line.

    A subtitle or a note may precede the dateline in the same paragraph. A dateline that itself fills two
    lines is not split.
    """
    found: list[str] = []
    for number, paragraph in enumerate(paragraphs):
        lines = paragraph.split("\n") if number < _DATELINE_WITHIN else [paragraph]
        before = 0
        for n, line in enumerate(lines[1 : _LINES_BEFORE + 1], 1):
            if not (line.strip() and any(map(str.strip, lines[:n]))):
                continue
            if not (dateline := parse_dateline(clean("\n".join(lines[n:])))) or not dateline.place:
                continue
            whole = parse_dateline(clean(paragraph))
            if whole is None or whole.place == dateline.place:
                before = n
                break
        found += ["\n".join(part) for part in (lines[:before], lines[before:]) if part]
    return found


def remove_dateline(paragraphs: Sequence[str], loader_context: Mapping[str, Any]) -> list[str]:
    """Return the paragraphs without the dateline, the text before it in its paragraph, and the end mark.

    Loader context: `dateline`, `language`.
    """
    body = list(paragraphs)
    if dateline := loader_context.get("dateline"):
        number = dateline.paragraph
        body[number] = body[number][dateline.end :]
        if not body[number] and number + 1 < len(body):  # the dateline's dash, or a second dateline, follows
            number += 1
            if dash := _DASH_BEFORE.match(body[number]):
                body[number] = body[number][dash.end() :]
        again = parse_dateline(body[number], dateline.date, dateline.language)
        if again and (again.place, again.date) == (dateline.place, dateline.date):
            body[number] = body[number][again.end :]
    body = [paragraph for paragraph in body if paragraph]
    while body:
        body[-1] = strip_end_mark(body[-1], loader_context.get("language"))
        if body[-1]:
            break
        body.pop()
    return body


def choose_language(texts: Sequence[str], loader_context: Mapping[str, Any]) -> str:
    """Return the language of the dateline, else the likeliest one for the first text.

    Loader context: `dateline`, `languages`.
    """
    dateline: Dateline | None = loader_context.get("dateline")
    if dateline:
        return dateline.language
    return guess_language(texts[0] if texts else "", loader_context.get("languages", ("en",)))


class ArticleLoader(ItemLoader):
    """Item loader for one article.

    Missing strings stay empty; ValidatePipeline decides whether the article is then rejected.
    """

    default_item_class = Article
    title_in = MapCompose(clean_text)
    title_out = Compose(TakeFirst(), separate_names)
    paragraphs_in = Compose(separate_dateline_lines, MapCompose(clean_text))
    paragraphs_out = Compose(remove_dateline, MapCompose(separate_names))
    dateline_in = find_dateline
    dateline_out = TakeFirst()
    language_in = choose_language
    language_out = TakeFirst()
    published_in = MapCompose(parse_candidate)
    published_out = Compose(TakeFirst(), attrgetter("value"))
    published_from_in = MapCompose(parse_candidate)
    published_from_out = Compose(TakeFirst(), attrgetter("source"))
    source_in = MapCompose(clean_text)
    source_out = TakeFirst()
    original_out = TakeFirst()
    categories_in = MapCompose(clean_text)
    categories_out = Compose(dict.fromkeys, list)  # distinct values in their original order


def load_article(
    fetched: Fetched,
    raw: RawArticle,
    listed: ListingEntry | None = None,
    languages: tuple[str, ...] = ("en",),
    *,
    url_day: dt.date | None = None,
    captures_bound_day: bool = True,
) -> Article:
    """Return the typed, normalised article of one raw article.

    fetched: the page of the article. listed: its listing entry. languages: the languages that it may be in,
    the likeliest first. url_day: the date of publication that its URL states. captures_bound_day: use the
    date of a capture if nothing else states a date.
    """
    stated = [DateCandidate(raw.day, "page"), DateCandidate(listed.day if listed else None, "listing")]
    captured = day_in_pyongyang(fetched.capture["at"]) if captures_bound_day and fetched.capture else None
    loader = ArticleLoader(languages=languages, near=_near(stated, url_day, captured))
    loader.add_value("title", raw.title)
    loader.add_value("title", listed.title if listed else None)
    loader.add_value("paragraphs", raw.paragraphs)
    dateline = _add_dateline_and_language(loader)
    candidates = [
        *stated,
        *date_candidates(dateline, url_day, captured, is_capture=fetched.capture is not None),
    ]
    loader.add_value("published", candidates)
    loader.add_value("published_from", candidates)
    loader.add_value("source", raw.source)
    loader.add_value("original", raw.original)
    loader.add_value("categories", [*raw.categories, *(listed.categories if listed else [])])
    article: Article = loader.load_item()
    return dataclasses.replace(
        article,
        **{name: getattr(fetched, name) for name in _OF_THE_PAGE},
        fetched_at=fetched.at,
        photo_pages=[*raw.photo_pages, *([fetched.url] if raw.photos else [])],
        photos=raw.photos,
        kind=raw.kind,
        raw={**raw.as_dict(), "listed": listed.as_raw() if listed else None},
    )


def _near(
    stated: Iterable[DateCandidate], url_day: dt.date | None, captured: dt.date | None
) -> dt.date | None:
    """Return a date near the dateline's date, from which the dateline's year follows, or None.

    If no date is stated, assume that the dateline is at most a year older than the capture.
    """
    for candidate in (*stated, DateCandidate(url_day, "address")):
        if (parsed := parse_candidate(candidate)) and isinstance(parsed.value, dt.date):
            return parsed.value
    return captured - _HALF_A_YEAR if captured else None


def _add_dateline_and_language(loader: ArticleLoader) -> Dateline | None:
    """Add dateline and language; put them and the title into the loader context for later processors."""
    paragraphs = loader.get_collected_values("paragraphs")
    loader.context["title"] = title = next(iter(loader.get_collected_values("title")), "")
    loader.add_value("dateline", paragraphs)
    dateline: Dateline | None = loader.get_output_value("dateline")
    loader.context["dateline"] = dateline
    loader.add_value("language", " ".join(paragraphs) or title)
    loader.context["language"] = loader.get_output_value("language")
    return dateline


def date_candidates(
    dateline: Dateline | None, url_day: dt.date | None, captured: dt.date | None, *, is_capture: bool
) -> list[DateCandidate]:
    """Return the dates of publication to use if neither page nor listing states one, the best first.

    The year of a capture's dateline is a guess unless the dateline or the URL states it, so the source of
    such a date is the capture. url_day: the date in the URL. captured: the date of the capture, if it may be
    used. is_capture: whether the page comes from a web archive.
    """
    date = dateline.date if dateline else None
    sure = bool(dateline and (dateline.year_stated or url_day or not is_capture))
    return [
        DateCandidate(date if sure else None, "dateline"),
        DateCandidate(url_day, "address"),
        DateCandidate((date or captured) if captured else None, "capture"),
    ]
