"""A small sample of all sites, with texts written for it: what the tests and the demo crawl instead of the real ones."""
