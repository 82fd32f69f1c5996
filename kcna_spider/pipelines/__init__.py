"""Item pipelines: validate articles, fetch photos, find duplicates, write to the database."""
