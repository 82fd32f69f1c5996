"""Every sample for mongosh in the documentation, run in a real mongosh.

The archive has an edit and a withdrawal.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
import time
from pathlib import Path
from typing import Any

from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.sample_site.stories import EN
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from kcna_spider.text.dates import midnight
from tests.conftest import ROOT, Crawler
from tests.samples import article
from tests.system import mongosh

pytestmark = mongosh
DOCUMENTS = ("README.md", "docs/how-to/queries.md", "docs/how-to/mongodb-clients.md")
ZONES = ("America/New_York", "Asia/Seoul", "UTC")
# This shows the value of the last statement of a sample: a cursor, an array, a document or null.
SHOW = (
    "function show(name, given) { "
    "const value = given && given.toArray ? given.toArray() : given; "
    "print(JSON.stringify({name, value: EJSON.serialize({it: value ?? null}).it})) }\n"
)


def samples() -> dict[str, str]:
    """Return the code for each `<document> <n>`, without `use`, because the URI names the database."""
    return {
        f"{document} {number}": re.sub(r"^use \w+\n", "", code)
        for document in DOCUMENTS
        for number, code in enumerate(
            re.findall(r"```js\n(.*?)```", (ROOT / document).read_text(encoding="utf-8"), re.DOTALL), 1
        )
    }


def script(named: dict[str, str]) -> str:
    """Return one program of several samples."""
    parts = []
    for name, code in named.items():
        *before, last = re.split(r"\n(?=\S)(?![)}\]])", code.strip())
        parts.append("\n".join([*before, f"show({json.dumps(name)}, {last.rstrip(';')})"]))
    return SHOW + "\n".join(parts)


def uri(store: StoreSettings) -> str:
    return store.uri.replace("/x?", f"/{store.database}?")


def run(store: StoreSettings, file: Path, program: str, zone: str = "UTC") -> dict[str, Any]:
    """Return the results of a program in mongosh, by name."""
    file.write_text(program, encoding="utf-8")
    done = subprocess.run(
        ["mongosh", uri(store), "--quiet", "--norc", "--file", str(file)],
        env={**os.environ, "TZ": zone},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {line["name"]: line["value"] for line in map(json.loads, done.stdout.splitlines())}


def endless(code: str) -> bool:
    return ".watch(" in code and ".forEach(" in code


def test_every_sample(
    scrapy: Crawler, site: SampleSite, archive: Archive, store: StoreSettings, tmp_path: Path
) -> None:
    every = samples()
    assert len([name for name in every if name.startswith("docs/how-to/queries.md")]) == 20
    program = script({name: code for name, code in every.items() if not endless(code)})
    missing = run(store, tmp_path / "empty.js", program)
    assert missing["docs/how-to/queries.md 18"] == [], "a URL that is not stored must give no error"
    scrapy("crawl", "kcna_kp", "-s", f"WARC_DIR={tmp_path}")
    site.world.epoch = 2
    scrapy("crawl", "kcna_kp", "-a", "recheck=20000")
    scrapy("crawl", "kcnawatch")
    decide_and_write(archive, [article(title="Kim Jong Un Visits a Bakery")])
    shown = run(store, tmp_path / "samples.js", program)
    assert set(shown) == set(missing)
    empty = {name for name, value in shown.items() if value in ([], None)}
    assert empty <= {
        "docs/how-to/queries.md 12",
        "docs/how-to/queries.md 13",
        "docs/how-to/queries.md 15",
        "docs/how-to/queries.md 16",
    } | {name for name, code in every.items() if ".watch(" in code}
    data = {int(name.split()[1]): value for name, value in shown.items() if "queries.md" in name}
    assert [d["title"] for d in data[2]] == ["Ice Sculptures Shown in Samjiyon"]
    assert [d["title"] for d in data[4]] == [EN[6].title]
    assert [
        d["title_before"] != d["title_after"] or d["body_before"] != d["body_after"] for d in data[5]
    ] == [True]
    assert data[9]["title"] == "Kim Jong Un Visits a Bakery"
    assert [d["title"] for d in data[18]] == ["Kim Jong Un Visits a Bakery"]
    assert len(data[19]) == 1


def test_a_sample_that_waits(archive: Archive, store: StoreSettings, tmp_path: Path) -> None:
    """Check that the sample prints the title of an article that is stored while it runs."""
    (code,) = (code for code in samples().values() if endless(code))
    (tmp_path / "watch.js").write_text(code, encoding="utf-8")
    command = ["mongosh", uri(store), "--quiet", "--norc", "--file", str(tmp_path / "watch.js")]
    printed, number = tmp_path / "printed.txt", 0
    with printed.open("w") as output, subprocess.Popen(command, stdout=output) as process:
        try:
            while not printed.stat().st_size and process.poll() is None and number < 500:
                number += 1  # The test does not know when the stream is open.
                title, text = f"Story {number}", f"It is number {number} of them all."
                url = f"http://www.kcna.kp/en/article/detail/{number}"
                decide_and_write(archive, [article(url, title=title, paragraphs=[text])])
                time.sleep(0.1)
        finally:
            process.kill()
    assert printed.read_text(encoding="utf-8").startswith("Story ")


def test_days_read_the_same_in_every_time_zone(
    archive: Archive, store: StoreSettings, tmp_path: Path
) -> None:
    """Check `day` and the views: `published` as a date is a day early in New York."""
    decide_and_write(archive, [article()])
    program = SHOW + (
        "const a = db.articles.findOne()\n"
        'show("day", [a.day, a.copies[0].day, a.dateline.day])\n'
        'show("views", '
        "[db.stories.findOne().published, db.stories.findOne().dateline_date, db.urls.findOne().published])\n"
        'show("date", a.published.getDate())'
    )
    shown = {zone: run(store, tmp_path / "days.js", program, zone) for zone in ZONES}
    assert {zone: s["date"] for zone, s in shown.items()} == dict(zip(ZONES, (8, 9, 9), strict=True))
    for zone in ZONES:
        assert shown[zone]["day"] == ["2024-03-09", "2024-03-09", "2024-03-08"]
        assert shown[zone]["views"] == ["2024-03-09", "2024-03-08", "2024-03-09"]
    stored = archive.database["articles"].find_one()
    assert stored
    assert midnight(dt.date.fromisoformat(stored["day"])) == stored["published"]
