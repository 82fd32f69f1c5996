"""The demo: serves the sample site on loopback, crawls it with every spider into an embedded database, and says where the data lies."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from tests.site.server import SampleSite

DATA = Path("data/demo")
REPORT = DATA / "report.html"
INDEX = DATA / "archive.sqlite"
CRAWLS = (["kcnawatch"], ["kcna_kp", "-a", "language=en,ko,zh,ru,es,ja"], ["kcna_co_jp"])


def main() -> int:
    """Run it; gives the exit code."""
    settings = {
        "MONGODB_URI": "embedded",
        "MONGODB_DATABASE": "kcna",
        "MONGODB_EMBEDDED_PATH": str(DATA),
        "LOG_LEVEL": "WARNING",
    }
    archive = Archive(StoreSettings(path=str(DATA)))  # the server stays up from one crawl to the next
    with SampleSite() as site:
        environment = {
            **os.environ,
            **settings,
            "http_proxy": site.proxy,
            "https_proxy": site.proxy,
            "no_proxy": "",
        }
        for crawl in CRAWLS:
            print(f"\n$ scrapy crawl {' '.join(crawl)}", flush=True)
            command = [
                sys.executable,
                "-m",
                "scrapy",
                "crawl",
                *crawl,
                "-s",
                "DOWNLOAD_DELAY=0",
                "-s",
                "AUTOTHROTTLE_ENABLED=0",
            ]
            if code := subprocess.run(command, env=environment, check=False).returncode:
                return code
        report = [sys.executable, "-m", "scrapy", "report", "-o", str(REPORT)]
        if code := subprocess.run(report, env=environment, check=False).returncode:
            return code
        index = [sys.executable, "-m", "scrapy", "index", "--file", str(INDEX)]
        if code := subprocess.run(index, env=environment, check=False).returncode:
            return code
    articles, copies = summary(archive)
    archive.close()
    print(f"\n{articles} articles from {copies} addresses, in the embedded database in {DATA.absolute()}.")
    print(f"A report on all of them: {REPORT.absolute()}")
    browse = f"{Path(sys.executable).with_name('scrapy')} browse --file {INDEX}"
    print(f"To search and browse them: {browse}, then open http://127.0.0.1:6900/")
    print("Run it again: nothing new is found, nothing is stored twice. Remove the folder to begin anew.")
    return 0


def summary(archive: Archive) -> tuple[int, int]:
    """(articles, addresses) in the database."""
    documents = list(archive.database["articles"].find({}, {"copies.url": 1}))
    return len(documents), sum(len(document["copies"]) for document in documents)


if __name__ == "__main__":
    sys.exit(main())
