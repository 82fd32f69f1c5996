"""The queries of docs/how-to/queries.md, run as written.

The archive has an edit and a withdrawal.
"""

from __future__ import annotations

import ast
import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest

from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.sample_site.stories import EN
from kcna_spider.store.archive import Archive
from tests.conftest import ROOT, Crawler
from tests.samples import AT, article

TEXT = (ROOT / "docs" / "how-to" / "queries.md").read_text(encoding="utf-8")
MODEL = (ROOT / "docs" / "reference" / "data-model.md").read_text(encoding="utf-8")
QUERIES = {
    int(number): code for number, code in re.findall(r"\*\*(\d+)\. .*?```python\n(.*?)```", TEXT, re.DOTALL)
}

FIELDS = {
    name.rpartition(".")[2]
    for cell in re.findall(r"^\| (`.*?) \|", MODEL, re.MULTILINE)
    for name in re.findall(r"`([^`]+)`", cell)
}


def run(code: str, **names: Any) -> Any:
    """Return the value of the last line, as in an interactive session."""
    tree = ast.parse(code)
    last = tree.body[-1]
    names |= {"dt": dt}
    if not isinstance(last, ast.Expr):
        exec(compile(tree, "queries.md", "exec"), names)
        return names
    exec(compile(ast.Module(tree.body[:-1], []), "queries.md", "exec"), names)
    return eval(compile(ast.Expression(last.value), "queries.md", "eval"), names)


def test_each_has_a_form_for_mongosh() -> None:
    assert sorted(QUERIES) == list(range(1, 21))
    assert TEXT.count("```js\n") == 20


def test_all(scrapy: Crawler, site: SampleSite, archive: Archive, tmp_path: Path) -> None:
    scrapy("crawl", "kcna_kp", "-s", f"WARC_DIR={tmp_path}")
    site.world.epoch = 2
    scrapy("crawl", "kcna_kp", "-a", "recheck=20000")
    scrapy("crawl", "kcnawatch")
    decide_and_write(archive, [article(title="Kim Jong Un Visits a Bakery")])
    db = archive.database
    found = {number: run(code, db=db) for number, code in QUERIES.items() if number != 7}
    documents = list(db["articles"].find())
    day = dt.datetime(2024, 3, 9, tzinfo=dt.UTC)
    assert {d["_id"] for d in found[1]} == {d["_id"] for d in documents if d["published"] == day} != set()
    assert [d["title"] for d in found[2]] == ["Ice Sculptures Shown in Samjiyon"]
    assert {"month": "2024-03", "place": "Pyongyang"} in [group["_id"] for group in found[3]]
    assert [d["title"] for d in found[4]] == [EN[6].title]
    assert len(found[5]) == 2
    assert found[5][0][3] != found[5][1][3]
    days = {d["published"].date() for d in documents}
    assert found[6]
    assert not days & set(found[6])
    assert (
        {d["title"] for d in found[8]}
        == {d["title"] for d in documents if d["language"] == "en" and "baker" in d["body"].lower()}
        != set()
    )
    assert found[9]["title"] == "Kim Jong Un Visits a Bakery"
    only_watch = {d["_id"] for d in documents if {c["site"] for c in d["copies"]} == {"kcnawatch.org"}}
    assert {d["_id"] for d in found[10]} == only_watch
    assert sum(group["articles"] for group in found[11]) == len(documents)
    apart = [
        d
        for d in documents
        if d["dateline"] and d["dateline"]["date"] and (d["published"] - d["dateline"]["date"]).days > 3
    ]
    assert {d["_id"] for d in found[12]} == {d["_id"] for d in apart}
    assert sum(group["articles"] for group in found[14]) == sum(len(d["categories"]) for d in documents) > 0
    assert {d["_id"] for d in found[15]} == {d["_id"] for d in documents if d["duplicate_index"]}
    assert sum(group["pages"] for group in found[16]) == db["rejects"].count_documents({"resolved_at": None})
    assert [run[0] for run in found[17]] == ["kcnawatch", "kcna_kp", "kcna_kp"]
    assert [r["title"] for r in found[18]] == ["Kim Jong Un Visits a Bakery"]
    assert len(found[19]) == 1
    for name in ("articles", "revisions", "rejects", "runs", "listings", "locks"):
        assert {field for document in db[name].find() for field in document} <= FIELDS, (
            f"{name}: a field has no line in the tables"
        )
    assert (
        {d["_id"] for d in found[20]}
        == {d["_id"] for d in documents if any(c["record"] for c in d["copies"])}
        != set()
    )


def test_new_articles_are_told_of(archive: Archive) -> None:
    code = QUERIES[7].replace("change = changes.try_next()", "arrive(); change = changes.next()")
    names = run(code, db=archive.database, arrive=lambda: decide_and_write(archive, [article()]))
    assert names["title"] == "New Bakery Opened"


@pytest.mark.parametrize("name", ["articles", "revisions", "rejects", "runs", "listings", "locks"])
def test_every_collection_is_described(name: str) -> None:
    assert f"`{name}`" in MODEL


def test_the_example_has_the_fields_of_a_stored_article(archive: Archive) -> None:
    example = json.loads(re.findall(r"```json\n(.*?)```", MODEL, re.DOTALL)[0])
    decide_and_write(archive, [article()])
    stored = archive.database["articles"].find_one()
    assert stored
    assert list(example) == list(stored)
    assert set(example["copies"][0]) == set(stored["copies"][0])
    assert set(example["dateline"]) == set(stored["dateline"])
    assert set(stored) | set(stored["copies"][0]) <= FIELDS, "a field has no line in the tables"


def test_samples_of_clients(archive: Archive) -> None:
    """Check the samples of docs/how-to/mongodb-clients.md: a view, and a change stream.

    The stream skips updates that change only timestamps.
    """
    text = (ROOT / "docs" / "how-to" / "mongodb-clients.md").read_text(encoding="utf-8")
    view, stream = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    url, at = "http://www.kcna.kp/en/article/detail/1", dt.timedelta(days=1)
    other = article("http://www.kcna.kp/en/article/detail/2", title="A Poem", paragraphs=["Of no place."])
    decide_and_write(archive, [article(url), other])
    assert run(view, db=archive.database) == []
    token = run(stream, db=archive.database)["token"]
    decide_and_write(archive, [article(url, AT + at)])  # This changes only timestamps.
    decide_and_write(archive, [article(url, AT + 2 * at, title="Bakery Closed")])
    assert token
    resumed = stream.replace("token = None", "token = stored")
    change = run(resumed, db=archive.database, stored=token)["change"]
    assert change["operationType"] == "update"
    assert change["fullDocument"]["title"] == "Bakery Closed"
    assert [event["kind"] for event in change["fullDocument"]["events"]] == ["edited"]
