"""Set up a database for crawls and for readers, or check with reads only that it is set up."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

from pymongo import ASCENDING, TEXT, IndexModel
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import OperationFailure

from kcna_spider.exceptions import StoreError
from kcna_spider.store.model.creation import Say, create_indexes
from kcna_spider.store.model.schema import VERSION, ensure
from kcna_spider.store.model.types import Document
from kcna_spider.store.model.views import create_views

_CANNOT_CREATE_INDEX = 67
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_READING_ROLES = frozenset({"read", "readAnyDatabase"})


def _since_ever(field: str) -> IndexModel:
    """Return a partial index of a time that few documents have; it serves `{$gt: ...}`, not `{$ne: null}`."""
    return IndexModel([(field, ASCENDING)], name=field, partialFilterExpression={field: {"$gt": _EPOCH}})


# Indexes for people who query the database; no crawl needs them. Only `scrapy mongo --init
# --consumer-indexes` builds them, because they make every write slower.
CONSUMER_INDEXES: dict[str, list[IndexModel]] = {
    "articles": [
        IndexModel([("day", ASCENDING), ("language", ASCENDING)], name="day"),
        IndexModel([("dateline.place", ASCENDING), ("day", ASCENDING)], name="place"),
        IndexModel([("categories", ASCENDING), ("day", ASCENDING)], name="category"),
        IndexModel([("copies.site", ASCENDING), ("day", ASCENDING)], name="site"),
        _since_ever("changed_at"),
        _since_ever("withdrawn_at"),
    ],
    "revisions": [IndexModel([("article", ASCENDING), ("number", ASCENDING)], name="article")],
}
# Without these options MongoDB would use the field `language` to choose a stemmer, and refuse Korean,
# Japanese and Chinese articles (error 17262). No article has a field `words_in`.
WORDS = IndexModel(
    [("title", TEXT), ("body", TEXT)],
    name="words",
    default_language="none",
    language_override="words_in",
)


def set_up(database: Database[Document]) -> None:
    """Prepare the database for a crawl: create missing collections and indexes, in a new database the views.

    Raise StoreError if the user of MONGODB_URI may only read, or if the database is of another version.
    """
    _refuse_readers(database)
    _refuse_other_versions(database)
    if "articles" in ensure(database):
        create_views(database)


def initialize(database: Database[Document], say: Say, *, consumer_indexes: bool = False) -> None:
    """Create missing collections, indexes and views; replace validators and views of other versions.

    say: called with a line for each step. consumer_indexes: also build the indexes for people who query.
    Raise StoreError if the user of MONGODB_URI may only read.
    """
    _refuse_readers(database)
    _refuse_other_versions(database)
    for name in sorted(ensure(database, replace=True, say=say)):
        say(f"Created collection {database.name}.{name}")
    create_views(database, say)
    if consumer_indexes:
        for name, indexes in CONSUMER_INDEXES.items():
            create_indexes(database[name], indexes, say)
        _create_text_index(database["articles"], say)


def require_archive(database: Database[Document]) -> None:
    """Raise StoreError if the database was never set up. The role `read` suffices."""
    if not database.list_collection_names(filter={"name": "articles"}):
        raise StoreError(
            f"the database {database.name} holds no archive: a crawl or `scrapy mongo --init` creates it "
            "(MONGODB_URI and MONGODB_DATABASE name another)"
        )


def _create_text_index(articles: Collection[Document], say: Say) -> None:
    if any("textIndexVersion" in index for index in articles.list_indexes()):
        return
    try:
        create_indexes(articles, [WORDS], say)
    except OperationFailure as error:
        if error.code != _CANNOT_CREATE_INDEX:
            raise
        say("This server has no text indexes: index words is not built")


def _refuse_other_versions(database: Database[Document]) -> None:
    """Raise StoreError if another version of the software stored the articles.

    The hashes of their texts would differ, and each article that is seen again would count as edited. Readers
    need no hashes.
    """
    stored = database["articles"].find_one({}, {"schema": 1})
    if stored and stored["schema"] != VERSION:
        raise StoreError(
            f"the database {database.name} has the schema {stored['schema']}, and this version needs "
            f"{VERSION}: name another database in MONGODB_DATABASE (or another folder in "
            "MONGODB_EMBEDDED_PATH), and crawl again or run `scrapy reparse`. For the demo, delete its folder"
        )


def _refuse_readers(database: Database[Document]) -> None:
    status: Document = {}
    with suppress(OperationFailure):
        status = database.command("connectionStatus")["authInfo"]
    roles = {role["role"] for role in status.get("authenticatedUserRoles", ())}
    if roles and roles <= _READING_ROLES:
        raise StoreError(
            f"the user of MONGODB_URI may only read the database {database.name}: a crawl needs the role "
            "readWrite"
        )
