"""A backup has the format of mongodump, so `mongorestore DIR` restores a database without options.

The source of mongo-tools (mongorestore/filepath.go, metadata.go and restore.go) defines the format. A folder
in DIR is a database; mongorestore skips other files in DIR with a line. NAME.bson has the documents of a
collection one after the other. NAME.metadata.json is extended JSON with the options and the indexes of the
collection. A view has no NAME.bson. mongorestore creates the collection with {create: NAME, **options}, fills
it, and then creates its indexes except `_id_`, each of which has a `name` and a `key`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bson
import pytest
from bson import json_util
from bson.codec_options import CodecOptions
from pymongo.database import Database

from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from kcna_spider.store.maintenance.backup import backup, restore
from kcna_spider.store.model.schema import INDEXES, VALIDATORS, VERSION
from tests.interruptions import INTERRUPTIONS, Once, settings_of
from tests.mongodb_proxy import Action, Change, MongodbProxy
from tests.samples import AT
from tests.search.stored import fill

AWARE = json_util.CANONICAL_JSON_OPTIONS.with_options(tz_aware=True)
EARLY = [{"$match": {"published": {"$lt": AT}}}, {"$project": {"title": 1}}]


@pytest.fixture
def stored(archive: Archive) -> Archive:
    """Return an archive with a view and indexes that the project does not define."""
    fill(archive)
    archive.database.create_collection("early/all", viewOn="articles", pipeline=EARLY, check_exists=False)
    archive.database["articles"].create_index(
        [("dateline.place", 1)],
        name="places",
        sparse=True,
    )
    archive.database["articles"].create_index(
        [("withdrawn_at", -1)],
        name="withdrawn",
        partialFilterExpression={"withdrawn_at": {"$gt": AT}},
    )
    return archive


def mongorestored(folder: Path, target: Database[dict[str, Any]]) -> None:
    """Restore a backup as mongorestore does."""
    for entry in sorted(folder.iterdir()):
        if not entry.is_dir():
            assert entry.name == "manifest.json", "mongorestore skips this file with a line"
            continue
        for path in sorted(entry.glob("*.metadata.json")):
            name = path.name.removesuffix(".metadata.json").replace("%2F", "/")
            metadata = json_util.loads(path.read_text())
            assert set(metadata) <= {"options", "indexes", "uuid", "collectionName", "type"}
            assert metadata["collectionName"] == name
            target.command({"create": name, **metadata.get("options", {})})
            documents = path.with_name(path.name.replace(".metadata.json", ".bson"))
            assert documents.exists() is (metadata["type"] == "collection")
            if documents.exists():
                with documents.open("rb") as file:
                    some = list(bson.decode_file_iter(file, CodecOptions(tz_aware=True)))
                if some:
                    target[name].insert_many(some)
            indexes = [index for index in metadata["indexes"] if list(index["key"]) != ["_id"]]
            assert all(isinstance(index["name"], str) for index in indexes)
            if indexes:
                indexes = [{k: v for k, v in index.items() if k != "v"} for index in indexes]
                target.command({"createIndexes": name, "indexes": indexes})


def contents(database: Database[dict[str, Any]]) -> dict[str, Any]:
    names = [*VALIDATORS, "early/all"]
    return {name: sorted(database[name].find(), key=lambda d: str(d["_id"])) for name in names}


def indexes_of(database: Database[dict[str, Any]]) -> dict[str, Any]:
    return {
        name: {
            index: {option: value for option, value in options.items() if option not in ("v", "ns")}
            for index, options in database[name].index_information().items()
        }
        for name in VALIDATORS
    }


@pytest.fixture
def target(store: StoreSettings, archive: Archive) -> Iterator[Database[dict[str, Any]]]:
    """Yield an empty database without collections, and drop it afterwards."""
    client = archive.database.client
    yield client[f"{store.database}_target"]
    client.drop_database(f"{store.database}_target")


def test_mongorestore_brings_back_all(
    stored: Archive, target: Database[dict[str, Any]], tmp_path: Path
) -> None:
    backup(stored.database, tmp_path / "dump", AT)
    mongorestored(tmp_path / "dump", target)
    assert contents(target) == contents(stored.database)
    assert indexes_of(target) == indexes_of(stored.database)
    for name, validator in VALIDATORS.items():
        (info,) = target.list_collections(filter={"name": name})
        assert info["options"]["validator"] == {"$jsonSchema": validator}


def test_our_own_restore_brings_back_all(
    stored: Archive, target: Database[dict[str, Any]], tmp_path: Path
) -> None:
    backup(stored.database, tmp_path / "dump", AT)
    restore(target, tmp_path / "dump")
    assert contents(target) == contents(stored.database)
    assert indexes_of(target) == indexes_of(stored.database)


def test_the_files(stored: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "dump"
    backup(stored.database, folder, AT)
    files = folder / stored.database.name
    assert {path.name for path in folder.iterdir()} == {"manifest.json", files.name}
    views = {entry["name"] for entry in stored.database.list_collections(filter={"type": "view"})}
    assert "early/all" in views
    assert {path.name for path in files.iterdir()} == {
        *(f"{name}.bson" for name in VALIDATORS),
        *(f"{name.replace('/', '%2F')}.metadata.json" for name in [*VALIDATORS, *views]),
    }
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["schema"] == VERSION
    counts = {name: stored.database[name].count_documents({}) for name in VALIDATORS}
    assert {name: entry["documents"] for name, entry in manifest["collections"].items()} == counts
    text = (files / "articles.metadata.json").read_text()
    metadata = json.loads(text)  # mongodump writes canonical extended JSON.
    assert metadata["indexes"][0]["v"] == {"$numberInt": "2"}
    by_name = {index["name"]: index for index in json_util.loads(text, json_options=AWARE)["indexes"]}
    assert set(by_name) == {"_id_", "places", "withdrawn"} | {i.document["name"] for i in INDEXES["articles"]}
    assert by_name["url"]["unique"] is True
    assert by_name["places"]["sparse"] is True
    assert by_name["withdrawn"]["partialFilterExpression"] == {"withdrawn_at": {"$gt": AT}}
    view = json.loads((files / "early%2Fall.metadata.json").read_text())
    assert (view["type"], view["options"]["viewOn"], view["indexes"]) == ("view", "articles", [])


def test_the_identifier_of_a_collection(store: StoreSettings, stored: Archive, tmp_path: Path) -> None:
    """Check UUIDs as hexadecimal digits: mongodump writes them, but the embedded server has none."""

    def with_identifiers(answer: dict[str, Any]) -> dict[str, Any]:
        for entry in answer["cursor"]["firstBatch"]:
            entry["info"] = {"readOnly": False, "uuid": bson.Binary(bytes(range(16)), 4)}
        return answer

    with MongodbProxy(store) as proxy:
        opened = Archive(settings_of(proxy))
        proxy.rule = lambda name, command: Change(with_identifiers) if name == "listCollections" else None
        backup(opened.database, tmp_path / "dump", AT)
        opened.close()
    text = (tmp_path / "dump" / stored.database.name / "runs.metadata.json").read_text()
    assert json.loads(text)["uuid"] == "000102030405060708090a0b0c0d0e0f"


@pytest.mark.parametrize("action", INTERRUPTIONS.values(), ids=INTERRUPTIONS)
@pytest.mark.parametrize(("command", "number"), [("listCollections", 1), ("find", 2), ("listIndexes", 3)])
def test_a_backup_continues(
    store: StoreSettings, stored: Archive, tmp_path: Path, action: Action, command: str, number: int
) -> None:
    backup(stored.database, tmp_path / "whole", AT)
    with MongodbProxy(store) as proxy:
        opened = Archive(settings_of(proxy))
        proxy.rule = once = Once(action, command, number)
        backup(opened.database, tmp_path / "interrupted", AT, opened.retry)
        opened.close()
    assert once.happened
    whole, interrupted = tmp_path / "whole", tmp_path / "interrupted"
    for path in (path for path in whole.rglob("*") if path.is_file()):
        assert (interrupted / path.relative_to(whole)).read_bytes() == path.read_bytes(), path.name


def test_a_backup_that_fails_leaves_no_folder_with_its_name(
    store: StoreSettings, stored: Archive, tmp_path: Path
) -> None:
    with MongodbProxy(store) as proxy:
        opened = Archive(settings_of(proxy))
        proxy.rule = Once(INTERRUPTIONS["dropped"], "find", 3)
        with pytest.raises(Exception, match="closed"):
            backup(opened.database, tmp_path / "dump", AT)
        opened.close()
    assert not (tmp_path / "dump").exists()
    assert backup(stored.database, tmp_path / "dump", AT)["articles"] > 0
