"""WARC files (read, write, re-parse) and the Wayback Machine's index. No spider, no connection to MongoDB."""
