"""What the process loads from which `tests.processes` forks `scrapy`: all that every crawl would load for itself.

Not the settings, which read the environment; not what only a distributed crawl loads; and not the event loop, which a
fork must not share.
"""

from __future__ import annotations

import importlib
import pkgutil

from scrapy import Request
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.settings import default_settings
from scrapy.utils.misc import load_object

import kcna_spider

MODULES = (
    "scrapy.cmdline",
    "scrapy.commands",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.pipelines",
    "pymongo",
)
COMPONENTS = (
    "EXTENSIONS_BASE",
    "DOWNLOADER_MIDDLEWARES_BASE",
    "SPIDER_MIDDLEWARES_BASE",
    "SPIDER_CONTRACTS_BASE",
)
LEFT_OUT = ("kcna_spider.settings", "kcna_spider.distributed")

for name in MODULES:
    importlib.import_module(name)
for setting in COMPONENTS:
    for path in getattr(default_settings, setting):
        load_object(path)
for module in pkgutil.walk_packages(kcna_spider.__path__, "kcna_spider."):
    if not module.name.startswith(LEFT_OUT):
        importlib.import_module(module.name)
# The first cookie loads the list of public suffixes, which takes 0.15 s.
CookiesMiddleware().process_request(Request("http://example.org/", cookies={"name": "value"}))
