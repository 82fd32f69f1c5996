"""The HTML report on the archive: its numbers, charts and tables."""
