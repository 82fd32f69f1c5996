"""Configure a crawl as a worker of a distributed crawl; only then is `kcna_spider.distributed` loaded."""

from __future__ import annotations

from scrapy.settings import BaseSettings

from kcna_spider.exceptions import ArgumentError
from kcna_spider.store.connection.masking import masked

_MIN_REQUESTS = 2


def distribute(settings: BaseSettings, spider: str, *, distributable: bool) -> None:
    """Change the settings of a spider so that it is one worker of a distributed crawl.

    Raise ArgumentError if the spider is not distributable, the URL is not valid, or a library is missing.
    """
    url = str(settings["DISTRIBUTED_REDIS_URL"])
    if not distributable:
        raise ArgumentError(
            f"DISTRIBUTED_REDIS_URL: the spider '{spider}' reads from one place and cannot be shared; run "
            "it without"
        )
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise ArgumentError(
            "DISTRIBUTED_REDIS_URL is no URL of a Redis server, e.g. redis://127.0.0.1:6379/0"
        )
    try:
        import redis
        import scrapy_redis  # noqa: F401
    except ImportError:
        raise ArgumentError(
            "DISTRIBUTED_REDIS_URL needs scrapy-redis: pip install 'kcna_spider[distributed]'"
        ) from None
    try:
        redis.connection.parse_url(url)  # type: ignore[no-untyped-call]
    except ValueError as error:
        raise ArgumentError(f"DISTRIBUTED_REDIS_URL is not valid: {masked(str(error))}") from None
    settings.set("LISTING_MERGE_LIMIT", 1, priority="spider")  # the other workers wait for articles
    settings.set("SCHEDULER", "kcna_spider.distributed.scheduler.DistributedScheduler", priority="spider")
    leader = {"kcna_spider.distributed.leader.LeaderMiddleware": 10}
    settings.set(
        "SPIDER_MIDDLEWARES", {**settings.getdict("SPIDER_MIDDLEWARES"), **leader}, priority="spider"
    )
    limiter = {"kcna_spider.distributed.rate_limiter.RateLimiterMiddleware": 995}  # nearest to the downloader
    settings.set(
        "DOWNLOADER_MIDDLEWARES", {**settings.getdict("DOWNLOADER_MIDDLEWARES"), **limiter}, priority="spider"
    )
    # Each worker leases few requests, because others could fetch those that it cannot send yet.
    if settings.getfloat("DOWNLOAD_DELAY"):
        settings.set(
            "CONCURRENT_REQUESTS",
            max(_MIN_REQUESTS, 2 * settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")),
            priority="spider",
        )
