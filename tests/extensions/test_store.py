"""The connection that the parts of a crawl share."""

from __future__ import annotations

import logging
from contextlib import closing

import pytest
from scrapy.utils.test import get_crawler

from kcna_spider.extensions.store import StoreExtension
from kcna_spider.store.connection.client import StoreSettings


@pytest.mark.parametrize(("level", "shown"), [(logging.NOTSET, False), (logging.DEBUG, True)])
def test_no_debug_messages_of_pymongo_unless_wanted(
    store: StoreSettings, caplog: pytest.LogCaptureFixture, *, level: int, shown: bool
) -> None:
    caplog.set_level(level, "pymongo")
    caplog.set_level(logging.NOTSET)  # as Scrapy sets the root logger
    settings = {
        "MONGODB_URI": store.uri,
        "MONGODB_DATABASE": store.database,
        "MONGODB_EMBEDDED_PATH": store.path,
        "STORE_WAIT_SECONDS": store.wait_seconds,
        "MONGODB_WRITE_CONCERN": store.write_concern,
        "MONGODB_READ_CONCERN": store.read_concern,
    }
    with closing(StoreExtension.from_crawler(get_crawler(settings_dict=settings))):
        pass
    assert any(record.name.startswith("pymongo") for record in caplog.records) == shown
