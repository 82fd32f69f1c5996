"""The connection that the parts of a crawl share."""

from __future__ import annotations

import logging

import pytest

from kcna_spider.extensions.store import skip_debug_messages
from kcna_spider.store.archive import Archive


@pytest.mark.parametrize(("level", "shown"), [(logging.NOTSET, False), (logging.DEBUG, True)])
def test_no_debug_messages_of_pymongo_unless_wanted(
    archive: Archive, caplog: pytest.LogCaptureFixture, *, level: int, shown: bool
) -> None:
    caplog.set_level(level, "pymongo")
    caplog.set_level(logging.NOTSET)  # as Scrapy sets the root logger
    skip_debug_messages()
    archive.database["articles"].find_one()
    assert any(record.name.startswith("pymongo") for record in caplog.records) == shown
