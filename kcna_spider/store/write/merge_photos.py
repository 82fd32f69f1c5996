"""Merge the photos of a page into a stored article. Documents are changed in place; no database is used.

A photo's URL has one entry in `photos`, and its `history` records which file the URL showed when. There is an
event if the URL shows another file (`photo_altered`) or has another caption (`photo_captioned`), if the photo
is gone (`photo_gone`), and if it is back (`photo_back`). A capture of a page does not show which photos the
site shows today.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from kcna_spider.items import Photo, PhotoSet
from kcna_spider.store.model.documents import new_photo_page
from kcna_spider.store.model.types import ArticleDocument, ArticlePhoto, PhotoPageState
from kcna_spider.store.write.due_again import may_be_tried
from kcna_spider.store.write.events import add_event, is_capture, unnoted
from kcna_spider.store.write.timeline import see

_UNSETTLED = ("failed", "not_asked")


def merge_photos(document: ArticleDocument, photo_set: PhotoSet) -> None:
    """Update the article's photos and photo pages with the photos of one page."""
    entries = {entry["url"]: entry for entry in document.get("photos", [])}
    # The server said only that its file is still the one that another article has.
    lacking = any(photo.outcome == "unchanged" and photo.url not in entries for photo in photo_set.photos)
    for photo in photo_set.photos:
        _see(document, entries, photo, photo_set)
    if photo_set.status != "failed" and not is_capture(photo_set.capture):
        for entry in _no_longer_shown(entries, photo_set):
            if entry["caption_page"] == photo_set.page_url:
                entry["caption_page"] = None
            if entry["page_url"] == photo_set.page_url:
                _note_gone(document, entry, photo_set.at)
    if entries:
        document["photos"] = sorted(
            entries.values(), key=lambda entry: (entry["page_url"], entry["position"])
        )
    _note_page(document, photo_set, lacking=lacking)


def _see(
    document: ArticleDocument, entries: dict[str, ArticlePhoto], photo: Photo, photo_set: PhotoSet
) -> None:
    at, known = photo.at or photo_set.at, entries.get(photo.url)
    if photo.outcome == "found" and photo.file:
        if known is None:
            entries[photo.url] = _new_entry(photo, photo.file.sha256, photo_set, at)
            return
        newest = at >= known["last_seen"]
        if newest and is_capture(known["capture"]) >= is_capture(photo.capture):
            _note_caption(document, known, photo, photo_set, at)
        see(known, at, photo.file.sha256, "sha256")
        _note_altered(document, known)
        if newest:
            _see_again(document, known, photo, photo_set, at)
    elif known and photo.outcome == "unchanged" and at >= known["last_seen"]:
        _note_caption(document, known, photo, photo_set, at)
        known["last_seen"] = at
        _note_back(document, known, at)
    elif known and photo.outcome == "gone" and not is_capture(photo_set.capture):
        _note_gone(document, known, at)


def _new_entry(photo: Photo, sha256: str, photo_set: PhotoSet, at: dt.datetime) -> ArticlePhoto:
    return {
        "url": photo.url,
        "page_url": photo_set.page_url,
        "sha256": sha256,
        "caption": photo.caption,
        "caption_page": photo_set.page_url,
        "position": photo.position,
        "history": [],
        "revised_at": at,
        "first_seen": at,
        "last_seen": at,
        "status": "live",
        "gone_at": None,
        "back_at": None,
        "etag": photo.etag,
        "modified": photo.modified,
        "capture": photo.capture,
        "record": photo.record,
    }


def _see_again(
    document: ArticleDocument, entry: ArticlePhoto, photo: Photo, photo_set: PhotoSet, at: dt.datetime
) -> None:
    """Set the fields of the newest sighting; a capture does not replace those from the site itself."""
    if is_capture(photo.capture) and not is_capture(entry["capture"]):
        return
    entry["page_url"], entry["position"] = photo_set.page_url, photo.position
    entry["etag"], entry["modified"] = photo.etag, photo.modified
    entry["capture"], entry["record"] = photo.capture, photo.record
    _note_back(document, entry, at)


