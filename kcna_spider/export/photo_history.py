"""What the events of photos say: which site, and which files before and after. Pure."""

from __future__ import annotations

import datetime as dt

from kcna_spider.store.model.types import Document

PHOTO_KINDS = ("photo_altered", "photo_gone", "photo_back")


def files_of_event(document: Document, event: Document) -> tuple[str | None, str | None]:
    """Return the SHA-256 of the files before and after an event of a photo.

    A photo that is gone has no file after it, and one that is back has none before it. Two times None for
    every other event.
    """
    if event["kind"] == "photo_altered":
        return event.get("sha256_before"), event.get("sha256_after")
    if event["kind"] not in PHOTO_KINDS:
        return None, None
    photo = photo_at(document, event["url"])
    shown = file_at(photo, event["at"]) if photo else None
    return (shown, None) if event["kind"] == "photo_gone" else (None, shown)


def photo_at(document: Document, url: str) -> Document | None:
    """Return the photo that an article shows, or showed, at a URL."""
    return next((photo for photo in document.get("photos", ()) if photo["url"] == url), None)


def file_at(photo: Document, at: dt.datetime) -> str:
    """Return the SHA-256 of the file that the URL of a photo showed at a time."""
    history = photo["history"]
    earlier = [change for change in history if change["at"] <= at]
    if earlier:
        return str(earlier[-1]["sha256"])
    return str(history[0]["before"] if history else photo["sha256"])


def files_of(document: Document) -> dict[str, bool]:
    """Return every file that the photos of an article are or were, by its SHA-256. True: one is it now."""
    found: dict[str, bool] = {}
    for photo in document.get("photos", ()):
        for change in photo["history"]:
            found.setdefault(change["before"], False)
        found[photo["sha256"]] = True
    return found


def site_of_photo(document: Document, url: str) -> str:
    """Return the site of the page that shows a photo."""
    photo = photo_at(document, url)
    pages = {page["url"]: page["site"] for page in (*document.get("photo_pages", ()), *document["copies"])}
    first: str = document["copies"][0]["site"]
    return str(pages.get(photo["page_url"], first)) if photo else first
