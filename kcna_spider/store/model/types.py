"""The types of stored documents, by collection. docs/data.md explains each field."""

from __future__ import annotations

from typing import Any

# A document of any collection, as PyMongo reads and writes it.
Document = dict[str, Any]
