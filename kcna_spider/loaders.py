"""Turns a layout's strings into a typed, normalised `Article`: text, dateline, days. Fetches, drops and stores nothing."""

from __future__ import annotations

import dataclasses
import datetime as dt

from kcna_spider.items import Article, Fetched, ListedStory, RawArticle
from kcna_spider.text.datelines import Dateline, parse_dateline, strip_end_mark
from kcna_spider.text.dates import day_in_pyongyang, parse_day
from kcna_spider.text.languages import guess_language
from kcna_spider.text.normalize import clean, separate_names

# A repeated title, a subtitle or an editor's note may stand before the dateline; farther in, it is somebody else's.
_DATELINE_WITHIN = 4
_HALF_A_YEAR = dt.timedelta(days=182)


class ArticleLoader:
    """Loads one article.

    choices: the languages that may stand where it does; the likeliest of all first. url_day: the day of publication that its URL
    states, if it does. captures_bound_day: the date of a capture is used where nothing else tells the day.
    """

    def __init__(
        self,
        fetched: Fetched,
        raw: RawArticle,
        listed: ListedStory | None = None,
        choices: tuple[str, ...] = ("en",),
        *,
        url_day: dt.date | None = None,
        captures_bound_day: bool = True,
    ) -> None:
        self.fetched, self.raw, self.listed, self.choices = fetched, raw, listed, choices
        self.url_day, self.captures_bound_day = url_day, captures_bound_day

    def load(self) -> Article:
        """The normalised article; missing strings stay empty, and the validation says what that means."""
        raw, listed = self.raw, self.listed
        title = clean(raw.title or "") or clean((listed and listed.title) or "")
        paragraphs = [text for paragraph in raw.paragraphs if (text := clean(paragraph))]
        stated, stated_from = self._stated_day()
        sure = stated or self.url_day
        dateline, where = find_dateline(paragraphs, title, sure or self._half_a_year_before_the_capture())
        language = dateline.language if dateline else guess_language(" ".join(paragraphs) or title, self.choices)
        body = without_dateline(paragraphs, dateline, where, language)
        published, published_from = self._published(stated, stated_from, dateline)
        return Article(
            fetched=self.fetched,
            language=language,
            title=separate_names(title),
            paragraphs=[separate_names(paragraph) for paragraph in body],
            published=published,
            published_from=published_from,
            dateline=dateline,
            dateline_paragraph=where,
            source=clean(raw.source) if raw.source else None,
            original=raw.original,
            categories=_united(raw.categories, listed.categories if listed else []),
            raw=raw.as_dict(),
        )

    def _stated_day(self) -> tuple[dt.date | None, str | None]:
        if day := parse_day(self.raw.day):
            return day, "page"
        if self.listed and (day := parse_day(self.listed.day)):
            return day, "listing"
        return None, None

    def _published(self, stated: dt.date | None, stated_from: str | None, dateline: Dateline | None) -> tuple[dt.date | None, str | None]:
        if stated:
            return stated, stated_from
        if dateline and dateline.date and (dateline.year_stated or self.url_day or not self.fetched.capture):
            return dateline.date, "dateline"
        if self.url_day:
            return self.url_day, "address"
        if captured := self._day_of_capture():
            return (dateline and dateline.date) or captured, "capture"
        return None, None

    def _day_of_capture(self) -> dt.date | None:
        usable = self.captures_bound_day and self.fetched.capture is not None
        return day_in_pyongyang(self.fetched.capture["at"]) if usable and self.fetched.capture else None

    def _half_a_year_before_the_capture(self) -> dt.date | None:
        """The dateline's year is the one that puts it nearest to this day: within the year before the capture, and not behind it."""
        captured = self._day_of_capture()
        return captured - _HALF_A_YEAR if captured else None


def find_dateline(paragraphs: list[str], title: str, published: dt.date | None) -> tuple[Dateline | None, int | None]:
    """The dateline in the first paragraphs and the number of the paragraph that holds it; (None, None) without one.

    Where a paragraph repeats the title before the dateline, `end` and `raw` still count from the paragraph's start.
    """
    for number, paragraph in enumerate(paragraphs[:_DATELINE_WITHIN]):
        if dateline := parse_dateline(paragraph, published):
            return dateline, number
        if title and paragraph.startswith(title) and (found := parse_dateline(paragraph[len(title) :], published)):
            return dataclasses.replace(found, end=found.end + len(title)), number
    return None, None


def without_dateline(paragraphs: list[str], dateline: Dateline | None, where: int | None, language: str) -> list[str]:
    """Return the paragraphs without the dateline (and the title repeated before it) and without the end mark."""
    body = list(paragraphs)
    if dateline is not None and where is not None:
        body[where] = body[where][dateline.end :]
    body = [paragraph for paragraph in body if paragraph]
    while body:
        body[-1] = strip_end_mark(body[-1], language)
        if body[-1]:
            break
        body.pop()
    return body


def _united(*lists: list[str]) -> list[str]:
    return list(dict.fromkeys(name for names in lists for raw in names if (name := clean(raw))))
