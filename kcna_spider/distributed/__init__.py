"""Several `scrapy crawl` processes, on any machines, that share one crawl through Redis: `-s CLUSTER=redis://host`.

One worker leads: it alone walks the listings, whose steps hang together (sessions, tokens, where a walk ends). The stories that it
finds go into a queue in Redis, and all workers, the leader too, take from it. A worker that dies is replaced: what it had taken comes
back when its lease has run out, and another one leads. The queue and the duplicate filter are scrapy-redis's; `frontier` adds what
it lacks, `scheduler` is Scrapy's side, `held` is what a worker has taken, `lead` decides who leads, `late` keeps what listings say
of a story that is queued already, `gate` keeps all workers together to the pace of one.
"""

from __future__ import annotations

from scrapy.settings import BaseSettings

from kcna_spider.exceptions import ArgumentError

_LEAST_AT_ONCE = 2


def share(settings: BaseSettings, spider: str, *, shareable: bool) -> None:
    """Let a spider with these settings be one worker of a crawl; ArgumentError where it can't be. Nothing without CLUSTER."""
    url = settings.get("CLUSTER")
    if not url:
        return
    if not shareable:
        raise ArgumentError(f"CLUSTER: the spider '{spider}' reads from one place and can't be shared; run it without")
    if not str(url).startswith(("redis://", "rediss://", "unix://")):
        raise ArgumentError("CLUSTER is no address of a Redis server, e.g. redis://127.0.0.1:6379/0")
    settings.set("STORIES_KEPT_BACK", 1, priority="spider")  # the other workers wait for stories
    settings.set("SCHEDULER", "kcna_spider.distributed.scheduler.ClusterScheduler", priority="spider")
    settings.set("SPIDER_MIDDLEWARES", {**settings.getdict("SPIDER_MIDDLEWARES"), "kcna_spider.distributed.leader.Lead": 10}, priority="spider")
    if settings.getfloat("DOWNLOAD_DELAY"):  # what one worker has taken and must wait with, the others could ask for
        at_once = max(_LEAST_AT_ONCE, 2 * settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"))
        settings.set("CONCURRENT_REQUESTS", min(at_once, settings.getint("CONCURRENT_REQUESTS")), priority="spider")
