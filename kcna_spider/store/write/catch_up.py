"""Makes an article know a revision that was written for it, where the writer was killed before it came to the article."""

from __future__ import annotations

from pymongo.collection import Collection

from kcna_spider.store.model.documents import Document, new_version
from kcna_spider.store.write.events import note_edit
from kcna_spider.store.write.matching import free_repeat
from kcna_spider.store.write.merge import fingerprints_of, rank
from kcna_spider.store.write.timeline import see


def catch_up(articles: Collection[Document], revision: Document) -> bool:
    """Make an article know a revision, as the write that was cut short would have; whether it didn't."""
    while document := articles.find_one({"_id": revision["article"]}):
        if len(document["texts"]) != revision["number"] - 1:
            return False
        document["texts"].append(revision["text"])
        sources = {source["url"]: source["seen_at"] for source in revision["sources"]}
        for copy in document["copies"]:
            if copy["url"] in sources:
                copy.setdefault("history", [])
                note_edit(document, copy, see(copy, sources[copy["url"]], revision["number"]))
        fields: Document = {
            "texts": document["texts"],
            "fingerprints": fingerprints_of(document, revision["fingerprint"]),
            "copies": document["copies"],
            **{name: document[name] for name in ("events", "event_at") if name in document},
            "version": new_version(),
        }
        if min(document["copies"], key=rank)["revision"] == revision["number"]:
            fields |= {name: revision[name] for name in ("title", "body", "dateline", "fingerprint")} | {"revision": revision["number"]}
            fields["repeat"] = free_repeat(articles, document, revision["fingerprint"])
            fields |= {} if revision["trivial"] else {"changed_at": revision["seen_at"]}
        if articles.update_one({"_id": document["_id"], "version": document["version"]}, {"$set": fields}).matched_count:
            return True
    return False
