"""The notebook and the program of the tutorial run on the archive of a crawl of the sample site."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from kcna_spider.sample_site.site_server import SampleSite
from tests.conftest import ROOT, Crawler

NOTEBOOK = ROOT / "examples" / "first_analysis.ipynb"
TUTORIAL = (ROOT / "docs" / "tutorial" / "first-crawl.md").read_text("utf-8")


def test_the_examples(
    scrapy: Crawler, site: SampleSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scrapy("crawl", "kcna_kp")
    site.world.epoch = 2
    scrapy("crawl", "kcna_kp", "-a", "recheck=20000")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("MONGODB_URI", scrapy.store.uri)
    monkeypatch.setenv("MONGODB_DATABASE", scrapy.store.database)
    notebook = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute(cwd=str(NOTEBOOK.parent))
    outputs = ["".join(map(str, cell.get("outputs", []))) for cell in notebook.cells]
    assert "Kim Jong Un Tours New Bakery" in outputs[-2]
    assert "deeply" in outputs[-2]
    assert "vega-lite" in "".join(outputs)
    export = re.findall(r"\$ scrapy (export .*) -o articles.csv", TUTORIAL)[0]
    scrapy(*export.split(), "-o", str(tmp_path / "articles.csv"))
    (program,) = re.findall(r"```python\n(.*?)```", TUTORIAL, re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")
