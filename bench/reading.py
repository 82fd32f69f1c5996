"""Measure the report, each export and a copy of the database over many articles: seconds and peak memory.

The report and the export of all articles are measured twice: from MongoDB, and from a current archive file.
Each line ends with the ratio to reading the same articles with PyMongo, in the same run.

python -m bench.reading [--articles N] [--data DIR] needs the corpus beside the checkout. DIR is kept, and
used again if it exists.
The memory is that of the command's own process; the embedded database has its own line.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import chain
from pathlib import Path

from bench.identity import CORPUS, YEARS, articles, store
from bench.running import watch_memory
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = {
    "export jsonl": ["export", "--format", "jsonl"],
    "export csv": ["export", "--format", "csv"],
    "export parquet": ["export", "--format", "parquet"],
    "export revisions": ["export", "--revisions"],
    "export atom": ["export", "--format", "atom", "--since", "2026-01-01"],
    "report": ["report"],
    "backup": ["mongo", "--backup"],
}
FROM_FILE = ("export jsonl", "report")  # These commands are measured again with a current archive file.


def command_line(command: list[str], target: Path) -> list[str]:
    """Return the command line with its target: a file, or a folder for a copy."""
    return [
        sys.executable,
        "-m",
        "scrapy",
        *command,
        *([str(target)] if "--backup" in command else ["-o", str(target)]),
    ]


def measured(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Return the seconds and the peak megabytes of a command's own process."""
    began = time.perf_counter()
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL)
    peak = watch_memory(process)
    if process.wait():
        raise SystemExit(f"{' '.join(command)} ended with code {process.returncode}")
    return time.perf_counter() - began, peak[0]


def fill(archive: Archive, most: int) -> None:
    """Store sightings of the corpus until the archive has `most` articles.

    This takes more sightings than articles, because the corpus has many articles twice.
    """
    # The corpus has only 55,000 stories, so kcna.co.jp is repeated seven years later with another last word.
    years = (articles(f"cojp-{year}.jsonl.gz", later) for later in (0, 7) for year in YEARS)
    source = chain(articles("kp-2024.jsonl.gz"), chain.from_iterable(years))
    while (missing := most - archive.database["articles"].count_documents({})) and store(
        archive, source, missing
    )[0]:
        pass


def read(archive: Archive) -> float:
    """Return the seconds that PyMongo needs to read all articles."""
    began = time.perf_counter()
    for _ in archive.database["articles"].find():
        pass
    return time.perf_counter() - began


def show(name: str, command: list[str], target: Path, environment: dict[str, str], plain: float) -> None:
    """Measure a command and print its line.

    plain: seconds that PyMongo needs to read the same articles.
    """
    seconds, megabytes = measured(command_line(command, target), environment)
    size = sum(file.stat().st_size for file in (target.iterdir() if target.is_dir() else [target])) / 1e6
    print(
        f"{name:18} {seconds:6.1f} s, {megabytes:5.0f} MB memory, {size:7.1f} MB written, "
        f"{seconds / plain:5.2f} of PyMongo's time",
        flush=True,
    )


def main() -> int:
    """Print one line per command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=60_000)
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    if not CORPUS.exists():
        print(f"the corpus is not beside this checkout ({CORPUS})")
        return 1
    folder = Path(tempfile.mkdtemp(prefix="reading-"))
    data = options.data or folder / "mongodb"
    # This connection keeps the server running between the commands.
    archive = Archive(StoreSettings(path=str(data)))
    try:
        if not archive.database["articles"].estimated_document_count():
            fill(archive, options.articles)
        number = archive.database["articles"].count_documents({})
        file = folder / "archive.sqlite"
        environment = {
            **os.environ,
            "MONGODB_URI": "embedded",
            "MONGODB_EMBEDDED_PATH": str(data),
            "ARCHIVE_FILE": str(file),
        }
        plain = read(archive)
        print(f"reading {number} articles with PyMongo: {plain:.1f} s", flush=True)
        for name, command in COMMANDS.items():
            show(name, command, folder / name.replace(" ", "."), environment, plain)
        seconds, _ = measured([sys.executable, "-m", "scrapy", "index"], environment)
        print(f"index: {seconds:.1f} s, {file.stat().st_size / 1e6:.1f} MB", flush=True)
        for name in FROM_FILE:
            plain = min(plain, read(archive))
            show(f"{name}, file", COMMANDS[name], folder / f"file.{name}", environment, plain)
        pid = json.loads((data / "server.json").read_text())["pid"]
        peak = next(
            line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM")
        )
        print(f"the embedded database: {int(peak.split()[1]) / 1024:.0f} MB of memory at its peak")
    finally:
        archive.close()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
