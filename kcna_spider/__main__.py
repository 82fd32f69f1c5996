"""The program `kcna-spider`: Scrapy's command line with this project's settings, usable in any folder."""

from __future__ import annotations

import os

from scrapy.cmdline import execute
from scrapy.utils.conf import get_config
from scrapy.utils.project import ENVVAR

_SETTINGS_MODULE = "kcna_spider.settings"


def main() -> None:
    """Run Scrapy's command line.

    If SCRAPY_SETTINGS_MODULE or a scrapy.cfg names a settings module, that one replaces this project's.
    """
    project = os.environ.get("SCRAPY_PROJECT", "default")
    if not get_config().has_option("settings", project):
        os.environ.setdefault(ENVVAR, _SETTINGS_MODULE)
    execute()


if __name__ == "__main__":
    main()
