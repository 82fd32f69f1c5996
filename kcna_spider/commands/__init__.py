"""`scrapy <command>`: what a user does beside crawling."""
