"""The archive file: a SQLite database with a full-text index, made from MongoDB and never written back."""
