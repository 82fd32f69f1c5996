"""Stored pages.

`case.html` has the raw bytes as received; `case.json` has the URL, the content type and the result of the
layout.
"""
