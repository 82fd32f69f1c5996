"""Connect to the database: client, embedded server, retries."""
