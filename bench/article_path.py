"""Count the files and functions of the package that run for one article, from its response to its storage.

python -m bench.article_path crawls one article of the sample site. The counts say how much code an engineer
must read to follow an article through the package.
"""

from __future__ import annotations

import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

from scrapy.crawler import CrawlerProcess
from scrapy.utils.project import get_project_settings

from kcna_spider.base_spiders.archive_spider import ArchiveSpider
from kcna_spider.sample_site.site_server import SampleSite

PACKAGE = Path(__file__).resolve().parents[1] / "kcna_spider"
MAX_FILES, MAX_FUNCTIONS = 25, 110
_BEGIN, _END = ArchiveSpider.parse_article.__code__, ArchiveSpider.item_done.__code__


class Trace:
    """Functions that run from `parse_article` to the signal that the article is stored, in any thread."""

    def __init__(self) -> None:
        self.active = False
        self.ran: set[tuple[str, str]] = set()

    # `sys.setprofile` defines this signature.
    def __call__(self, frame: FrameType, event: str, argument: Any) -> None:  # noqa: ARG002
        """Record the function of a call."""
        if event != "call":
            return
        code = frame.f_code
        self.active = self.active or code is _BEGIN
        if self.active and code.co_filename.startswith(str(PACKAGE)) and not code.co_name.startswith("<"):
            self.ran.add((str(Path(code.co_filename).relative_to(PACKAGE)), code.co_qualname))
        if code is _END:
            self.active = False


def main() -> int:
    """Print the number of functions of each file; return exit code 1 if a bound is exceeded."""
    trace = Trace()
    with SampleSite() as site, tempfile.TemporaryDirectory() as folder:
        import os

        os.environ |= {"http_proxy": site.proxy, "https_proxy": site.proxy, "MONGODB_EMBEDDED_PATH": folder}
        settings = get_project_settings()
        settings.update(
            {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "LOG_LEVEL": "ERROR"}, priority="cmdline"
        )
        process = CrawlerProcess(settings)
        day = "2024-03-05"  # This day has one article, and the crawl reads its listing first.
        process.crawl("kcna_kp", category="World", since=day, until=day)
        threading.setprofile(trace)
        sys.setprofile(trace)
        process.start()
        sys.setprofile(None)
        threading.setprofile(None)
    files = Counter(file for file, _ in trace.ran)
    for file, number in sorted(files.items()):
        print(f"{number:4} {file}: {', '.join(sorted(name for where, name in trace.ran if where == file))}")
    print(f"{len(files)} files (at most {MAX_FILES}), {len(trace.ran)} functions (at most {MAX_FUNCTIONS})")
    return int(len(files) > MAX_FILES or len(trace.ran) > MAX_FUNCTIONS)


if __name__ == "__main__":
    raise SystemExit(main())
