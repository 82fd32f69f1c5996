"""The demo: crawl the sample site, change it, recheck, write the archive file and the report."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.sample_site.site_state import World
from kcna_spider.sample_site.stories import STORIES
from kcna_spider.sample_site.written_stories import written_stories
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings

_NO_PAUSES = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0")
_WITH_PHOTOS = (["kcnawatch"], ["kcna_kp", "-a", "language=en,ko,zh,ru,es,ja"])
_DAYS = 10_000  # window of the recheck, which excludes only the oldest articles
_EXTRAS = {"photos": "imagehash", "search": "Stemmer", "report": "altair"}


def run_demo(folder: Path) -> int:
    """Run all steps in a folder; return the exit code of the first step that fails, or 0."""
    missing = [extra for extra, module in _EXTRAS.items() if not find_spec(module)]
    print("One warning about a rejected page (stub) is expected.", flush=True)
    # An open archive keeps the embedded server running between the crawls.
    with closing(Archive(StoreSettings(path=str(folder)))) as archive:
        is_first = not archive.database["articles"].find_one({}, {"_id": 1})
        if code := _crawl_all(folder, missing, 1 if is_first else 2):
            return code
        _print_summary(archive, folder, missing)
    return 0


def _crawl_all(folder: Path, missing: list[str], epoch: int) -> int:
    """Crawl, change the site, recheck, and write the files; return an exit code as `run_demo` does.

    missing: extras that are not installed. epoch: that of the site during the first crawls.
    """
    without_photos = "photos" in missing
    with SampleSite(world=World(stories=[*STORIES, *written_stories()])) as site:
        environment = _environment(folder, site.proxy)
        for site.world.epoch, crawls in ((epoch, _crawls(without_photos)), (2, _rechecks(without_photos))):
            for crawl in crawls:
                print(f"\n$ kcna-spider crawl {shlex.join(crawl)}", flush=True)
                if code := _scrapy("crawl", *crawl, *_NO_PAUSES, environment=environment):
                    return code
        for command in _outputs(folder, missing):
            if code := _scrapy(*command, environment=environment):
                return code
    return 0


def _crawls(without_photos: bool) -> list[list[str]]:
    photos = [] if without_photos else ["-a", "photos=1"]
    return [*([*crawl, *photos] for crawl in _WITH_PHOTOS), ["kcna_co_jp"]]


def _rechecks(without_photos: bool) -> list[list[str]]:
    return [[*crawl, "-a", f"recheck={_DAYS}"] for crawl in _crawls(without_photos)[: len(_WITH_PHOTOS)]]


def _outputs(folder: Path, missing: list[str]) -> list[list[str]]:
    index, report = folder / "archive.sqlite", folder / "report.html"
    commands = {"search": ["index", "--file", str(index)], "report": ["report", "-o", str(report)]}
    return [command for extra, command in commands.items() if extra not in missing]


def _environment(folder: Path, proxy: str) -> dict[str, str]:
    settings = {
        "MONGODB_URI": "embedded",
        "MONGODB_DATABASE": "kcna",
        "MONGODB_EMBEDDED_PATH": str(folder),
        "WARC_DIR": str(folder / "warc"),
        "FILES_STORE": str(folder / "photos"),
        "LOG_LEVEL": "WARNING",
        "DISTRIBUTED_REDIS_URL": "",
    }
    return {**os.environ, **settings, "http_proxy": proxy, "https_proxy": proxy, "no_proxy": ""}


def _scrapy(*arguments: str, environment: dict[str, str]) -> int:
    command = [sys.executable, "-m", "kcna_spider", *arguments]
    return subprocess.run(command, env=environment, check=False).returncode


def _print_summary(archive: Archive, folder: Path, missing: list[str]) -> None:
    documents = list(archive.database["articles"].find({}, {"copies.url": 1}))
    copies = sum(len(document["copies"]) for document in documents)
    print(f"\n{len(documents)} articles from {copies} URLs, in the embedded database in {folder.absolute()}.")
    if "report" not in missing:
        print(f"Report: {(folder / 'report.html').absolute()}")
    if "search" not in missing:
        options = {"--file": "archive.sqlite", "--warc-dir": "warc", "--photo-dir": "photos"}
        shown = [part for option, name in options.items() for part in (option, str(folder / name))]
        print(f"Search and browse: {_program()} browse {shlex.join(shown)}")
        print("then open http://127.0.0.1:6900/")
    if missing:
        print(f"Not shown, because these extras are missing: pip install 'kcna_spider[{','.join(missing)}]'")
    print(f"Run it again: nothing is stored twice. Delete {folder} to start again.")


def _program() -> str:
    program = Path(sys.executable).with_name("kcna-spider")
    return str(program) if program.exists() else f"{sys.executable} -m kcna_spider"
