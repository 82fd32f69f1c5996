"""The demo: serves the sample site on loopback, crawls it with every spider into an embedded database, and says where the data is.

Between the first crawls and the recheck, the site edits and withdraws articles.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from tests.site.pages import World
from tests.site.server import SampleSite
from tests.site.stories import STORIES
from tests.site.written_stories import written_stories

NO_PAUSES = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0")
DATA = Path("data/demo")
REPORT = DATA / "report.html"
INDEX = DATA / "archive.sqlite"
WARC = DATA / "warc"
PHOTOS = DATA / "photos"
CRAWLS = (
    ["kcnawatch", "-a", "photos=1"],
    ["kcna_kp", "-a", "language=en,ko,zh,ru,es,ja", "-a", "photos=1"],
    ["kcna_co_jp"],
)
DAYS = 10_000  # all articles but the oldest
RECHECKS = tuple([*crawl, "-a", f"recheck={DAYS}"] for crawl in CRAWLS[:2])


def main() -> int:
    """Run it; gives the exit code."""
    settings = {
        "MONGODB_URI": "embedded",
        "MONGODB_DATABASE": "kcna",
        "MONGODB_EMBEDDED_PATH": str(DATA),
        "WARC_DIR": str(WARC),
        "FILES_STORE": str(PHOTOS),
        "LOG_LEVEL": "WARNING",
    }
    archive = Archive(StoreSettings(path=str(DATA)))  # the server stays up from one crawl to the next
    with SampleSite(world=World(stories=[*STORIES, *written_stories()])) as site:
        environment = {
            **os.environ,
            **settings,
            "http_proxy": site.proxy,
            "https_proxy": site.proxy,
            "no_proxy": "",
        }
        before = archive.database["articles"].count_documents({})  # of an earlier demo
        for epoch, crawls in ((2 if before else 1, CRAWLS), (2, RECHECKS)):
            site.world.epoch = epoch
            for crawl in crawls:
                print(f"\n$ scrapy crawl {' '.join(crawl)}", flush=True)
                if code := scrapy("crawl", *crawl, *NO_PAUSES, environment=environment):
                    return code
        for command in (["index", "--file", str(INDEX)], ["report", "-o", str(REPORT)]):
            if code := scrapy(*command, environment=environment):
                return code
    articles, copies = summary(archive)
    archive.close()
    print(f"\n{articles} articles from {copies} URLs, in the embedded database in {DATA.absolute()}.")
    print(f"A report on all of them: {REPORT.absolute()}")
    browse = f"{Path(sys.executable).with_name('scrapy')} browse --file {INDEX} --warc-dir {WARC} --photo-dir {PHOTOS}"
    print(f"To search and browse them: {browse}, then open http://127.0.0.1:6900/")
    print("Run it again: nothing new is found, nothing is stored twice. Remove the folder to begin anew.")
    return 0


def scrapy(*arguments: str, environment: dict[str, str]) -> int:
    """Run a command of Scrapy; return its exit code."""
    command = [sys.executable, "-m", "scrapy", *arguments]
    return subprocess.run(command, env=environment, check=False).returncode


def summary(archive: Archive) -> tuple[int, int]:
    """(articles, URLs) in the database."""
    documents = list(archive.database["articles"].find({}, {"copies.url": 1}))
    return len(documents), sum(len(document["copies"]) for document in documents)


if __name__ == "__main__":
    sys.exit(main())
