"""Settings of the project: its own, and Scrapy's with other values.

Each can be changed with `-s NAME=value`; those that call `_env` also in the environment. The comment before
or after a setting is its meaning in docs/reference/settings.md.
"""

import os
from typing import TypeVar

from kcna_spider import USER_AGENT_URL, __version__

_T = TypeVar("_T", str, int, float)


def _env(name: str, default: _T) -> _T:
    """Return an environment variable in the type of its default, or the default if it is empty or unset."""
    text = os.environ.get(name)
    if not text:
        return default
    if name == "LOG_LEVEL":
        text = text.upper()  # other programs accept small letters
    try:
        return type(default)(text)
    except ValueError:
        raise SystemExit(f"kcna_spider: the environment variable {name}={text} is no number") from None


BOT_NAME = "kcna_spider"
SPIDER_MODULES = ["kcna_spider.spiders"]
NEWSPIDER_MODULE = "kcna_spider.spiders"
COMMANDS_MODULE = "kcna_spider.commands"

# -- Database
# `embedded` (a server on the loopback interface, started when needed), or any MongoDB URI
MONGODB_URI = _env("MONGODB_URI", "embedded")
# Name of the database; empty: the one that the URI names, or kcna
MONGODB_DATABASE = _env("MONGODB_DATABASE", "")
# Members that must have a write on disk before it is acknowledged: majority, or a number. With any value but
# majority, reads use the read concern local.
MONGODB_WRITE_CONCERN = _env("MONGODB_WRITE_CONCERN", "majority")
# majority (data that is read cannot be rolled back when the primary changes), or local
MONGODB_READ_CONCERN = _env("MONGODB_READ_CONCERN", "majority")
# Where the embedded server keeps its data
MONGODB_EMBEDDED_PATH = _env("MONGODB_EMBEDDED_PATH", "data/mongodb")
STORE_BATCH_SIZE = _env("STORE_BATCH_SIZE", 128)  # largest number of items in one write
# Seconds that a write waits for more items, because writing ten takes little longer than writing one
STORE_BATCH_DELAY = _env("STORE_BATCH_DELAY", 0.02)
# Seconds that a crawl waits for an unavailable database before it fails
STORE_WAIT_SECONDS = _env("STORE_WAIT_SECONDS", 3600.0)
# Bytes that must be free on every disk that a crawl writes to; with fewer, the crawl ends
MIN_FREE_DISK_BYTES = _env("MIN_FREE_DISK_BYTES", 200_000_000)

# -- Search
# The SQLite file with the full-text index that `scrapy index` writes
ARCHIVE_FILE = _env("ARCHIVE_FILE", "data/archive.sqlite")
SEARCH_SECONDS = _env("SEARCH_SECONDS", 10.0)  # seconds after which a search is stopped

# -- WARC files
WARC_DIR = _env("WARC_DIR", "")  # folder in which every response is kept as WARC 1.1; empty: none is kept
WARC_MAX_BYTES = _env("WARC_MAX_BYTES", 10**9)  # size after which a new file is started
# Processes that parse pages for `scrapy reparse`, besides the one that writes to the database; 0: none
WARC_PROCESSES = _env("WARC_PROCESSES", max(1, (os.cpu_count() or 1) - 1))
# Total size of the files, in bytes, from which on further processes are started
WARC_PARALLEL_MIN_BYTES = _env("WARC_PARALLEL_MIN_BYTES", 1_000_000)

# -- Photos
# Where the files of photos are kept: a folder, s3://bucket/path/ or gs://bucket/path/
FILES_STORE = _env("FILES_STORE", "data/photos")
MEDIA_ALLOW_REDIRECTS = True  # the Wayback Machine redirects to the capture of a photo
PHOTO_MAX_BYTES = _env("PHOTO_MAX_BYTES", 20 * 2**20)  # size above which a photo is not downloaded

# -- Browser
# Path of the browser; empty: the usual paths are tried
PLAYWRIGHT_CHROMIUM = _env("PLAYWRIGHT_CHROMIUM", "")
# Seconds within which a bot check must let the browser through
BROWSER_WAIT_SECONDS = _env("BROWSER_WAIT_SECONDS", 30.0)

# -- Spiders
# URL (redis://...) of the Redis server through which processes with the same spider and arguments share one
# crawl; empty: no distributed crawl
DISTRIBUTED_REDIS_URL = _env("DISTRIBUTED_REDIS_URL", "")
CONTACT = _env("CONTACT", "")  # an e-mail address or URL in the User-Agent, for site operators
# kcna.kp: number of listing entries held back in case further listings name them too; 1: none
LISTING_MERGE_LIMIT = _env("LISTING_MERGE_LIMIT", 500)

# -- Politeness
# Names the project, its version, and CONTACT
USER_AGENT = f"{BOT_NAME}/{__version__} (+{CONTACT or USER_AGENT_URL})"
ROBOTSTXT_OBEY = True  # the default of Scrapy's project template
ROBOTSTXT_USER_AGENT = BOT_NAME  # the user agent whose rules in robots.txt apply
DOWNLOAD_DELAY = 1.0  # seconds between two requests to one site; kcna_kp: 3, wayback: 2
CONCURRENT_REQUESTS_PER_DOMAIN = 2  # kcna_kp and wayback: 1
# Scrapy starts this number of tasks for every response, and its default of 100 takes longer than parsing
CONCURRENT_ITEMS = 4
AUTOTHROTTLE_ENABLED = True  # sends fewer requests while a site responds slowly
AUTOTHROTTLE_START_DELAY = 1.0  # seconds; kcna_kp: 3, wayback: 2