def _note_caption(
    document: ArticleDocument, entry: ArticlePhoto, photo: Photo, photo_set: PhotoSet, at: dt.datetime
) -> None:
    """Set the caption. If the same page had another one before, add an event, which keeps the earlier one.

    Another page of the article may caption the photo otherwise, and a record that is read again is no edit.
    If the page of the caption no longer shows the photo, the caption of another page takes its place.
    """
    before, after = entry["caption"], photo.caption
    if not after or (before and entry["caption_page"] not in (photo_set.page_url, None)):
        return
    if before and before != after and entry["caption_page"] and at > entry["last_seen"]:
        add_event(document, at, "photo_captioned", entry["url"], captioned=(before, after))
    entry["caption"], entry["caption_page"] = after, photo_set.page_url


def _no_longer_shown(entries: dict[str, ArticlePhoto], photo_set: PhotoSet) -> Iterator[ArticlePhoto]:
    shown = {photo.url for photo in photo_set.photos} if photo_set.status == "read" else set()
    for entry in entries.values():
        if photo_set.page_url in (entry["page_url"], entry["caption_page"]) and entry["url"] not in shown:
            yield entry


def _note_altered(document: ArticleDocument, entry: ArticlePhoto) -> None:
    """Add events for those changes of a photo that have none yet.

    A sighting between two others may reveal two changes.
    """
    events = [
        event
        for event in document.get("events", ())
        if event["kind"] == "photo_altered" and event["url"] == entry["url"]
    ]
    for pair in dict.fromkeys((change["before"], change["sha256"]) for change in entry["history"]):
        found = [c["at"] for c in entry["history"] if (c["before"], c["sha256"]) == pair]
        noted = [e["at"] for e in events if (e.get("sha256_before"), e.get("sha256_after")) == pair]
        for at in unnoted(found, noted):
            add_event(document, at, "photo_altered", entry["url"], altered=pair)


def _note_gone(document: ArticleDocument, entry: ArticlePhoto, at: dt.datetime) -> None:
    """Mark a photo as gone, unless only captures showed it or it has been seen since."""
    if entry["status"] == "live" and at > entry["last_seen"] and not is_capture(entry["capture"]):
        entry["status"], entry["gone_at"] = "gone", at
        add_event(document, at, "photo_gone", entry["url"])


def _note_back(document: ArticleDocument, entry: ArticlePhoto, at: dt.datetime) -> None:
    if entry["status"] == "gone" and entry["gone_at"] and at > entry["gone_at"]:
        entry["status"], entry["back_at"] = "live", at
        add_event(document, at, "photo_back", entry["url"])


def _note_page(document: ArticleDocument, photo_set: PhotoSet, *, lacking: bool) -> None:
    """Record the result for a photo page; if not all of its photos are settled, it stays due.

    lacking: whether the article lacks a photo of the page, so that the page is due again.
    """
    pages = document.setdefault("photo_pages", [])
    page = next((page for page in pages if page["url"] == photo_set.page_url), None)
    if page is None:  # a photo page that was assigned by title and date; the article does not link to it
        page = new_photo_page(photo_set.page_url, photo_set.site, photo_set.at, photo_set.capture)
        pages.append(page)
    if lacking:
        page["read_at"] = None
    _note_attempt(page, photo_set, lacking=lacking)
    document["photos_due"] = any(is_due(page) for page in document.get("photo_pages", []))


def _note_attempt(page: PhotoPageState, photo_set: PhotoSet, *, lacking: bool) -> None:
    unsettled = photo_set.status == "failed" or any(p.outcome in _UNSETTLED for p in photo_set.photos)
    if not (unsettled or lacking):
        page["read_at"] = max(page["read_at"] or photo_set.at, photo_set.at)
        page["asked_at"], page["tries"] = None, 0
        page["etag"], page["modified"] = photo_set.etag, photo_set.modified
    elif page["read_at"] is None and not any(p.outcome == "not_asked" for p in photo_set.photos):
        page["asked_at"], page["tries"] = photo_set.at, page["tries"] + 1


def is_due(page: PhotoPageState) -> bool:
    """Return whether a photo page must still be read, now or later."""
    return page["read_at"] is None and may_be_tried(page["tries"])
