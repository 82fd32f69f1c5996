"""Settings, a line each, with the reason.

Every one can be changed with `-s NAME=value`; those that call `_env` also from the environment.
"""

import os
from typing import TypeVar

from kcna_spider import USER_AGENT_URL, __version__

_T = TypeVar("_T", str, int, float)


def _env(name: str, default: _T) -> _T:
    """Return an environment variable in the type of its default, or the default where it is empty."""
    text = os.environ.get(name)
    if not text:
        return default
    try:
        return type(default)(text)
    except ValueError:
        raise SystemExit(f"kcna_spider: the environment variable {name}={text} is no number") from None


BOT_NAME = "kcna_spider"
SPIDER_MODULES = ["kcna_spider.spiders"]
NEWSPIDER_MODULE = "kcna_spider.spiders"
COMMANDS_MODULE = "kcna_spider.commands"

# Ours
MONGODB_URI = _env("MONGODB_URI", "embedded")  # a server of our own on loopback, or any MongoDB URI
MONGODB_DATABASE = _env("MONGODB_DATABASE", "kcna")
MONGODB_WRITE_CONCERN = _env(
    "MONGODB_WRITE_CONCERN", "majority"
)  # members that must have a write, on disk, before it counts; a number too
MONGODB_READ_CONCERN = _env(
    "MONGODB_READ_CONCERN", "majority"
)  # nothing is read that a change of the primary could take back
MONGODB_EMBEDDED_PATH = _env(
    "MONGODB_EMBEDDED_PATH", "data/mongodb"
)  # where the embedded server keeps its data
LISTING_MERGE_LIMIT = _env(
    "LISTING_MERGE_LIMIT", 500
)  # kcna.kp: so many wait for what further lists say of them. 1: none waits
STORE_BATCH_SIZE = _env("STORE_BATCH_SIZE", 128)  # items a write at most; fewer where fewer wait
STORE_BATCH_DELAY = _env(
    "STORE_BATCH_DELAY", 0.02
)  # how long a write waits for more items: one of ten takes little longer than one of one
STORE_WAIT_SECONDS = _env(
    "STORE_WAIT_SECONDS", 3600.0
)  # how long a crawl waits for an unavailable database before it ends as failed
MIN_FREE_DISK_BYTES = _env(
    "MIN_FREE_DISK_BYTES", 200_000_000
)  # on the disks that a crawl writes to; with less it ends, before anything is cut short
WARC_DIR = _env("WARC_DIR", "")  # a folder: every response of every crawl is kept there as WARC 1.1
WARC_MAX_BYTES = _env("WARC_MAX_BYTES", 10**9)  # of one file
WARC_PROCESSES = _env(
    "WARC_PROCESSES", max(1, (os.cpu_count() or 1) - 1)
)  # that parse the pages of a `warc` crawl, beside the crawl's own, which feeds the database; 0: none
PLAYWRIGHT_CHROMIUM = _env(
    "PLAYWRIGHT_CHROMIUM", ""
)  # the browser's program; without it, it is looked for at the usual places
WARC_PARALLEL_MIN_BYTES = _env(
    "WARC_PARALLEL_MIN_BYTES", 1_000_000
)  # files smaller than this together are not worth further processes
BROWSER_WAIT_SECONDS = _env(
    "BROWSER_WAIT_SECONDS", 30.0
)  # how long a bot check may take to let the browser through
DISTRIBUTED_REDIS_URL = _env(
    "DISTRIBUTED_REDIS_URL", ""
)  # redis://...: crawls of a spider with the same arguments share one crawl
CONTACT = _env("CONTACT", "")  # an e-mail or web address that sites can complain to, in the User-Agent

# Politeness: a crawl of these sites is never in a hurry
USER_AGENT = f"{BOT_NAME}/{__version__} (+{CONTACT or USER_AGENT_URL})"
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = BOT_NAME
DOWNLOAD_DELAY = 1.0  # seconds between two requests to one site
CONCURRENT_REQUESTS_PER_DOMAIN = 2
# Of one response at once; Scrapy starts so many tasks for every response, and its own 100 take longer than
# reading the page
CONCURRENT_ITEMS = 4
AUTOTHROTTLE_ENABLED = True  # slower still where the site is slow
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0

