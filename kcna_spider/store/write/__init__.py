"""Writing articles, revisions, events and rejects."""
