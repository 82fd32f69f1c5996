"""The URI overrides the settings; options in neither are bounded and safe, and none is ignored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kcna_spider.exceptions import StoreError
from kcna_spider.store.connection.options import client_options, problem_of_name, selection_seconds

HOST = "mongodb://h/d"


def options(query: str = "", write: str = "majority", read: str = "majority", **more: Any) -> dict[str, Any]:
    return client_options(HOST + query, write, read, **{"reading": False, **more})


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"socketTimeoutMS": 30_000, "wTimeoutMS": 20_000}),
        ("?timeoutMS=5000", {}),
        ("?socketTimeoutMS=5000", {}),
        ("?wTimeoutMS=5000", {"socketTimeoutMS": 30_000}),
        ("?wtimeoutMS=60000&appName=x", {"socketTimeoutMS": 120_000}),
    ],
)
def test_every_operation_is_bounded(query: str, expected: dict[str, int]) -> None:
    found = options(query)
    assert {
        name: found[name] for name in ("timeoutMS", "socketTimeoutMS", "wTimeoutMS") if name in found
    } == expected


def test_reading_takes_longer_and_is_retried() -> None:
    crawl, reading = options(), options(reading=True)
    assert reading["socketTimeoutMS"] == 20 * crawl["socketTimeoutMS"]
    assert (crawl["retryReads"], reading["retryReads"]) == (False, True)


def test_what_the_uri_names_stays() -> None:
    query = "?appName=mine&serverSelectionTimeoutMS=30000&retryReads=true&readPreference=secondary"
    assert not {"appname", "serverSelectionTimeoutMS", "retryReads"}.intersection(options(query))
    assert selection_seconds(HOST + query) == 30.0
    assert selection_seconds(HOST) is None


@pytest.mark.parametrize(
    ("query", "write", "read", "level"),
    [
        ("", "majority", "majority", "majority"),
        ("", "majority", "local", None),
        ("", "1", "majority", None),
        ("", "2", "majority", None),
        ("?w=1", "majority", "majority", None),
        ("?w=majority", "1", "majority", "majority"),
    ],
)
def test_a_crawl_reads_what_it_wrote(query: str, write: str, read: str, level: str | None) -> None:
    assert options(query, write, read).get("readConcernLevel") == level


@pytest.mark.parametrize(
    ("query", "write", "read", "line"),
    [
        ("?w=1&readConcernLevel=majority", "majority", "majority", "cannot be combined with w=1"),
        ("?readConcernLevel=linearizable", "majority", "majority", "readConcernLevel=linearizable: it is"),
        ("", "majority", "banana", "MONGODB_READ_CONCERN=banana: it is majority or local"),
        ("", "0", "majority", "w=0"),
        ("?readConcernLevle=local", "majority", "majority", "no option readConcernLevle"),
        ("?w=1;wibble=1", "majority", "majority", "no option wibble"),
        ("?wTimeoutMS=soon", "majority", "majority", "the value of the option wTimeoutMS"),
        ("?tls=true&tlsCAFile=/no/such/file", "majority", "majority", "the file of tlsCAFile cannot be read"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(query: str, write: str, read: str, line: str) -> None:
    with pytest.raises(StoreError) as caught:
        options(query, write, read)
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_secret_in_an_option_is_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_text("")
    query = f"?tlsCertificateKeyFile={file}&tlsCertificateKeyFilePassword=a%26b%3Dsecret&wibble=secret"
    with pytest.raises(StoreError) as caught:
        options(query)
    assert str(caught.value) == "MONGODB_URI: there is no option wibble"


def test_names_of_databases() -> None:
    assert problem_of_name("kcna_2") is None
    assert problem_of_name("") is None
    assert problem_of_name("my db") == "a database's name has no ' '"
    assert problem_of_name("x" * 64) == "a database's name has at most 63 bytes"


def test_our_own_server_names_its_concerns() -> None:
    found = client_options("mongodb://h/d?w=1&journal=true", "", "", reading=False, embedded=True)
    assert not {"w", "journal", "readConcernLevel", "wTimeoutMS"}.intersection(found)
    assert found["socketTimeoutMS"] == 600_000, "sorting a large collection takes longer than 30 s"
