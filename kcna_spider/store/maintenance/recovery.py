"""Complete interrupted writes of articles and revisions after a crawl was killed. Nothing is removed.

A first text is written to `articles` and then to `revisions`, a later one to `revisions` and then to
`articles`. A kill in between leaves an article without its first revision, or a revision that its article
does not name yet. Both can be completed from the other document.
"""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
from pathlib import Path

from bson import ObjectId
from pymongo.database import Database

from kcna_spider.store.connection.calls import batched
from kcna_spider.store.model.types import Document
from kcna_spider.store.write.revisions import Revisions, catch_up
from kcna_spider.text.dates import utc_now

CHUNK = 200
_FAR = dt.datetime.max.replace(tzinfo=dt.UTC)
_A_SECOND = dt.timedelta(seconds=1)  # an ObjectId has whole seconds only
# A crawl whose process cannot be checked counts as killed if it has not ended this long after its start.
_FORGOTTEN = dt.timedelta(days=3)
_CLOCK_CHANGES = dt.timedelta(hours=1)  # the start of a process moves if the clock is set
_BEGUN = utc_now()  # no run of this process is older
CAN_PROBE = os.name != "nt"  # on Windows `os.kill(pid, 0)` sends Ctrl-C instead of testing the process


def repair(database: Database[Document], now: dt.datetime) -> int:
    """Complete interrupted writes of killed crawls; return how many documents were missing or outdated.

    Articles and revisions are read only if a crawl was killed.
    """
    killed = [
        run
        for run in database["runs"].find({"finished_at": None, "finish_reason": None})
        if _is_dead(run, now)
    ]
    if not killed:
        return 0
    since = min(run["started_at"] for run in killed)
    completed = complete(database, since)
    database["runs"].update_many(
        {"_id": {"$in": [run["_id"] for run in killed]}}, {"$set": {"finish_reason": "killed"}}
    )
    return completed


def complete(database: Database[Document], since: dt.datetime) -> int:
    """Complete interrupted writes of any crawl since a timestamp.

    Return how many documents were missing or outdated.
    """
    return _first_revisions(database, since) + _later_revisions(database, since)


def _is_dead(run: Document, now: dt.datetime) -> bool:
    process = run.get("process") or {}
    if process.get("host") != platform.node() or not CAN_PROBE:
        return bool(now - run["started_at"] > _FORGOTTEN)
    if process["pid"] == os.getpid() and run["started_at"] < _BEGUN:
        return True  # a container gives each of its first processes the same identifier
    try:
        os.kill(process["pid"], 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    begun = _process_started_at(process["pid"])
    if begun is None:
        return bool(now - run["started_at"] > _FORGOTTEN)
    return bool(begun > run["started_at"] + _CLOCK_CHANGES)  # another process has the identifier now


def _process_started_at(pid: int) -> dt.datetime | None:
    """Return when a process started, or None if the system has no /proc."""
    try:
        ticks = int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19])
        boot = re.search(r"^btime (\d+)$", Path("/proc/stat").read_text(encoding="utf-8"), re.MULTILINE)
    except (OSError, IndexError, ValueError):
        return None
    if not boot:
        return None
    seconds = int(boot[1]) + ticks / os.sysconf("SC_CLK_TCK")
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def _first_revisions(database: Database[Document], since: dt.datetime) -> int:
    revisions = Revisions(database)
    begun = ObjectId.from_datetime(since - _A_SECOND)
    # Select by the time of writing, which the identifier has: a capture was seen long before it is stored.
    inserted = database["articles"].find({"_id": {"$gte": begun, "$lte": ObjectId("f" * 24)}})
    return sum(revisions.ensure_first(chunk) for chunk in batched(inserted, CHUNK))


def _later_revisions(database: Database[Document], since: dt.datetime) -> int:
    """Add later revisions to the articles that lack them, in the order of their numbers."""
    articles, revisions = database["articles"], database["revisions"]
    found = revisions.find({"stored_at": {"$gte": since, "$lte": _FAR}, "number": {"$gt": 1}})
    completed = 0
    for chunk in batched(found.sort("stored_at"), CHUNK):
        waiting = sorted(chunk, key=lambda revision: revision["number"])
        while waiting:
            added = [revision for revision in waiting if catch_up(articles, revision)]
            completed += len(added)
            # If another machine's clock is wrong, the next revision may have an earlier `stored_at`.
            following = [f"{revision['article']}-{revision['number'] + 1}" for revision in added]
            waiting = list(revisions.find({"_id": {"$in": following}})) if added else []
    return completed
