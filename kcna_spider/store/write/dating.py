"""Dates a story for which only the moment of a capture bounded the day, once a listing states it."""

from __future__ import annotations

import datetime as dt

from pymongo.database import Database

from kcna_spider.store.model.documents import Document, midnight, new_version
from kcna_spider.store.write.matching import text_of_document
from kcna_spider.text.datelines import parse_dateline
from kcna_spider.text.similarity import story_keys


def date_by_listing(database: Database[Document], url: str, day: dt.date) -> bool:
    """Set the day of publication that a listing states, and the dateline's year with it; False where the story is dated better."""
    articles = database["articles"]
    document = articles.find_one({"copies.url": url, "published_from": "capture"})
    if document is None:
        return False
    fields: Document = {"published": midnight(day), "published_from": "listing"}
    line = document["dateline"]
    if line and (found := parse_dateline(line["raw"], day, document["language"])):
        fields["dateline"] = {**line, "date": midnight(found.date)}
    fields["keys"] = story_keys(text_of_document(document | fields))
    query = {"_id": document["_id"], "version": document["version"]}
    if not articles.update_one(query, {"$set": {**fields, "version": new_version()}}).matched_count:
        return False  # another writer was quicker; the listing is met again
    if "dateline" in fields:
        database["revisions"].update_one({"_id": f"{document['_id']}-{document['revision']}"}, {"$set": {"dateline": fields["dateline"]}})
    return True
