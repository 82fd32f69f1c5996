"""Settings: values from the environment, `~` in paths, and no visible password."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from scrapy.settings import Settings, default_settings

from docs.generate_reference import read_settings
from kcna_spider import settings
from kcna_spider.paths import path_setting
from kcna_spider.store.connection.client import masked
from tests.conftest import ROOT, Crawler

SCRIPT = "from kcna_spider import settings; print(getattr(settings, {name!r}))"
FROM_ENVIRONMENT = [setting for setting in read_settings() if setting.from_environment]


def value_of(name: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Return the finished process that prints a setting in this environment."""
    command = [sys.executable, "-c", SCRIPT.format(name=name)]
    return subprocess.run(
        command, env=os.environ | environment, cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_from_the_environment() -> None:
    """Check the settings that docs/reference/settings.md marks: value and type."""
    defaults = {setting.name: getattr(settings, setting.name) for setting in FROM_ENVIRONMENT}
    given = {name: {int: "7", float: "0.5", str: "X"}[type(value)] for name, value in defaults.items()}
    assert {"MONGODB_URI", "WARC_DIR", "CONTACT", "STORE_BATCH_SIZE", "HEALTH_MIN_COUNT"} <= set(given)
    script = f"from kcna_spider import settings; print(*[getattr(settings, name) for name in {list(given)}])"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | given,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == list(given.values())


def test_no_setting_repeats_the_default_of_scrapy() -> None:
    names = [name for name in dir(settings) if name.isupper() and hasattr(default_settings, name)]
    assert "DOWNLOAD_DELAY" in names
    repeated = [name for name in names if getattr(settings, name) == getattr(default_settings, name)]
    assert not repeated


def test_a_number_that_is_none() -> None:
    done = value_of("STORE_BATCH_SIZE", STORE_BATCH_SIZE="many")
    assert done.returncode == 1
    assert done.stderr.strip() == "kcna_spider: the environment variable STORE_BATCH_SIZE=many is no number"


def test_a_log_level_in_small_letters() -> None:
    assert value_of("LOG_LEVEL", LOG_LEVEL="info").stdout.strip() == "INFO"


def test_paths() -> None:
    assert path_setting(Settings({"WARC_DIR": "~/warc"}), "WARC_DIR") == Path.home() / "warc"
    assert path_setting(Settings({"WARC_DIR": ""}), "WARC_DIR") is None


def test_home_in_every_path(scrapy: Crawler, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    scrapy.environment |= {"HOME": str(home), "WARC_DIR": "~/warc", "MONGODB_EMBEDDED_PATH": "~/db"}
    assert scrapy("crawl", "kcnawatch", "-a", "limit=2").code == 0
    assert list((home / "warc").glob("*.warc.gz"))
    assert scrapy("reparse", "~/warc").code == 0
    assert scrapy("export", "-o", "~/out.jsonl").code == 0
    assert (home / "out.jsonl").exists()
    assert not (ROOT / "~").exists()
    scrapy.environment["MONGODB_URI"] = "embedded"
    assert scrapy("mongo", "--init").code == 0
    assert scrapy("export").code == 0
    assert (home / "db").is_dir()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mongodb://user:p@ss@host/db", "mongodb://user:***@host/db"),
        ("mongodb://user:p@a@ss@h1:1,h2:2/db?w=1", "mongodb://user:***@h1:1,h2:2/db?w=1"),
        ("mongodb+srv://u:p/a?s#s@host/db", "mongodb+srv://u:***@host/db"),
        (
            "mongodb://h/db?tlsCertificateKeyFilePassword=secret&w=1",
            "mongodb://h/db?tlsCertificateKeyFilePassword=***&w=1",
        ),
        (
            "mongodb://h/?authMechanismProperties=AWS_SESSION_TOKEN:secret",
            "mongodb://h/?authMechanismProperties=***",
        ),
        ("redis://host/0?password=secret", "redis://host/0?password=***"),
        ("redis://:secret@host:6379/0", "redis://:***@host:6379/0"),
        ("can't reach mongodb://u:secret@h/db: no", "can't reach mongodb://u:***@h/db: no"),
        ("mongodb://host:27017/db?appName=a@b", "mongodb://host:27017/db?appName=a@b"),
        ("mongodb://user@host/db", "mongodb://user@host/db"),
        ("mongodb://user:p'a s<s\"@host/db", "mongodb://user:***@host/db"),
        ("mongodb://user:12/34@host/db", "mongodb://user:***@host/db"),
        ("mongodb://host/db#password=secret", "mongodb://host/db#password=***"),
        ("no URL: a:b@c", "no URL: a:b@c"),
    ],
)
def test_masked(text: str, expected: str) -> None:
    assert masked(text) == expected
