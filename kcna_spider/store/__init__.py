"""The database: connection, schema, reads and writes. It uses PyMongo and does not depend on Scrapy."""
