"""The way to the database: client, embedded server, retries."""
