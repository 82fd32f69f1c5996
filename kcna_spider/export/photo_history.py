"""Find the site of a photo, and its files before and after an event."""

from __future__ import annotations

import datetime as dt

from kcna_spider.store.model.types import Document

PHOTO_KINDS = ("photo_altered", "photo_captioned", "photo_gone", "photo_back")


def files_of_event(document: Document, event: Document) -> tuple[str | None, str | None]:
    """Return the SHA-256 of the files before and after an event of a photo.

    If the photo is gone, the file after is None; if it is back, the file before is None. For events of other
    kinds both are None.
    """
    if event["kind"] == "photo_altered":
        return event.get("sha256_before"), event.get("sha256_after")
    if event["kind"] not in ("photo_gone", "photo_back"):
        return None, None
    photo = photo_at(document, event["url"])
    shown = file_at(photo, event["at"]) if photo else None
    return (shown, None) if event["kind"] == "photo_gone" else (None, shown)


def photo_at(document: Document, url: str) -> Document | None:
    """Return the current or former photo of an article with a URL, or None."""
    return next((photo for photo in document.get("photos", ()) if photo["url"] == url), None)


def file_at(photo: Document, at: dt.datetime) -> str:
    """Return the SHA-256 of the file at the URL of a photo at a timestamp."""
    history = photo["history"]
    earlier = [change for change in history if change["at"] <= at]
    if earlier:
        return str(earlier[-1]["sha256"])
    return str(history[0]["before"] if history else photo["sha256"])


def files_of(document: Document) -> dict[str, bool]:
    """Return the SHA-256 of each file of an article's photos -> whether a photo has that file now."""
    found: dict[str, bool] = {}
    for photo in document.get("photos", ()):
        for change in photo["history"]:
            found.setdefault(change["before"], False)
        found[photo["sha256"]] = True
    return found


def site_of_photo(document: Document, url: str) -> str:
    """Return the site of the page that shows a photo, or that of the first copy if the page is unknown."""
    photo = photo_at(document, url)
    pages = {page["url"]: page["site"] for page in (*document.get("photo_pages", ()), *document["copies"])}
    first: str = document["copies"][0]["site"]
    return str(pages.get(photo["page_url"], first)) if photo else first
