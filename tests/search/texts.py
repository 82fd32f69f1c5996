"""Stored articles with invented texts in six languages, as documents of MongoDB."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from bson import ObjectId

BEGIN = dt.datetime(2023, 11, 1, tzinfo=dt.UTC)
WORDS = {
    "en": "the farm opened a bakery and missiles were launched near Pyongyang while Kim Jong Un met workers "
    "of a new mill missile launching opening mills farmers KN-23 don't",
    "es": "la panadería abrió y los misiles fueron lanzados cerca de Pyongyang mientras Kim Jong Un habló "
    "con obreros del molino nuevo misil lanzamientos",
    "ru": "ферма открыла пекарню и ракеты были запущены у Пхеньяна рабочие новой мельницы Ким Чен Ын ракета",
}
RUNS = {
    "ko": "조선로동당 평양시 핵무기 김정은동지께서 새 공장을 현지지도하시였다 비핵화 로동신문 "
    "노동자 미싸일 KN-23형",
    "ja": "朝鮮の首都平壌で新しい工場 金正恩総書記 ミサイル データ・センター 核兵器",
    "zh": "平壤新工厂 金正恩同志 核武器 导弹试射 朝鲜劳动党",
}
PLACES = ("Pyongyang", "Wonsan", "New York", None)
SITES = ("kcna.kp", "kcna.co.jp", "kcnawatch.org")


def document(number: int, language: str, title: str, body: str, **changes: Any) -> dict[str, Any]:
    """Return a stored article with one text, published `number` days after the first."""
    day = BEGIN + dt.timedelta(days=number)
    site = SITES[number % 3]
    place = PLACES[number % 4]
    copy = {
        "url": f"http://{site}/{number}", "site": site, "source": f"KCNA {site}", "original": None,
        "layout": "x", "published": day, "published_from": "page", "revision": 1, "history": [],
        "revised_at": day, "first_seen": day, "last_seen": day, "status": "live", "gone_at": None,
        "back_at": None, "etag": None, "modified": None, "capture": None, "record": None,
    }  # fmt: skip
    line = {"place": place, "date": day, "agency": "KCNA", "raw": f"{place}, (KCNA) --"} if place else None
    return {
        "_id": ObjectId(f"{number:024x}"), "language": language, "title": title, "body": body,
        "published": day, "published_from": "page", "dateline": line,
        "categories": [("News", "World")[number % 2]], "copies": [copy], "revision": 1,
        "texts": [{"form": str(n)} for n in range(changes.get("revision", 1))],
        "first_seen": day, "last_seen": day, "version": f"v{number}",
        "changed_at": day if number % 5 == 0 else None, "withdrawn_at": day if number % 7 == 0 else None,
        "events": [{"at": day, "kind": "withdrawn", "url": copy["url"]}] if number % 7 == 0 else [],
    } | changes  # fmt: skip


def edited(article: dict[str, Any]) -> dict[str, Any]:
    """Return an article with an edit on each of two days, a year apart."""
    days = (BEGIN, article["published"])
    edits = [
        {"at": day, "kind": "edited", "url": article["copies"][0]["url"], "before": n, "after": n + 1}
        for n, day in enumerate(days, 1)
    ]
    return article | {"events": [*article["events"], *edits], "texts": [{"form": str(n)} for n in range(3)]}


def documents(number: int = 120, seed: int = 1) -> list[dict[str, Any]]:
    """Return articles made of random words, in each language in turn."""
    chosen = random.Random(seed)
    found = []
    for n in range(number):
        language = ("en", "es", "ru", "ko", "ja", "zh")[n % 6]
        words = (WORDS.get(language) or RUNS[language]).split()
        text = [chosen.choice(words) for _ in range(30)]
        joined = ("" if language in ("ja", "zh") else " ").join(text[4:])
        found.append(document(n, language, " ".join(text[:4]), joined))
    return found


def revision(article: dict[str, Any], number: int, body: str) -> dict[str, Any]:
    """Return a document of `revisions`."""
    return {
        "_id": f"{article['_id']}-{number}", "article": article["_id"], "number": number,
        "language": article["language"], "title": article["title"], "body": body, "seen_at": BEGIN,
        "dateline": article["dateline"],
        "trivial": False, "sources": [{"url": article["copies"][0]["url"]}],
    }  # fmt: skip
