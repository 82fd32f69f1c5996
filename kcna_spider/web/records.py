"""The page of a stored WARC record: the response of a site as text."""

from __future__ import annotations

import codecs
import re
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kcna_spider.archives.exchange import RecordLocation
from kcna_spider.archives.stored_record import StoredRecord, read_record
from kcna_spider.search import lookup
from kcna_spider.web.render import page, reading

_MOST_BYTES = 1_000_000  # shown of a page's source
_SNIFFED = 2_048  # first bytes of a page that are searched for its encoding
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_TEXT = re.compile(r"text/|application/(xhtml|xml|json|javascript)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Python's names. Other codecs are no encodings of web pages, or are slow for hostile input.
_ENCODINGS = frozenset({
    "utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252", "cp1251", "koi8-r", "iso8859-5", "utf-16",
    "utf-16-le", "utf-16-be", "euc_kr", "cp949", "johab", "shift_jis", "cp932", "euc_jp", "iso2022_jp",
    "gb2312", "gbk", "gb18030", "big5", "iso2022_kr",
})  # fmt: skip


def record(request: Request) -> Response:
    """Show the WARC record of a copy: its headers, its digest, and the source of the page."""
    folder = request.app.state.warc_folder
    with reading(request) as reader:
        found = lookup.article(reader, request.path_params["key"])
    number = request.path_params["number"]
    if found is None or folder is None or not 1 <= number <= len(found["copies"]):
        raise HTTPException(404)
    copy: dict[str, Any] = found["copies"][number - 1]
    if not copy["warc_file"]:
        raise HTTPException(404)
    location = RecordLocation(str(copy["warc_file"]), copy["warc_offset"])
    stored = read_record(folder, location, copy["url"], _MOST_BYTES)
    return page(
        request,
        "record.html",
        article=found,
        copy=copy,
        record=stored,
        source=source_of(stored),
        most_bytes=_MOST_BYTES,
    )


def source_of(stored: StoredRecord) -> str | None:
    """Return the body of a record as text, or None if it is not text or is still compressed."""
    content_type = next(
        (value for name, value in stored.http_headers if name.lower() == "content-type"),
        stored.headers.get("content-type", "") if stored.status is None else "",
    )
    if stored.packed or (content_type and not _TEXT.match(content_type)):
        return None
    text = stored.body.decode(_encoding(content_type, stored.body), "replace")
    return _CONTROL.sub("\ufffd", text)


def _encoding(content_type: str, body: bytes) -> str:
    for stated in (content_type, body[:_SNIFFED].decode("latin-1")):
        for name in _CHARSET.findall(stated)[:1]:
            try:
                known = codecs.lookup(name).name
            except LookupError:
                continue
            if known in _ENCODINGS:
                return known
    return "utf-8"
