"""A small sample of all sites with texts written for it, which the demo and the tests crawl."""
