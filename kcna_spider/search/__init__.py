"""The archive file: a SQLite database with full-text indexes, built from MongoDB and never written back."""
