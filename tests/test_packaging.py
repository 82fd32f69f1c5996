"""The release: the sdist and its wheel are complete, and the program runs outside the checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from dataclasses import dataclass
from email.parser import Parser
from functools import partial
from pathlib import Path

import pytest

import kcna_spider
from kcna_spider.sample_site.site_server import SampleSite
from tests.conftest import FAST, ROOT
from tests.made_once import made_once

SOURCES = (
    "kcna_spider",
    "pyproject.toml",
    "setup.py",
    "MANIFEST.in",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "tests",
)
# `python -m build` calls this too. With the installed setuptools, nothing is downloaded.
BUILD = "import sys; from setuptools import build_meta; print(getattr(build_meta, sys.argv[1])(sys.argv[2]))"


@dataclass(frozen=True, slots=True)
class Built:
    """The files of a release."""

    sdist: Path
    wheel: Path


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment with the wheel, and a working folder."""

    environment: Path
    folder: Path

    def run(self, program: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment in the folder."""
        path = (
            f"{self.environment / 'bin'}{os.pathsep}{Path(sys.executable).parent}"
            f"{os.pathsep}{os.environ['PATH']}"
        )
        ours = {"PYTHONPATH", "SCRAPY_SETTINGS_MODULE", "MONGODB_URI", "MONGODB_DATABASE"}
        kept = {name: value for name, value in os.environ.items() if name not in ours}
        return subprocess.run(
            [self.environment / "bin" / program, *arguments],
            cwd=self.folder,
            env={**kept, "PATH": path, **variables},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )


def build(kind: str, source: Path, target: Path) -> Path:
    """Build an sdist or a wheel of a folder; return its path."""
    command = [sys.executable, "-c", BUILD, f"build_{kind}", str(target)]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=True, timeout=60)
    return target / done.stdout.splitlines()[-1]


def build_release(folder: Path) -> None:
    """Build an sdist of a copy of the checkout, and the wheel of that sdist."""
    copy, unpacked = folder / "checkout", folder / "unpacked"
    copy.mkdir()
    ignored = shutil.ignore_patterns("__pycache__", "pages")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=ignored)
        else:
            shutil.copy(source, copy)
    with tarfile.open(build("sdist", copy, folder)) as archive:
        archive.extractall(unpacked, filter="data")
    (source,) = unpacked.iterdir()
    build("wheel", source, folder)


def install(wheel: Path, environment: Path) -> None:
    """Create an environment with the wheel and the dependencies of the tests' environment."""
    venv.create(environment, with_pip=False)
    python = str(environment / "bin" / "python")
    options = ["--python", python, "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", *options], check=True, capture_output=True, timeout=60)
    (packages,) = environment.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Return an sdist of a copy of the checkout, and the wheel of that sdist."""
    folder = made_once(tmp_path_factory, "release", build_release)
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return Built(sdist, wheel)


@pytest.fixture(scope="module")
def installed(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Return an environment with the wheel, and a folder of this process."""
    environment = made_once(tmp_path_factory, "environment", partial(install, built.wheel))
    return Installed(environment, tmp_path_factory.mktemp("folder"))


def package_files() -> set[str]:
    """Return all files of the package in the checkout."""
    return {
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "kcna_spider").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }


def test_the_wheel_holds_the_package_and_nothing_else(built: Built) -> None:
    names = {name for name in zipfile.ZipFile(built.wheel).namelist() if ".dist-info/" not in name}
    assert names == package_files()
    assert {Path(name).suffix for name in names} >= {".py", ".html", ".css", ".toml", ".typed"}


def test_the_sdist_holds_what_a_build_needs(built: Built) -> None:
    with tarfile.open(built.sdist) as archive:
        names = {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()}
    assert names >= package_files() | {"pyproject.toml", "setup.py", "README.md", "LICENSE", "CHANGELOG.md"}
    assert not [name for name in names if name.startswith("tests/")]


def test_metadata_of_the_wheel(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as wheel:
        (name,) = (name for name in wheel.namelist() if name.endswith("/METADATA"))
        about = Parser().parsestr(wheel.read(name).decode())
        assert f"{name.partition('/')[0]}/licenses/LICENSE" in wheel.namelist()
    assert about["Name"] == "kcna_spider"
    assert about["Version"] == kcna_spider.__version__
    assert about["License-Expression"] == "MIT"
    assert about["Requires-Python"] == ">=3.11"
    assert set(about.get_all("Provides-Extra", [])) >= {
        "browser",
        "distributed",
        "parquet",
        "photos",
        "report",
        "search",
    }
    urls = about.get_all("Project-URL", [])
    assert len(urls) == 3
    assert all(kcna_spider.USER_AGENT_URL in url for url in urls)
    assert "# kcna_spider" in about.get_payload()


def test_the_installed_program_crawls_and_reads(installed: Installed, site: SampleSite) -> None:
    """Check that the code is that of the wheel, and that the data are in the current folder."""
    where = installed.run("python", "-c", "import kcna_spider; print(kcna_spider.__file__)")
    assert Path(where.stdout.strip()).is_relative_to(installed.environment), where.stderr
    proxies = {"http_proxy": site.proxy, "https_proxy": site.proxy, "no_proxy": ""}
    crawl = installed.run("kcna-spider", "crawl", "kcna_kp", *FAST, **proxies)
    assert crawl.returncode == 0, crawl.stderr[-2000:]
    assert (installed.folder / "data" / "mongodb").is_dir()
    count = (
        "import kcna_spider as k\nwith k.open_archive() as a: print(a.database.articles.count_documents({}))"
    )
    assert int(installed.run("python", "-c", count).stdout) > 5
    index = installed.run("kcna-spider", "index")
    assert index.returncode == 0, index.stderr
    found = installed.run("kcna-spider", "search", "bakery")
    assert "akery" in found.stdout, found.stderr
    for command in ("report", "changes"):  # These need the templates of the wheel.
        options = ["--since", "2024-01-01", "--format", "html"] if command == "changes" else []
        done = installed.run("kcna-spider", command, *options, "-o", f"{command}.html")
        assert done.returncode == 0, done.stderr
        assert "</html>" in (installed.folder / f"{command}.html").read_text("utf-8")


def test_the_module_is_the_program(installed: Installed) -> None:
    spiders = installed.run("python", "-m", "kcna_spider", "list")
    assert spiders.stdout.split() == ["kcna_co_jp", "kcna_kp", "kcnawatch", "wayback"], spiders.stderr


def test_settings_of_another_project_are_used(installed: Installed) -> None:
    """Check the settings module that docs/how-to/install.md shows."""
    (sample,) = re.findall(
        r"```python\n(.*?)```", (ROOT / "docs" / "how-to" / "install.md").read_text("utf-8"), re.DOTALL
    )
    inside = Installed(installed.environment, installed.folder / "mine")
    inside.folder.mkdir()
    (inside.folder / "scrapy.cfg").write_text("[settings]\ndefault = my_settings\n", encoding="utf-8")
    (inside.folder / "my_settings.py").write_text(sample, encoding="utf-8")
    assert inside.run("kcna-spider", "settings", "--get", "CONTACT").stdout == "archive@example.org\n"
    assert "kcna_kp" in inside.run("kcna-spider", "list").stdout
    named = inside.run(
        "kcna-spider", "settings", "--get", "CONTACT", SCRAPY_SETTINGS_MODULE="kcna_spider.settings"
    )
    assert named.stdout == "\n"
    assert installed.run("kcna-spider", "settings", "--get", "BOT_NAME").stdout == "kcna_spider\n"
