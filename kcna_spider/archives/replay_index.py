"""Keep on disk, during a re-parse, what listings said of articles, and the pages that wait for them."""

from __future__ import annotations

import datetime as dt
import json
import pickle
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE listed (story TEXT, page TEXT, title TEXT, day TEXT, categories TEXT);
CREATE INDEX listed_story ON listed (story);
CREATE TABLE labels (url TEXT PRIMARY KEY, label TEXT);
CREATE TABLE moved (target TEXT, source TEXT);
CREATE INDEX moved_target ON moved (target);
CREATE TABLE pages (at TEXT, data BLOB);
CREATE TABLE checks (at TEXT, url TEXT, gone INTEGER);
CREATE INDEX checks_url ON checks (url);
CREATE TABLE photo_sightings (url TEXT, at TEXT, data BLOB, is_page INTEGER);
CREATE INDEX photo_sightings_url ON photo_sightings (url, at);
CREATE TABLE leads (page TEXT, article TEXT, PRIMARY KEY (page, article));
CREATE TABLE titles (language TEXT, day TEXT, title TEXT, article TEXT);
CREATE INDEX titles_title ON titles (title);
CREATE TABLE given (story TEXT PRIMARY KEY, entries INTEGER);
"""
_LISTED_AGAIN = """SELECT listed.story, MAX(given.entries)
FROM given JOIN listed ON listed.story = given.story
GROUP BY listed.story HAVING COUNT(*) > MAX(given.entries)"""
Entry = tuple[str | None, str | None, list[str], str | None]


class ReplayIndex:
    """A temporary database that is removed when it is closed."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="kcna-warc-")
        self._base = sqlite3.connect(
            Path(self._folder.name) / "spill.sqlite", check_same_thread=False, isolation_level=None
        )
        self._base.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {_SCHEMA}")
        self._base.execute("BEGIN")

    def close(self) -> None:
        """Remove it."""
        self._base.close()
        self._folder.cleanup()

    def listed(
        self, page: str, story: str, title: str | None, day: str | None, categories: list[str]
    ) -> None:
        """Note that a listing page named an article."""
        self._base.execute(
            "INSERT INTO listed VALUES (?, ?, ?, ?, ?)", (story, page, title, day, json.dumps(categories))
        )

    def label(self, url: str, label: str) -> None:
        """Note the label that a menu gives the listing at a URL."""
        self._base.execute("INSERT OR IGNORE INTO labels VALUES (?, ?)", (url, label))

    def follows(self, page: str, target: str) -> None:
        """Note that a listing page links a further page, which gets the same label."""
        self._base.execute(
            "INSERT OR IGNORE INTO labels SELECT ?, label FROM labels WHERE url = ?", (target, page)
        )

    def moved(self, source: str, target: str) -> None:
        """Note that a URL redirected to another."""
        self._base.execute("INSERT INTO moved VALUES (?, ?)", (target, source))

    def page(self, at: dt.datetime, found: Any) -> None:
        """Keep a page that may hold articles."""
        self._base.execute("INSERT INTO pages VALUES (?, ?)", (_text(at), pickle.dumps(found)))

    def check(self, at: dt.datetime, url: str, *, gone: bool) -> None:
        """Note that a URL was found gone or unchanged."""
        self._base.execute("INSERT INTO checks VALUES (?, ?, ?)", (_text(at), url, gone))

    def lead(self, page: str, article: str) -> None:
        """Note that an article leads to a photo page."""
        self._base.execute("INSERT OR IGNORE INTO leads VALUES (?, ?)", (page, article))

    def leads(self) -> Iterator[tuple[str, list[str]]]:
        """Yield (photo page, URLs of the articles that lead to it)."""
        query = "SELECT page, json_group_array(article) FROM leads GROUP BY page ORDER BY MIN(rowid)"
        for page, articles in self._base.execute(query):
            yield page, json.loads(articles)

    def see_photos(self, url: str, at: dt.datetime, found: Any, *, is_page: bool) -> None:
        """Keep what a record says of a photo page or of the file of a photo."""
        row = (url, _text(at), pickle.dumps(found), is_page)
        self._base.execute("INSERT INTO photo_sightings VALUES (?, ?, ?, ?)", row)

    def pages_without_lead(self) -> list[str]:
        """Return the photo pages to which no article leads."""
        query = """SELECT url FROM photo_sightings WHERE is_page AND url NOT IN (SELECT page FROM leads)
                   GROUP BY url ORDER BY MIN(at)"""
        return [url for (url,) in self._base.execute(query)]

    def title(self, language: str, day: dt.date, title: str, article: str) -> None:
        """Note the title of an article, in its normal form."""
        self._base.execute("INSERT INTO titles VALUES (?, ?, ?, ?)", (language, str(day), title, article))

    def article_with_title(self, language: str, day: dt.date, title: str) -> str | None:
        """Return the URL of the first article with this title, day and language, or None."""
        query = (
            "SELECT article FROM titles WHERE language = ? AND day = ? AND title = ? ORDER BY rowid LIMIT 1"
        )
        found = self._base.execute(query, (language, str(day), title)).fetchone()
        return found[0] if found else None

    def photos_seen(self, url: str) -> list[Any]:
        """Return what records say of a photo page or photo, in chronological order."""
        query = "SELECT data FROM photo_sightings WHERE url = ? ORDER BY at, rowid"
        return [pickle.loads(data) for (data,) in self._base.execute(query, (url,))]  # noqa: S301  # our own

    def checks_of(self, url: str) -> list[tuple[dt.datetime, bool]]:
        """Return (timestamp, whether it was gone) of a URL, in chronological order."""
        query = "SELECT at, gone FROM checks WHERE url = ? ORDER BY at, rowid"
        return [(dt.datetime.fromisoformat(at), bool(gone)) for at, gone in self._base.execute(query, (url,))]

    def give(self, story: str, entries: int) -> None:
        """Note that an article was yielded, with the number of listing entries used."""
        self._base.execute("INSERT OR REPLACE INTO given VALUES (?, ?)", (story, entries))

    def listed_again(self) -> Iterator[tuple[str, int]]:
        """Yield (URL, number of entries it was loaded with) of articles that listings named again since."""
        yield from self._base.execute(_LISTED_AGAIN)

    def pages(self) -> Iterator[Any]:
        """Yield the waiting pages in chronological order."""
        for (data,) in self._base.execute("SELECT data FROM pages ORDER BY at, rowid"):
            yield pickle.loads(data)  # noqa: S301  # our own, in a folder of our own

    def checks(self) -> Iterator[tuple[dt.datetime, str, bool]]:
        """Yield (timestamp, URL, whether it was gone) in chronological order."""
        for at, url, gone in self._base.execute("SELECT at, url, gone FROM checks ORDER BY at, rowid"):
            yield dt.datetime.fromisoformat(at), url, bool(gone)

    def entries(self, story: str) -> list[Entry]:
        """Return (title, day, categories, label of the listing) of each page that named an article."""
        query = """SELECT title, day, categories, labels.label
                   FROM listed LEFT JOIN labels ON labels.url = listed.page
                   WHERE story = ? ORDER BY listed.rowid"""
        return [
            (title, day, json.loads(categories), label)
            for title, day, categories, label in self._base.execute(query, (story,))
        ]

    def anchors(self, page: str) -> set[str]:
        """Return the anchors of a page that listings named."""
        query = "SELECT DISTINCT story FROM listed WHERE story >= ? AND story < ?"
        return {story.partition("#")[2] for (story,) in self._base.execute(query, (f"{page}#", f"{page}$"))}

    def sources(self, target: str) -> list[str]:
        """Return the URLs that redirected to this one."""
        return [
            source for (source,) in self._base.execute("SELECT source FROM moved WHERE target = ?", (target,))
        ]


def _text(at: dt.datetime) -> str:
    return at.isoformat(timespec="milliseconds")
