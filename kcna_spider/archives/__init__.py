"""Read, write and re-parse WARC files, and read the Wayback Machine's index, without spiders or MongoDB."""
