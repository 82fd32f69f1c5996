"""Pages as they were received: WARC files, and the Wayback Machine's URLs.

Knows no site, no spider, no database.
"""
