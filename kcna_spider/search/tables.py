"""The tables of the archive file. docs/reference/archive-file.md explains each column."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from kcna_spider.exceptions import KcnaError

SCHEMA_VERSION = 10
# With SQLite's default page size, a text of the usual length would waste a quarter of a page.
TABLES = """
PRAGMA page_size = 16384;
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version TEXT NOT NULL,
  language TEXT NOT NULL, title TEXT NOT NULL, published TEXT NOT NULL, published_from TEXT NOT NULL,
  place TEXT, dateline_date TEXT, dateline_agency TEXT, dateline TEXT,
  site TEXT NOT NULL, source TEXT, url TEXT NOT NULL, revision INTEGER NOT NULL, revisions INTEGER NOT NULL,
  first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, changed_at TEXT, withdrawn_at TEXT,
  kind TEXT NOT NULL DEFAULT 'article', text_seen_at TEXT, text_trivial INTEGER,
  text_reread_of INTEGER);
CREATE TABLE texts (article INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE revisions (
  number INTEGER PRIMARY KEY, article INTEGER NOT NULL, revision INTEGER NOT NULL, language TEXT NOT NULL,
  title TEXT NOT NULL, body TEXT NOT NULL, seen_at TEXT NOT NULL, trivial INTEGER NOT NULL, url TEXT,
  dateline TEXT, reread_of INTEGER);
CREATE TABLE copies (
  article INTEGER NOT NULL, url TEXT NOT NULL, site TEXT NOT NULL, source TEXT, status TEXT NOT NULL,
  revision INTEGER NOT NULL, published TEXT, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, gone_at TEXT,
  capture TEXT, warc_file TEXT, warc_offset INTEGER);
CREATE TABLE categories (
  category TEXT NOT NULL, article INTEGER NOT NULL, position INTEGER NOT NULL,
  PRIMARY KEY (category, article)) WITHOUT ROWID;
CREATE TABLE events (
  article INTEGER NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL, url TEXT NOT NULL, before INTEGER,
  after INTEGER, size INTEGER, trivial INTEGER NOT NULL, sha256_before TEXT, sha256_after TEXT,
  caption_before TEXT, caption_after TEXT);
CREATE TABLE photos (
  sha256 TEXT PRIMARY KEY, phash TEXT NOT NULL, format TEXT NOT NULL, width INTEGER NOT NULL,
  height INTEGER NOT NULL, bytes INTEGER NOT NULL, path TEXT NOT NULL, first_seen TEXT NOT NULL,
  last_seen TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE photo_bytes (
  place INTEGER NOT NULL, value INTEGER NOT NULL, phash TEXT NOT NULL,
  PRIMARY KEY (place, value, phash)) WITHOUT ROWID;
CREATE TABLE article_photos (
  article INTEGER NOT NULL, position INTEGER NOT NULL, url TEXT NOT NULL, page_url TEXT NOT NULL,
  sha256 TEXT NOT NULL, caption TEXT, status TEXT NOT NULL, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL,
  gone_at TEXT);
CREATE TABLE photo_changes (
  article INTEGER NOT NULL, url TEXT NOT NULL, at TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL);
CREATE TABLE photo_uses (
  sha256 TEXT NOT NULL, article INTEGER NOT NULL, current INTEGER NOT NULL,
  PRIMARY KEY (sha256, article)) WITHOUT ROWID;
CREATE TABLE gaps (
  site TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL, kind TEXT NOT NULL, articles INTEGER NOT NULL,
  usual REAL NOT NULL);
CREATE TABLE people (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE);
CREATE TABLE wordings (
  number INTEGER PRIMARY KEY, person INTEGER NOT NULL, written TEXT NOT NULL, titles TEXT NOT NULL);
CREATE TABLE mention_positions (
  article INTEGER NOT NULL, in_title INTEGER NOT NULL, start INTEGER NOT NULL, wording INTEGER NOT NULL,
  PRIMARY KEY (article, in_title, start)) WITHOUT ROWID;
CREATE VIEW mentions AS
  SELECT article, person, written, titles, iif(in_title, 'title', 'body') AS field, start,
  start + length(written) AS end FROM mention_positions JOIN wordings ON number = wording;
CREATE TABLE appearances (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, person INTEGER NOT NULL, day TEXT NOT NULL,
  day_from TEXT NOT NULL, place TEXT, kind TEXT NOT NULL, confidence TEXT NOT NULL, reported TEXT NOT NULL);
CREATE TABLE appearance_people (
  appearance INTEGER NOT NULL, position INTEGER NOT NULL, person INTEGER NOT NULL,
  PRIMARY KEY (appearance, position)) WITHOUT ROWID;
CREATE TABLE appearance_articles (
  article INTEGER NOT NULL, position INTEGER NOT NULL, appearance INTEGER, person INTEGER NOT NULL,
  day TEXT NOT NULL, day_from TEXT NOT NULL, place TEXT, kind TEXT NOT NULL, confidence TEXT NOT NULL,
  companions TEXT NOT NULL, evidence TEXT NOT NULL, reasons TEXT NOT NULL,
  PRIMARY KEY (article, position)) WITHOUT ROWID;
CREATE VIEW places AS
  SELECT place, count(*) AS articles, min(published) AS first, max(published) AS last
  FROM articles WHERE place IS NOT NULL GROUP BY place;
"""
# Indexes of tables. A new file gets them last, so that SQLite sorts their rows first and reuses the pages
# that the full-text indexes no longer need.
TABLE_INDEXES = """
CREATE INDEX articles_published ON articles (published);
CREATE INDEX articles_place ON articles (place, published);
CREATE INDEX articles_changed ON articles (changed_at) WHERE changed_at IS NOT NULL;
CREATE INDEX articles_withdrawn ON articles (withdrawn_at) WHERE withdrawn_at IS NOT NULL;
CREATE UNIQUE INDEX revisions_article ON revisions (article, revision);
CREATE INDEX copies_article ON copies (article);
CREATE INDEX copies_site ON copies (site, article);
CREATE INDEX copies_source ON copies (source, article);
CREATE INDEX categories_article ON categories (article);
CREATE INDEX events_at ON events (at);
CREATE INDEX events_size ON events (size, at);
CREATE INDEX events_article ON events (article);
CREATE INDEX photos_phash ON photos (phash, sha256);
CREATE INDEX article_photos_article ON article_photos (article, page_url, position);
CREATE INDEX photo_changes_article ON photo_changes (article, url, at);
CREATE INDEX photo_uses_article ON photo_uses (article);
CREATE INDEX wordings_person ON wordings (person);
CREATE INDEX mention_positions_wording ON mention_positions (wording);
CREATE INDEX appearances_day ON appearances (day);
CREATE INDEX appearances_person ON appearances (person, day);
CREATE INDEX appearance_people_person ON appearance_people (person);
CREATE INDEX appearance_articles_person ON appearance_articles (person, day);
CREATE INDEX appearance_articles_appearance ON appearance_articles (appearance);
"""
# Full-text indexes of articles and of earlier revisions. The first one stores the position of each word, for
# phrases. Its first column is the body, because SQLite stores the column of a word unless it is the first
# one, and most words are in the body. The second one stores only which texts contain a word (as its stem),
# because a search for a word needs no more.
INDEXES = """
CREATE VIRTUAL TABLE {0}_index USING fts5(
  body, title, content='', tokenize='unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE {0}_words USING fts5(
  words, content='', detail='none', columnsize=0, tokenize='unicode61 remove_diacritics 2');
"""
INDEXED = ("article", "revision")


class ArchiveFileError(KcnaError):
    """The archive file cannot be used. The message says why, and what to do."""


def create(base: sqlite3.Connection, *, indexed: bool = True) -> None:
    """Create the tables of an empty file. Without `indexed`, call `create_indexes` after writing the rows."""
    if not base.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')").fetchone()[0]:
        raise ArchiveFileError("this Python's SQLite has no full-text search (FTS5)")
    base.executescript(TABLES)
    for name in INDEXED:
        base.executescript(INDEXES.format(name))
    base.execute("INSERT INTO about VALUES ('schema', ?)", (str(SCHEMA_VERSION),))
    if indexed:
        create_indexes(base)


def create_indexes(base: sqlite3.Connection) -> None:
    """Create the indexes of the tables."""
    base.executescript(TABLE_INDEXES)


def read_only_uri(path: Path) -> str:
    """Return the URI that opens a file for reading only.

    SQLite needs a file beside it to read while another process writes. In a folder that this user cannot
    write to, as on a DVD, SQLite is told that no process writes. If another user updates the file
    meanwhile, a read may fail, and succeeds when it is repeated.
    """
    log = path.with_name(f"{path.name}-wal")
    is_fixed = not os.access(path.parent, os.W_OK) and not log.exists()
    return f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if is_fixed else ''}"


def version_of(base: sqlite3.Connection) -> str | None:
    """Return the schema version of a file, or None if it is no archive file or is damaged."""
    try:
        found = base.execute("SELECT value FROM about WHERE name = 'schema'").fetchone()
    except sqlite3.DatabaseError:
        return None
    return str(found[0]) if found else None


def is_sound(base: sqlite3.Connection) -> bool:
    """Return whether SQLite finds no damage in the file. This reads the whole file."""
    try:
        return bool(base.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    except sqlite3.DatabaseError:
        return False
