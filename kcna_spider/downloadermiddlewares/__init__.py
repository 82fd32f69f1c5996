"""Downloader middlewares: other hosts, retries, redirects, blocked responses, browser, WARC recording."""