# Downloads
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_HANDLERS = dict.fromkeys(
    ("file", "ftp", "s3", "data")
)  # pages come over HTTP; a link to a local file leads nowhere
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # filters nothing: a spider requests a story once
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # what follows says it: a reject, another host, or the end of the crawl
RETRY_TIMES = 4  # two faults in a row are ordinary on these sites
DOWNLOAD_MAXSIZE = 4 * 2**20  # bytes; the largest real page has 0.4 MB
DOWNLOAD_FAIL_ON_DATALOSS = True  # a truncated page is requested again, never stored
RETRY_PAUSE_SECONDS = _env(
    "RETRY_PAUSE_SECONDS", 1.0
)  # before the first retry; twice as long before each further one, with jitter
RETRY_PAUSE_MAX_SECONDS = _env(
    "RETRY_PAUSE_MAX_SECONDS", 300.0
)  # also the longest Retry-After that is waited for
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    # Before robots.txt is requested; sees what was given up
    "kcna_spider.downloadermiddlewares.hosts.SiteHostsMiddleware": 80,
    "kcna_spider.downloadermiddlewares.retry.BackoffRetryMiddleware": 550,
    "kcna_spider.downloadermiddlewares.redirect.SiteMetaRefreshMiddleware": 580,
    "kcna_spider.downloadermiddlewares.redirect.SiteRedirectMiddleware": 600,
    # Sees decompressed bodies, before the retries
    "kcna_spider.downloadermiddlewares.blocked_response.BlockedResponseMiddleware": 560,
    # Knows a bot check before it is given up
    "kcna_spider.downloadermiddlewares.browser.BrowserMiddleware": 570,
    # Sees the bytes as they were sent
    "kcna_spider.downloadermiddlewares.warc_recording.WarcRecordingMiddleware": 890,
}

SPIDER_MIDDLEWARES = {  # a layer each around all that callbacks give
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # nothing asks how deep a page is
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,  # warns those who write spiders
    # Drops in silence; the spiders' own check makes a reject
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
}

# What happens to items, in this order
ITEM_PIPELINES = {
    "kcna_spider.pipelines.validate.ValidatePipeline": 100,
    "kcna_spider.pipelines.dedupe.DedupePipeline": 200,
    "kcna_spider.pipelines.mongo.MongoPipeline": 300,
}
EXTENSIONS = {
    "scrapy.extensions.spiderstate.SpiderState": None,  # no spider keeps a state
    "kcna_spider.extensions.store.StoreExtension": 10,
    "kcna_spider.extensions.disk_space.DiskSpace": 60,
    "kcna_spider.extensions.health.Health": 100,
    "kcna_spider.extensions.progress.Progress": 150,  # before the summary, which takes its place
    "kcna_spider.extensions.summary.Summary": 200,
    "kcna_spider.extensions.runs.Runs": 900,
}

# What `scrapy crawl -O articles.jsonl` writes of an article
FEED_EXPORT_FIELDS = [
    "url",
    "site",
    "source",
    "language",
    "title",
    "paragraphs",
    "published",
    "published_from",
    "dateline",
    "categories",
    "original",
    "fetched_at",
]

# When a crawl must not pass for a good one: shares of what it met
HEALTH_MIN_COUNT = _env("HEALTH_MIN_COUNT", 3)  # fewer than this are no rule
HEALTH_MAX_UNKNOWN_PAGES = _env("HEALTH_MAX_UNKNOWN_PAGES", 0.01)  # of the pages, those that no layout claims
HEALTH_MAX_MISSING_FIELDS = _env(
    "HEALTH_MAX_MISSING_FIELDS", 0.02
)  # of the articles, those without title, text or day
HEALTH_MAX_MISSING_ARTICLES = _env(
    "HEALTH_MAX_MISSING_ARTICLES", 0.2
)  # of the stories requested, those that ended as rejects of any kind but stubs

# Nothing listens, nothing runs from afar
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

LOG_FORMATTER = "kcna_spider.logformatter.RejectLogFormatter"  # a reject is one line
LOG_LEVEL = _env("LOG_LEVEL", "INFO")
LOGSTATS_INTERVAL = 60.0
