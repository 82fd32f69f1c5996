"""The stored documents and the schema of the collections."""
