"""Identifiers of persons in URLs."""

from __future__ import annotations

from kcna_spider.search.people.people_words import folded


def person_id(name: str) -> str:
    """Return the id of a person in URLs: the name in lower case with hyphens."""
    return folded(name).replace(" ", "-").replace("/", "-")
