"""A connection to the database, or one clear error."""

from __future__ import annotations

import pytest
from scrapy.utils.project import get_project_settings

from kcna_spider.exceptions import StoreError
from kcna_spider.store.connection.client import Connection, StoreSettings, masked


@pytest.mark.parametrize(
    ("uri", "part"),
    [
        (
            "mongodb://user:secret@127.0.0.1:1/kcna?serverSelectionTimeoutMS=500",
            "cannot be reached at mongodb://user:***@127.0.0.1:1/kcna",
        ),
        ("mongo//nowhere", "is not a MongoDB address"),
        ("mongodb://127.0.0.1:99999/kcna", "is not a MongoDB address"),
    ],
)
def test_one_clear_error(uri: str, part: str) -> None:
    with pytest.raises(StoreError) as caught:
        Connection(StoreSettings(uri=uri))
    assert part in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("mongodb://u:p%40ss@h/d", "mongodb://u:***@h/d"),
        ("mongodb+srv://u:p@h/d and mongodb://x:y@z", "mongodb+srv://u:***@h/d and mongodb://x:***@z"),
        ("mongodb://h/d", "mongodb://h/d"),
    ],
)
def test_passwords_are_masked(uri: str, expected: str) -> None:
    assert masked(uri) == expected


def test_settings_of_scrapy() -> None:
    settings = get_project_settings()
    for name in ("MONGODB_URI", "MONGODB_DATABASE", "MONGODB_EMBEDDED_PATH"):
        settings.set(
            name,
            {"MONGODB_URI": "mongodb://h", "MONGODB_DATABASE": "d", "MONGODB_EMBEDDED_PATH": "p"}[name],
            priority="cmdline",
        )
    assert StoreSettings.from_settings(settings) == StoreSettings("mongodb://h", "d", "p")
