"""The index and the captures of web.archive.org in the sample site."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable

from kcna_spider.sample_site.kcna_co_jp_pages import cojp, cojp_url
from kcna_spider.sample_site.kcna_kp_2022_pages import q_url
from kcna_spider.sample_site.kcna_kp_pages import detail_url, kp
from kcna_spider.sample_site.kcnawatch_pages import watch, watch_url
from kcna_spider.sample_site.site_http import PageRequest, PageResponse, missing
from kcna_spider.sample_site.site_state import World
from kcna_spider.sample_site.stories import Story

LIVE_SITES: dict[str, Callable[[PageRequest, World], PageResponse]] = {
    "kcnawatch.org": watch,
    "kcnawatch.xyz": watch,
    "kcna.kp": kp,
    "kcna.co.jp": cojp,
}
CAPTURED = ("20240401000000", "20240601000000")  # timestamps of the captures at epoch 1 and epoch 2


def captures(world: World) -> list[list[str]]:
    """Return the rows of the index: one for each page and epoch. Equal texts of a URL have equal digests."""
    urls: dict[str, Story] = {}
    for story in world.stories:
        mine = [
            *([watch_url(story)] if story.watch else []),
            *([detail_url(story)] if story.kp else []),
            *([cojp_url(story)] if story.cojp else []),
        ]
        mine += (
            [q_url(story, category) for category in story.categories]
            if story.kp and story.code == "en"
            else []
        )
        urls |= {url.partition("#")[0]: story for url in mine}
    rows = []
    for url, story in sorted(urls.items()):
        for epoch, stamp in enumerate(CAPTURED, 1):
            if story.live(epoch):
                digest = hashlib.sha1("".join([url, *story.text(epoch)]).encode()).hexdigest()[:32]
                rows.append([url, stamp, url, "text/html", "200", digest])
    return rows


def wayback(request: PageRequest, world: World) -> PageResponse:
    """Return a slice of the index, or a captured page."""
    if request.path == "/cdx/search/cdx":
        bare = re.compile(r"^https?://(?:www\.)?")
        prefix = request.query["url"].rstrip("*")
        rows = [row for row in captures(world) if bare.sub("", row[2]).startswith(prefix)]
        start, count = int(request.query.get("resumeKey", 0)), int(request.query["limit"])
        table = [request.query["fl"].split(","), *rows[start : start + count]]
        table += [[], [str(start + count)]] if start + count < len(rows) else []
        return PageResponse(json.dumps(table).encode(), content_type="application/json")
    m = re.fullmatch(r"/web/(\d{14})id_/(https?):/+(.+)", request.path)
    if not m or m[1] not in CAPTURED:
        return missing()
    inner = PageRequest("GET", f"{m[2]}://{m[3]}", {})
    return LIVE_SITES[inner.host](inner, World(epoch=CAPTURED.index(m[1]) + 1, era=2026))