# -- Downloads
DOWNLOAD_TIMEOUT = 60  # seconds
# Disables all schemes but HTTP and HTTPS, so that no link can read a local file
DOWNLOAD_HANDLERS = dict.fromkeys(("file", "ftp", "s3", "data"))
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # filters nothing: a spider requests a story once
# As in Scrapy, but only gzip is accepted: of other compressions, it is unknown whether a body is complete
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en",
    "Accept-Encoding": "gzip",
}
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # the consequence is logged: a reject, another host, or the crawl's end
RETRY_TIMES = 4  # two failures in a row are common on these sites
DOWNLOAD_MAXSIZE = 4 * 2**20  # bytes; the largest real page has 0.4 MB
# Seconds before the first retry; twice as long before each further one, with jitter
RETRY_PAUSE_SECONDS = _env("RETRY_PAUSE_SECONDS", 1.0)
# Longest pause in seconds, and longest Retry-After that is honoured; with a longer Retry-After the request
# is not retried
RETRY_PAUSE_MAX_SECONDS = _env("RETRY_PAUSE_MAX_SECONDS", 300.0)
# Other hosts, retries, blocked responses, browser and WARC files
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    # Before robots.txt is requested; sees requests for other sites, also after redirects
    "kcna_spider.downloadermiddlewares.offsite.SiteOffsiteMiddleware": 50,
    # Before robots.txt is requested; sees requests that were given up
    "kcna_spider.downloadermiddlewares.hosts.SiteHostsMiddleware": 80,
    "kcna_spider.downloadermiddlewares.retry.BackoffRetryMiddleware": 550,
    # Sees decompressed bodies, before the retry middleware
    "kcna_spider.downloadermiddlewares.blocked_response.BlockedResponseMiddleware": 560,
    # Detects a bot check before BlockedResponseMiddleware rejects it
    "kcna_spider.downloadermiddlewares.browser.BrowserMiddleware": 570,
    # Sees bodies before HttpCompressionMiddleware decompresses them
    "kcna_spider.downloadermiddlewares.damaged_response.DamagedResponseMiddleware": 600,
    # Sees the bytes as they were sent
    "kcna_spider.downloadermiddlewares.warc_recording.WarcRecordingMiddleware": 890,
}

# Disabled because each is a layer around everything that callbacks yield
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # no code uses the depth of a page
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,  # for authors of spiders only
    # Drops URLs without a trace; the spiders' own check makes a reject
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
}

# -- Pipelines and extensions
# Item pipelines, in the order in which they run
ITEM_PIPELINES = {
    "kcna_spider.pipelines.validate.ValidatePipeline": 100,
    "kcna_spider.pipelines.photos.PhotosPipeline": 150,  # only with the argument photos=1
    "kcna_spider.pipelines.dedupe.DedupePipeline": 200,
    "kcna_spider.pipelines.mongo.MongoPipeline": 300,
}
# Connection to the database, run record, health, progress and summary
EXTENSIONS = {
    "kcna_spider.extensions.store.StoreExtension": 10,
    "kcna_spider.extensions.disk_space.DiskSpace": 60,
    "kcna_spider.extensions.health.Health": 100,
    "kcna_spider.extensions.progress.Progress": 150,  # before the summary, which replaces its line
    "kcna_spider.extensions.summary.Summary": 200,
    "kcna_spider.extensions.runs.Runs": 900,
}

# Fields of an article that `scrapy crawl -O articles.jsonl` writes
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

# -- Health
HEALTH_MIN_COUNT = _env("HEALTH_MIN_COUNT", 3)  # shares of fewer pages or articles are ignored
# Share of pages without a layout above which a crawl fails
HEALTH_MAX_UNKNOWN_PAGES = _env("HEALTH_MAX_UNKNOWN_PAGES", 0.01)
# Share of articles without title, text or date above which a crawl fails
HEALTH_MAX_MISSING_FIELDS = _env("HEALTH_MAX_MISSING_FIELDS", 0.02)
# Share of requested articles that became rejects, other than stubs, above which a crawl fails
HEALTH_MAX_MISSING_ARTICLES = _env("HEALTH_MAX_MISSING_ARTICLES", 0.2)
# Share of photos that could not be downloaded above which a crawl fails
HEALTH_MAX_MISSING_PHOTOS = _env("HEALTH_MAX_MISSING_PHOTOS", 0.2)

# -- Scrapy
TELNETCONSOLE_ENABLED = False  # no port is opened
REMOTE_CONTROL_ENABLED = False  # no port is opened

LOG_FORMATTER = "kcna_spider.logformatter.RejectLogFormatter"  # a reject is one line
LOG_LEVEL = _env("LOG_LEVEL", "INFO")  # DEBUG also shows every response
