"""Downloader middlewares: other hosts, retries, blocked responses, browser, WARC recording."""
