"""The application: routes and errors."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from starlette.applications import Starlette
from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from kcna_spider.archives.stored_record import RecordError
from kcna_spider.search.query import QueryError
from kcna_spider.search.reader import SearchTimeoutError
from kcna_spider.search.tables import ArchiveFileError
from kcna_spider.web import (
    api,
    article_pages,
    change_pages,
    openapi,
    overviews,
    people_pages,
    photo_views,
    records,
    searches,
    side_by_side,
)
from kcna_spider.web.guard import PHOTO_FILES, Guard
from kcna_spider.web.render import page

_HEADINGS = {400: "This query cannot be understood", 404: "Not found", 410: "This record cannot be shown"}


class _NumberConvertor(IntegerConvertor):
    """Matches numbers that SQLite can compare; the converter `int` also accepts thousands of digits."""

    regex = "[0-9]{1,9}"


register_url_convertor("number", _NumberConvertor())
ROUTES = [
    Route("/", searches.search, name="search"),
    Route("/search.atom", searches.feed, name="feed"),
    Route("/search.{kind}", searches.export, name="export"),
    Route("/article/{key}.{kind}", article_pages.cite, name="cite"),
    Route("/article/{key}", article_pages.article, name="article"),
    Route("/article/{key}/{number:number}", article_pages.revision, name="revision"),
    Route("/article/{key}/{number:number}/with/{other:number}", side_by_side.texts, name="two_texts"),
    Route("/article/{key}/with/{other}", side_by_side.articles, name="two_articles"),
    Route("/article/{key}/record/{number:number}", records.record, name="record"),
    Route("/photo/{key}", photo_views.photo_page, name="photo"),
    Route(f"{PHOTO_FILES}{{key}}", photo_views.photo_file, name="photo_file"),
    Route("/day/{day}", overviews.day, name="day"),
    Route("/month/{month}", overviews.month, name="month"),
    Route("/changes", change_pages.changes_page, name="changes"),
    Route("/changes.atom", change_pages.changes_feed, name="changes_feed"),
    Route("/places", overviews.places, name="places"),
    Route("/trends", overviews.trends_page, name="trends"),
    Route("/trends.csv", overviews.trends_csv, name="trends_csv"),
    Route("/appearances", people_pages.appearances_page, name="appearances"),
    Route("/appearances.csv", people_pages.appearances_csv, name="appearances_csv"),
    Route("/people", people_pages.people_page, name="people"),
    Route("/people/{key}", people_pages.person_page, name="person"),
    Route("/about", overviews.about, name="about"),
    Route("/api/v1/search", api.search, name="api_search"),
    Route("/api/v1/articles/{key}", api.article, name="api_article"),
    Route("/api/v1/counts", api.counts, name="api_counts"),
    Route("/api/v1/appearances", api.appearances, name="api_appearances"),
    Route("/api/v1/changes", api.changes, name="api_changes"),
    Route("/api/v1/photos/{key}", api.photo, name="api_photo"),
    Route("/api/v1/photos/{key}/similar", api.similar_photos, name="api_similar_photos"),
    Route("/api/v1/openapi.json", openapi.openapi, name="openapi"),
    Route("/favicon.ico", overviews.no_icon),
    Mount("/static", StaticFiles(packages=[("kcna_spider.web", "static")]), name="static"),
]


class _Compression(GZipMiddleware):
    """Compress all responses except photos, which are already compressed."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_photo = scope["type"] == "http" and scope["path"].startswith(PHOTO_FILES)
        await (self.app if is_photo else super().__call__)(scope, receive, send)


def create_app(
    path: Path,
    seconds: float,
    warc_folder: Path | None = None,
    photo_folder: Path | None = None,
    hosts: Collection[str] | None = (),
) -> Guard:
    """Return the application for an archive file. seconds: time limit of one SQL statement.

    warc_folder: folder of the WARC files that copies name, or None to show no records. photo_folder: folder
    of the photo files, or None to show no photos. hosts: as in `Guard`.
    """
    app = Starlette(
        routes=ROUTES,
        middleware=[Middleware(_Compression, minimum_size=1000)],
        exception_handlers={
            QueryError: _mistake,
            SearchTimeoutError: _timeout,
            ArchiveFileError: _unavailable,
            RecordError: _no_record,
            404: _missing,
            500: _failed,
        },
    )
    app.state.path, app.state.seconds = path, seconds
    app.state.warc_folder, app.state.photo_folder = warc_folder, photo_folder
    return Guard(app, hosts)  # outside of the application, so that its error pages have the headers too


def _error(request: Request, status: int, message: str) -> Response:
    if request.url.path.startswith("/api/"):
        return api.error(message, status)
    heading = _HEADINGS.get(status, "Not possible now")
    query = request.query_params.get("q", "")
    return page(request, "error.html", status=status, heading=heading, message=message, query=query)


def _mistake(request: Request, error: Exception) -> Response:
    return _error(request, 400, str(error))


def _timeout(request: Request, error: Exception) -> Response:
    return _error(request, 503, f"{error}: make the query narrower, for example with date:")


def _unavailable(request: Request, error: Exception) -> Response:  # noqa: ARG001  # its message has paths
    return _error(request, 503, "the archive file cannot be read; `scrapy index` builds it")


def _no_record(request: Request, error: Exception) -> Response:
    return _error(request, 410, str(error))


def _missing(request: Request, error: Exception) -> Response:  # noqa: ARG001
    return _error(request, 404, "there is no such page, article or photo")


def _failed(request: Request, error: Exception) -> Response:  # noqa: ARG001  # visitors get no traceback
    return _error(request, 500, "this page could not be made; the server's log says why")
