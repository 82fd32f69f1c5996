"""Pages as they were received: WARC files, and the Wayback Machine's addresses.

Knows no site, no spider, no database.
"""
