"""Write rows as CSV, JSON Lines or Parquet, with one row in memory, or _PARQUET_ROWS for Parquet."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from kcna_spider.exceptions import KcnaError
from kcna_spider.store.connection.calls import batched
from kcna_spider.text.dates import iso_time

Row = dict[str, Any]
_PARQUET_ROWS = 2_000
# Spreadsheets interpret a cell that begins with one of these as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain(value: Any) -> Any:
    """Return a value for JSON: dates and timestamps as ISO 8601, timestamps in UTC with Z."""
    if isinstance(value, dt.datetime):
        return iso_time(value, "milliseconds")
    return value.isoformat() if isinstance(value, dt.date) else value


def cell(value: Any, *, excel: bool = False) -> str:
    """Return a value as a CSV cell: lists joined by " | ", None as "", other values as text.

    excel: put an apostrophe before a text that a spreadsheet would interpret as a formula.
    """
    if value is None:
        return ""
    text = " | ".join(map(str, value)) if isinstance(value, list) else str(plain(value))
    return f"'{text}" if excel and text.startswith(_FORMULA) else text


# `columns` is unused because all writers have the same signature.
def write_jsonl(rows: Iterator[Row], columns: list[str], file: IO[str]) -> int:  # noqa: ARG001
    """Write one JSON object per line; return the number of rows."""
    number = 0
    for row in rows:
        file.write(json.dumps({name: plain(value) for name, value in row.items()}, ensure_ascii=False) + "\n")
        number += 1
    return number


def without_formulas(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield rows as text, in which no text would be interpreted as a formula by a spreadsheet."""
    for row in rows:
        yield {name: cell(value, excel=True) for name, value in row.items()}


def write_csv(rows: Iterator[Row], columns: list[str], file: IO[str], *, excel: bool = False) -> int:
    """Write a table with a header; return the number of rows.

    excel: write a BOM, so that Excel detects UTF-8, and no cell that it would interpret as a formula.
    """
    if excel:
        file.write("\ufeff")
    writer = csv.writer(file)
    writer.writerow(columns)
    number = 0
    for row in rows:
        writer.writerow([cell(row[name], excel=excel) for name in columns])
        number += 1
    return number


def write_parquet(rows: Iterator[Row], columns: list[str], path: Path) -> int:
    """Write a Parquet file with typed columns; return the number of rows.

    Raise KcnaError if pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise KcnaError("--format parquet needs pyarrow: pip install 'kcna_spider[parquet]'") from None
    schema = pa.schema([(name, _parquet_type(pa, name)) for name in columns])
    number = 0
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for chunk in batched(rows, _PARQUET_ROWS):
            writer.write_table(pa.Table.from_pylist(chunk, schema=schema))
            number += len(chunk)
    return number


def _parquet_type(pa: Any, name: str) -> Any:
    if name in ("published", "dateline_date"):
        return pa.date32()
    if name.endswith(("_seen", "_at")):
        return pa.timestamp("ms", tz="UTC")
    if name in ("categories", "sites", "urls", "live_urls"):
        return pa.list_(pa.string())
    if name in ("revision", "texts", "number", "position", "width", "height", "altered"):
        return pa.int32()
    if name == "bytes":
        return pa.int64()
    return pa.bool_() if name == "trivial" else pa.string()
