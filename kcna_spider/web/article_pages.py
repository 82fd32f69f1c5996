"""The page of an article, the pages of its texts, and its reference."""

from __future__ import annotations

import re
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kcna_spider.export.diff import whole_text, word_diff
from kcna_spider.search import lookup
from kcna_spider.search.reader import Reader
from kcna_spider.search.translations import translations
from kcna_spider.web.photo_views import pictures_of
from kcna_spider.web.render import page, reading


def article(request: Request) -> Response:
    """Show an article: its current text, copies, events, photos, translations and similar articles."""
    with reading(request) as reader:
        found = _found(reader, request)
        texts = lookup.texts(reader, found)
        before, after = lookup.neighbours(reader, found["published"])
        similar = lookup.similar(reader, found)
        others = translations(reader, found)
        names = [name for one in found["photos"] for name in _files(one)]
        pictures = pictures_of(request, reader, names)
    return page(
        request,
        "article.html",
        article=found,
        texts=texts,
        cite=citation(found),
        before=before,
        after=after,
        similar=similar,
        translations=others,
        pictures=pictures,
        records=request.app.state.warc_folder is not None,
    )


def _files(photo: dict[str, Any]) -> list[str]:
    """Return the SHA-256 of the current and the former files of a photo."""
    return [photo["sha256"], *(change["before"] for change in photo["changes"])]


def revision(request: Request) -> Response:
    """Show one text of an article, and its differences from the previous text."""
    number = request.path_params["number"]
    with reading(request) as reader:
        found = _found(reader, request)
        texts = lookup.texts(reader, found)
    if number not in texts:
        raise HTTPException(404)
    earlier = [other for other in texts if other < number]
    differences = {}
    if earlier:
        old, new = texts[max(earlier)], texts[number]
        differences = {
            "title": word_diff(old["title"], new["title"], None),
            "body": word_diff(whole_text(old), whole_text(new), None),
        }
    return page(
        request,
        "revision.html",
        article=found,
        texts=texts,
        text=texts[number],
        number=number,
        differences=differences,
    )


def citation(found: dict[str, Any]) -> str:
    """Return the citation of an article as plain text. found: as `lookup.article` returns it."""
    place = f"{found['place']}, " if found["place"] else ""
    return f"Korean Central News Agency, “{found['title']}”, {place}{found['published']}, {found['url']}"


def cite(request: Request) -> Response:
    """Return the reference of an article as BibTeX or RIS."""
    with reading(request) as reader:
        found = _found(reader, request)
    if request.path_params["kind"] == "bib":
        return Response(_bibtex(found), media_type="application/x-bibtex; charset=utf-8")
    if request.path_params["kind"] == "ris":
        return Response(_ris(found), media_type="application/x-research-info-systems; charset=utf-8")
    raise HTTPException(404)


def _bibtex(found: dict[str, Any]) -> str:
    title = re.sub(r"([{}\\%&#$_])", r"\\\1", found["title"])
    fields = {
        "author": "{Korean Central News Agency}",
        "title": title,
        "date": found["published"],
        "url": found["url"],
        "langid": found["language"],
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{kcna{found['id']},\n{lines}\n}}\n"


def _ris(found: dict[str, Any]) -> str:
    day = found["published"].replace("-", "/")
    lines = ("TY  - NEWS", "AU  - Korean Central News Agency", f"TI  - {found['title']}", f"DA  - {day}",
             f"UR  - {found['url']}", f"LA  - {found['language']}", "ER  - ")  # fmt: skip
    return "\r\n".join(lines) + "\r\n"


def _found(reader: Reader, request: Request) -> dict[str, Any]:
    found = lookup.article(reader, request.path_params["key"])
    if found is None:
        raise HTTPException(404)
    return found
