"""Modules and data of the process from which `tests.processes` forks `scrapy`: every crawl would load them.

The settings are missing because they read the environment, and the event loop because a fork must not share
it. The modules of distributed crawls are missing because other crawls must not load them.
"""

from __future__ import annotations

import gc
import importlib
import pkgutil

import scrapy.commands
from scrapy import Request
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.settings import default_settings
from scrapy.utils.misc import load_object

import kcna_spider
from kcna_spider.text.languages import guess_language

MODULES = (
    "cryptography.hazmat.backends.openssl.backend",
    "pymongo",
    "rich._emoji_codes",
    "scrapy.cmdline",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.pipelines",
    "Stemmer",
)
CLASSES = (
    "DUPEFILTER_CLASS",
    "ROBOTSTXT_PARSER",
    "SCHEDULER",
    "SCHEDULER_MEMORY_QUEUE",
    "SCHEDULER_PRIORITY_QUEUE",
    "STATS_CLASS",
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
for setting in CLASSES:
    load_object(getattr(default_settings, setting))
for setting in COMPONENTS:
    for path in getattr(default_settings, setting):
        load_object(path)
for package in (scrapy.commands, kcna_spider):
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not module.name.startswith(LEFT_OUT):
            importlib.import_module(module.name)
# The first cookie loads the list of public suffixes, which takes 0.15 s.
CookiesMiddleware().process_request(Request("http://example.org/", cookies={"name": "value"}))
# The first guess reads a model, which takes 0.5 s.
guess_language("a b", ("en", "es"))
# A child's garbage collection would otherwise touch, and so copy, the memory of all these objects.
gc.collect()
gc.freeze()
