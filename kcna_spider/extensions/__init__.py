"""What watches a crawl: the run record, health, progress, the summary, WARC files."""
