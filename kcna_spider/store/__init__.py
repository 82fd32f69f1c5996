"""The database: connection, schema, reads and writes. PyMongo only; nothing here knows Scrapy."""
