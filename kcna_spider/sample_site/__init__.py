"""A small sample of all sites, with texts written for it: the demo and the tests crawl it."""
