"""Keep listing entries, and pages that no listing has named yet, on disk during a re-parse."""

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
    """A temporary SQLite database that is removed when it is closed."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="kcna-warc-")
        self._base = sqlite3.connect(
            Path(self._folder.name) / "spill.sqlite", check_same_thread=False, isolation_level=None
        )
        self._base.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {_SCHEMA}")
        self._base.execute("BEGIN")

    def close(self) -> None:
        """Close and remove the database."""
        self._base.close()
        self._folder.cleanup()

    def listed(
        self, page: str, story: str, title: str | None, day: str | None, categories: list[str]
    ) -> None:
        """Record a listing entry. page: URL of the listing page. story: URL of the article."""
        self._base.execute(
            "INSERT INTO listed VALUES (?, ?, ?, ?, ?)", (story, page, title, day, json.dumps(categories))
        )

    def label(self, url: str, label: str) -> None:
        """Record the label of the listing at a URL; the first label is kept."""
        self._base.execute("INSERT OR IGNORE INTO labels VALUES (?, ?)", (url, label))

    def follows(self, page: str, target: str) -> None:
        """Give a further page of a listing the label of the page that links to it."""
        self._base.execute(
            "INSERT OR IGNORE INTO labels SELECT ?, label FROM labels WHERE url = ?", (target, page)
        )

    def moved(self, source: str, target: str) -> None:
        """Record a redirect from one URL to another."""
        self._base.execute("INSERT INTO moved VALUES (?, ?)", (target, source))

    def page(self, at: dt.datetime, found: Any) -> None:
        """Keep a parsed page until the end. at: when it was received."""
        self._base.execute("INSERT INTO pages VALUES (?, ?)", (_text(at), pickle.dumps(found)))

    def check(self, at: dt.datetime, url: str, *, gone: bool) -> None:
        """Record that a URL was gone or unchanged at a timestamp."""
        self._base.execute("INSERT INTO checks VALUES (?, ?, ?)", (_text(at), url, gone))

    def lead(self, page: str, article: str) -> None:
        """Record that an article links to a photo page. Both are URLs."""
        self._base.execute("INSERT OR IGNORE INTO leads VALUES (?, ?)", (page, article))

    def leads(self) -> Iterator[tuple[str, list[str]]]:
        """Yield (URL of a photo page, URLs of the articles that link to it)."""
        query = "SELECT page, json_group_array(article) FROM leads GROUP BY page ORDER BY MIN(rowid)"
        for page, articles in self._base.execute(query):
            yield page, json.loads(articles)

    def see_photos(self, url: str, at: dt.datetime, found: Any, *, is_page: bool) -> None:
        """Keep a sighting of a photo page or of a photo file. at: when it was received."""
        row = (url, _text(at), pickle.dumps(found), is_page)
        self._base.execute("INSERT INTO photo_sightings VALUES (?, ?, ?, ?)", row)

    def pages_without_lead(self) -> list[str]:
        """Return the URLs of the photo pages to which no article links, in chronological order."""
        query = """SELECT url FROM photo_sightings WHERE is_page AND url NOT IN (SELECT page FROM leads)
                   GROUP BY url ORDER BY MIN(at)"""
        return [url for (url,) in self._base.execute(query)]

    def title(self, language: str, day: dt.date, title: str, article: str) -> None:
        """Record the title of an article. title: in its normal form. article: its URL."""
        self._base.execute("INSERT INTO titles VALUES (?, ?, ?, ?)", (language, str(day), title, article))

    def article_with_title(self, language: str, day: dt.date, title: str) -> str | None:
        """Return the URL of the first recorded article with this title, day and language, or None."""
        query = (
            "SELECT article FROM titles WHERE language = ? AND day = ? AND title = ? ORDER BY rowid LIMIT 1"
        )
        found = self._base.execute(query, (language, str(day), title)).fetchone()
        return found[0] if found else None

    def photos_seen(self, url: str) -> list[Any]:
        """Return the sightings of a photo page or photo file, in chronological order."""
        query = "SELECT data FROM photo_sightings WHERE url = ? ORDER BY at, rowid"
        return [pickle.loads(data) for (data,) in self._base.execute(query, (url,))]  # noqa: S301  # trusted

    def checks_of(self, url: str) -> list[tuple[dt.datetime, bool]]:
        """Return (timestamp, whether it was gone) for each check of a URL, in chronological order."""
        query = "SELECT at, gone FROM checks WHERE url = ? ORDER BY at, rowid"
        return [(dt.datetime.fromisoformat(at), bool(gone)) for at, gone in self._base.execute(query, (url,))]

    def give(self, story: str, entries: int) -> None:
        """Record that an article was yielded, with the number of its listing entries at that time."""
        self._base.execute("INSERT OR REPLACE INTO given VALUES (?, ?)", (story, entries))

    def parts(self, page: str) -> list[str]:
        """Return the URLs of the yielded articles that are parts of a page."""
        query = "SELECT story FROM given WHERE story >= ? AND story < ? ORDER BY story"
        return [story for (story,) in self._base.execute(query, (f"{page}#", f"{page}$"))]

    def listed_again(self) -> Iterator[tuple[str, int]]:
        """Yield (URL, number of entries when it was yielded) for articles with further entries since then."""
        yield from self._base.execute(_LISTED_AGAIN)

    def pages(self) -> Iterator[Any]:
        """Yield the kept pages in chronological order."""
        for (data,) in self._base.execute("SELECT data FROM pages ORDER BY at, rowid"):
            yield pickle.loads(data)  # noqa: S301  # written by `page`

    def checks(self) -> Iterator[tuple[dt.datetime, str, bool]]:
        """Yield (timestamp, URL, whether it was gone) for each check, in chronological order."""
        for at, url, gone in self._base.execute("SELECT at, url, gone FROM checks ORDER BY at, rowid"):
            yield dt.datetime.fromisoformat(at), url, bool(gone)

    def entries(self, story: str) -> list[Entry]:
        """Return (title, day, categories, label of the listing) for each listing entry of an article."""
        query = """SELECT title, day, categories, labels.label
                   FROM listed LEFT JOIN labels ON labels.url = listed.page
                   WHERE story = ? ORDER BY listed.rowid"""
        return [
            (title, day, json.loads(categories), label)
            for title, day, categories, label in self._base.execute(query, (story,))
        ]

    def anchors(self, page: str) -> set[str]:
        """Return the anchors of a page that occur in listing entries."""
        query = "SELECT DISTINCT story FROM listed WHERE story >= ? AND story < ?"
        return {story.partition("#")[2] for (story,) in self._base.execute(query, (f"{page}#", f"{page}$"))}

    def sources(self, target: str) -> list[str]:
        """Return the URLs that redirect to a URL."""
        return [
            source for (source,) in self._base.execute("SELECT source FROM moved WHERE target = ?", (target,))
        ]


def _text(at: dt.datetime) -> str:
    return at.isoformat(timespec="milliseconds")
