"""Write the tables `about` and `gaps` of the archive file: its contents, origin, citation and gaps."""

from __future__ import annotations

import datetime as dt
import sqlite3

from kcna_spider import USER_AGENT_URL, __version__
from kcna_spider.report.gaps import coverage
from kcna_spider.search.article_rows import time_text


def write_about(base: sqlite3.Connection, place: str, now: dt.datetime) -> None:
    """Write both tables. place: the database, without its password. now: the time of the last update."""
    # Commands that only read the file do not need the rules, which are slow to import.
    from kcna_spider.search.people.appearance_overrides import rules_digest

    with base:
        base.execute("BEGIN IMMEDIATE")
        _write_gaps(base)
        number, first, last = base.execute(
            "SELECT count(*), min(published), max(published) FROM articles"
        ).fetchone()
        (gaps,) = base.execute("SELECT count(*) FROM gaps WHERE kind = 'missing'").fetchone()
        (earlier,) = base.execute("SELECT count(*) FROM revisions").fetchone()
        (photos,) = base.execute("SELECT count(*) FROM article_photos").fetchone()
        (files,) = base.execute("SELECT count(*) FROM photos").fetchone()
        (people,) = base.execute("SELECT count(DISTINCT person) FROM mentions").fetchone()
        (appearances,) = base.execute("SELECT count(*) FROM appearances").fetchone()
        facts = {
            "title": "KCNA archive",
            "articles": number,
            "earlier_texts": earlier,
            "photos": photos,
            "photo_files": files,
            "people": people,
            "appearances": appearances,
            "people_rules": rules_digest(),
            "first_day": first or "",
            "last_day": last or "",
            "gaps": gaps,
            "built_at": time_text(now),
            "built_from": place,
            "built_by": f"kcna_spider {__version__} ({USER_AGENT_URL})",
            "how_to_cite": f"Korean Central News Agency, as recorded by kcna_spider {__version__}, archive "
            f"file of {now:%d %B %Y}, {number} articles from {first or 'no day'} to {last or 'no day'}.",
        }
        base.executemany(
            "INSERT INTO about VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [(name, str(value)) for name, value in facts.items()],
        )
        base.execute("DELETE FROM about WHERE name = 'stale'")


def mark_stale(base: sqlite3.Connection) -> None:
    """Record, in the transaction of a change of articles, that both tables must be written again."""
    base.execute("INSERT OR REPLACE INTO about VALUES ('stale', 'yes')")


def is_stale(base: sqlite3.Connection) -> bool:
    """Return whether articles were changed after both tables were written, as after a kill."""
    return base.execute("SELECT 1 FROM about WHERE name = 'stale'").fetchone() is not None


def built_from(base: sqlite3.Connection) -> str | None:
    """Return the database that a file was built from, or None if the file does not name it."""
    found = base.execute("SELECT value FROM about WHERE name = 'built_from'").fetchone()
    return str(found[0]) if found else None


def people_rules(base: sqlite3.Connection) -> str | None:
    """Return the digest of the rules for persons that built a file, or None if the file does not name it."""
    found = base.execute("SELECT value FROM about WHERE name = 'people_rules'").fetchone()
    return str(found[0]) if found else None


def _write_gaps(base: sqlite3.Connection) -> None:
    days: dict[str, dict[dt.date, int]] = {}
    counted = base.execute(
        "SELECT c.site, a.published, count(DISTINCT a.number) "
        "FROM copies c JOIN articles a ON a.number = c.article GROUP BY 1, 2"
    )
    for site, day, number in counted:
        days.setdefault(site, {})[dt.date.fromisoformat(day)] = number
    base.execute("DELETE FROM gaps")
    base.executemany(
        "INSERT INTO gaps VALUES (?, ?, ?, ?, ?, ?)",
        [
            (site, gap.first.isoformat(), gap.last.isoformat(), gap.kind, gap.found, gap.usual)
            for site, found in sorted(days.items())
            for gap in coverage(found).gaps
        ],
    )
