"""Turn a layout's strings into a typed, normalised `Article`.

Title, paragraphs, dateline, dates, language, categories.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from itemloaders.processors import Compose, MapCompose, TakeFirst
from scrapy.loader import ItemLoader

from kcna_spider.items import Article, Fetched, ListingEntry, RawArticle
from kcna_spider.text.datelines import Dateline, parse_dateline, strip_end_mark
from kcna_spider.text.dates import day_in_pyongyang, parse_day
from kcna_spider.text.languages import guess_language
from kcna_spider.text.normalize import clean, separate_names

# A repeated title, a subtitle or an editor's note may come before the dateline; farther in, it belongs to a
# quoted report.
_DATELINE_WITHIN = 4
_OF_THE_PAGE = ("url", "site", "layout", "etag", "modified", "capture", "record")
_HALF_A_YEAR = dt.timedelta(days=182)


@dataclasses.dataclass(frozen=True, slots=True)
class DateCandidate:
    """A possible date of publication. value: a date, or the words of a site.

    source: as in `Article.published_from`.
    """

    value: dt.date | str | None
    source: str


def clean_text(text: str) -> str | None:
    """Return a text on one line with normal white space, or None where nothing is left of it."""
    return clean(text) or None


def parse_candidate(candidate: DateCandidate) -> DateCandidate | None:
    """Return the candidate with its date, or None where its words state none."""
    date = parse_day(candidate.value) if isinstance(candidate.value, str) else candidate.value
    return DateCandidate(date, candidate.source) if date else None


def find_dateline(paragraphs: Sequence[str], loader_context: Mapping[str, Any]) -> Dateline | None:
    """Return the dateline in the first paragraphs, or None.

    Context: `title`, and `near`, a date that tells the year.

    Where a paragraph repeats the title before the dateline, `end` and `raw` still count from the paragraph's
    start.
    """
    title, near = loader_context.get("title"), loader_context.get("near")
    for number, paragraph in enumerate(paragraphs[:_DATELINE_WITHIN]):
        if dateline := parse_dateline(paragraph, near):
            return dataclasses.replace(dateline, paragraph=number)
        if title and paragraph.startswith(title) and (found := parse_dateline(paragraph[len(title) :], near)):
            return dataclasses.replace(found, end=found.end + len(title), paragraph=number)
    return None


def remove_dateline(paragraphs: Sequence[str], loader_context: Mapping[str, Any]) -> list[str]:
    """Return the paragraphs without dateline (and a title before it) and end mark.

    Context: `dateline`, `language`.
    """
    body = list(paragraphs)
    if dateline := loader_context.get("dateline"):
        body[dateline.paragraph] = body[dateline.paragraph][dateline.end :]
    body = [paragraph for paragraph in body if paragraph]
    while body:
        body[-1] = strip_end_mark(body[-1], loader_context.get("language"))
        if body[-1]:
            break
        body.pop()
    return body


def separate_all_names(paragraphs: Iterable[str]) -> list[str]:
    """Return the paragraphs with the leaders' names separated from the words that they are run into."""
    return [separate_names(paragraph) for paragraph in paragraphs]


def choose_language(texts: Sequence[str], loader_context: Mapping[str, Any]) -> str:
    """Return the language of the dateline, else the likeliest of `languages` for the first text."""
    dateline: Dateline | None = loader_context.get("dateline")
    if dateline:
        return dateline.language
    return guess_language(texts[0] if texts else "", loader_context.get("languages", ("en",)))


def unique(values: Iterable[str]) -> list[str]:
    """Return the values in their order, each once."""
    return list(dict.fromkeys(values))


class ArticleLoader(ItemLoader):
    """Scrapy's item loader for one article.

    Missing strings stay empty; ValidatePipeline says what that means.
    """

    default_item_class = Article
    default_output_processor = TakeFirst()
    title_in = MapCompose(clean_text)
    title_out = Compose(TakeFirst(), separate_names)
    paragraphs_in = MapCompose(clean_text)
    paragraphs_out = Compose(remove_dateline, separate_all_names)
    dateline_in = find_dateline
    language_in = choose_language
    published_in = MapCompose(parse_candidate)
    published_out = Compose(TakeFirst(), attrgetter("value"))
    published_from_in = MapCompose(parse_candidate)
    published_from_out = Compose(TakeFirst(), attrgetter("source"))
    source_in = MapCompose(clean_text)
    categories_in = MapCompose(clean_text)
    categories_out = unique


def load_article(
    fetched: Fetched,
    raw: RawArticle,
    listed: ListingEntry | None = None,
    languages: tuple[str, ...] = ("en",),
    *,
    url_day: dt.date | None = None,
    captures_bound_day: bool = True,
) -> Article:
    """Return the article of one raw article.

    listed: what listings said of it. languages: those it may be in, the likeliest first. url_day: the date of
    publication that its URL states. captures_bound_day: the date of a capture is used where nothing else
    states a date.
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
        raw={**raw.as_dict(), "listed": listed.entry() if listed else None},
    )


def _near(
    stated: Iterable[DateCandidate], url_day: dt.date | None, captured: dt.date | None
) -> dt.date | None:
    """Return a date near the dateline's, from which its year follows.

    Without a stated date, the dateline is taken to be of the year before the capture.
    """
    for candidate in (*stated, DateCandidate(url_day, "address")):
        if (parsed := parse_candidate(candidate)) and isinstance(parsed.value, dt.date):
            return parsed.value
    return captured - _HALF_A_YEAR if captured else None


def _add_dateline_and_language(loader: ArticleLoader) -> Dateline | None:
    """Add what title and paragraphs say, and put it into the context of later processors."""
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
    """Return the dates of publication to use where neither page nor listing states one, the best first.

    The year of a capture's dateline is a guess unless the dateline or the URL states it, so it counts no more
    than the capture.
    """
    date = dateline.date if dateline else None
    sure = bool(dateline and (dateline.year_stated or url_day or not is_capture))
    return [
        DateCandidate(date if sure else None, "dateline"),
        DateCandidate(url_day, "address"),
        DateCandidate((date or captured) if captured else None, "capture"),
    ]
