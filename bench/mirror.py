"""The developers' replica with an index.

It sends the same responses, but does not search all its stories for each page.

The benchmarks start this program instead of the replica: with tens of thousands of stories, the replica
itself would be slower than the code that is measured.
"""

from __future__ import annotations

import asyncio
import sys
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "shared" / "replica"))
import serve
import sites

HOST = "http://www.kcna.co.jp"
seen_through = sites.kcna_co_jp
States: list[Any] = []


@cache
def stories_on(site: str, epoch: int) -> list[Any]:
    """Return the live stories of a site, newest first."""
    found = [story for story in States[0].stories if story.live(epoch) and story.urls.get(site)]
    return sorted(found, key=lambda story: (story.published, story.id), reverse=True)


def on(state: Any, site: str) -> list[Any]:
    """Replace `State.on`."""
    States[:] = [state]
    return stories_on(site, state.epoch)


@cache
def days(epoch: int) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """Return the stories by the path of their day, and by the path of a page with a day's articles."""
    listed: dict[str, list[Any]] = {}
    for story in stories_on("kcna.co.jp", epoch):
        listed.setdefault(sites.cojp_day_path(story.day_on("kcna.co.jp")), []).append(story)
    old = (stories for stories in listed.values() if stories[0].day_on("kcna.co.jp") < sites.NEW_COJP)
    return listed, {urlsplit(stories[0].urls["kcna.co.jp"][0]).path: stories for stories in old}


def kcna_co_jp(request: Any, state: Any) -> Any:
    """Return the replica's response."""
    on(state, "kcna.co.jp")
    listed, old = days(state.epoch)
    if stories := listed.get(request.path):
        return sites.cojp_day(stories)
    if stories := old.get(request.path):
        return sites.cojp_old_articles(stories, state)
    story = state.by_url.get(HOST + request.path)
    if story and story.day_on("kcna.co.jp") >= sites.NEW_COJP and story.live(state.epoch):
        return sites.cojp_article(story, state)
    return seen_through(request, state)


if __name__ == "__main__":
    sites.State.on = on
    sites.SITES |= {"www.kcna.co.jp": kcna_co_jp, "kcna.co.jp": kcna_co_jp}
    asyncio.run(serve.main())
