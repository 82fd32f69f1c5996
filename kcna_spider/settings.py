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
MONGODB_DATABASE = _env("MONGODB_DATABASE", "")  # without it the one that the URI names, or kcna
# Members that must have a write on disk before it is acknowledged; a number too. With any but majority,
# reads have the read concern local.
MONGODB_WRITE_CONCERN = _env("MONGODB_WRITE_CONCERN", "majority")
# majority: what is read cannot be rolled back when the primary changes; or local
MONGODB_READ_CONCERN = _env("MONGODB_READ_CONCERN", "majority")
# Where the embedded server keeps its data
MONGODB_EMBEDDED_PATH = _env("MONGODB_EMBEDDED_PATH", "data/mongodb")
# kcna.kp: entries that wait until further listings are read, which may name them too; 1: none waits
LISTING_MERGE_LIMIT = _env("LISTING_MERGE_LIMIT", 500)
# The SQLite file with the full-text index that `scrapy index` makes
ARCHIVE_FILE = _env("ARCHIVE_FILE", "data/archive.sqlite")
SEARCH_SECONDS = _env("SEARCH_SECONDS", 10.0)  # that one search may take
STORE_BATCH_SIZE = _env("STORE_BATCH_SIZE", 128)  # items of one write, at most
# Seconds that a write waits for more items: ten take little longer than one
STORE_BATCH_DELAY = _env("STORE_BATCH_DELAY", 0.02)
# Seconds that a crawl waits for an unavailable database before it ends as failed
STORE_WAIT_SECONDS = _env("STORE_WAIT_SECONDS", 3600.0)
# On the disks that a crawl writes to; with less it ends, before anything is truncated
MIN_FREE_DISK_BYTES = _env("MIN_FREE_DISK_BYTES", 200_000_000)
WARC_DIR = _env("WARC_DIR", "")  # a folder: every response of every crawl is kept there as WARC 1.1
# Where the files of photos are kept: a folder, or s3://bucket/path/ or gs://bucket/path/ (photos=1)
FILES_STORE = _env("FILES_STORE", "data/photos")
MEDIA_ALLOW_REDIRECTS = True  # the Wayback Machine redirects to the capture of a photo
PHOTO_MAX_BYTES = _env("PHOTO_MAX_BYTES", 20 * 2**20)  # of one file; larger ones are not received
WARC_MAX_BYTES = _env("WARC_MAX_BYTES", 10**9)  # of one file
# Processes that parse the pages of `scrapy reparse`, besides its own, which writes to the database; 0: none
WARC_PROCESSES = _env("WARC_PROCESSES", max(1, (os.cpu_count() or 1) - 1))
# Path of the browser; without it, the usual paths are tried
PLAYWRIGHT_CHROMIUM = _env("PLAYWRIGHT_CHROMIUM", "")
# Total size of the files from which further processes are started
WARC_PARALLEL_MIN_BYTES = _env("WARC_PARALLEL_MIN_BYTES", 1_000_000)
# Seconds that a bot check may take to let the browser through
BROWSER_WAIT_SECONDS = _env("BROWSER_WAIT_SECONDS", 30.0)
# redis://...: crawls of a spider with the same arguments share one crawl
DISTRIBUTED_REDIS_URL = _env("DISTRIBUTED_REDIS_URL", "")
CONTACT = _env("CONTACT", "")  # an e-mail or web address that sites can complain to, in the User-Agent

# Politeness
USER_AGENT = f"{BOT_NAME}/{__version__} (+{CONTACT or USER_AGENT_URL})"
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = BOT_NAME
DOWNLOAD_DELAY = 1.0  # seconds between two requests to one site
CONCURRENT_REQUESTS_PER_DOMAIN = 2
# Scrapy starts this number of tasks for every response, and its default of 100 takes longer than parsing
CONCURRENT_ITEMS = 4
AUTOTHROTTLE_ENABLED = True  # slower still where the site is slow
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0

# Downloads
DOWNLOAD_TIMEOUT = 60
# Pages come over HTTP; a link to a local file leads nowhere
DOWNLOAD_HANDLERS = dict.fromkeys(("file", "ftp", "s3", "data"))
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # filters nothing: a spider requests a story once
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # what follows says it: a reject, another host, or the end of the crawl
RETRY_TIMES = 4  # two faults in a row are ordinary on these sites
DOWNLOAD_MAXSIZE = 4 * 2**20  # bytes; the largest real page has 0.4 MB
DOWNLOAD_FAIL_ON_DATALOSS = True  # a truncated page is requested again, never stored
# Before the first retry; twice as long before each further one, with jitter
RETRY_PAUSE_SECONDS = _env("RETRY_PAUSE_SECONDS", 1.0)
# Longest pause, and longest Retry-After that is honoured; after a longer one the request is given up
RETRY_PAUSE_MAX_SECONDS = _env("RETRY_PAUSE_MAX_SECONDS", 300.0)
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    # Before robots.txt is requested; sees requests that were given up
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

SPIDER_MIDDLEWARES = {  # each is a layer around everything that callbacks yield
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # nothing asks how deep a page is
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,  # warns those who write spiders
    # Drops in silence; the spiders' own check makes a reject
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
}

# What happens to items, in this order
ITEM_PIPELINES = {
    "kcna_spider.pipelines.validate.ValidatePipeline": 100,
    "kcna_spider.pipelines.photos.PhotosPipeline": 150,  # only with the argument photos=1
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

# Limits above which a crawl ends as failed, as shares
HEALTH_MIN_COUNT = _env("HEALTH_MIN_COUNT", 3)  # shares of fewer pages or articles are ignored
HEALTH_MAX_UNKNOWN_PAGES = _env("HEALTH_MAX_UNKNOWN_PAGES", 0.01)  # of the pages, those without a layout
# Of the articles, those without title, text or date
HEALTH_MAX_MISSING_FIELDS = _env("HEALTH_MAX_MISSING_FIELDS", 0.02)
# Of the articles requested, those that became rejects other than stubs
HEALTH_MAX_MISSING_ARTICLES = _env("HEALTH_MAX_MISSING_ARTICLES", 0.2)
HEALTH_MAX_MISSING_PHOTOS = _env("HEALTH_MAX_MISSING_PHOTOS", 0.2)  # of the photos, those not received

# No port is opened
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

LOG_FORMATTER = "kcna_spider.logformatter.RejectLogFormatter"  # a reject is one line
LOG_LEVEL = _env("LOG_LEVEL", "INFO")
LOGSTATS_INTERVAL = 60.0
