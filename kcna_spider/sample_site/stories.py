"""The stories of the sample site that the tests crawl, from `texts/tested_stories.toml`."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import tomllib
from dataclasses import dataclass, field
from importlib.resources import files

# A resource of the package and no path, because Scrapyd runs the project from an egg.
TEXTS = files("kcna_spider.sample_site") / "texts"

CATEGORIES = {"Top News": "a1" * 16, "Home News": "b2" * 16, "World": "c3" * 16, "Documents": "d4" * 16}
NAMES = {  # the categories in the menu of each language
    "en": {name: name for name in CATEGORIES},
    "kp": {"Top News": "중요소식", "Home News": "국내소식", "World": "국제소식", "Documents": "문건"},
    "cn": {"Top News": "重要消息", "Home News": "国内消息", "World": "国际消息", "Documents": "文件"},
    "ru": {
        "Top News": "Главные новости",
        "Home News": "Внутренние новости",
        "World": "За рубежом",
        "Documents": "Документы",
    },
    "es": {
        "Top News": "Noticias principales",
        "Home News": "Nacionales",
        "World": "Mundo",
        "Documents": "Documentos",
    },
    "jp": {
        "Top News": "トップニュース",
        "Home News": "国内ニュース",
        "World": "国際ニュース",
        "Documents": "文書",
    },
}
END_MARKS = {"en": " -0-", "kp": "(끝)", "cn": "（完）", "ru": " -0-", "es": "", "jp": "－－－"}
LANGUAGES = {"en": "en", "kp": "ko", "cn": "zh", "ru": "ru", "es": "es", "jp": "ja"}


@dataclass
class Story:
    """One story.

    day: date of publication. code: language as in URLs of kcna.kp. watch, kp: whether it is on KCNA Watch and
    on kcna.kp. cojp: its date on kcna.co.jp, or None if it is not there. edited: its last paragraph from
    epoch 2 on. withdrawn: whether it is gone from epoch 2 on. late: whether it is published only at epoch 2.
    """

    title: str
    paragraphs: list[str]
    day: dt.date
    code: str = "en"
    categories: list[str] = field(default_factory=list)
    watch: bool = False
    kp: bool = False
    cojp: dt.date | None = None
    cojp_number: int | None = None  # in its URL; None: its position among the stories of the day
    edited: str | None = None
    withdrawn: bool = False
    late: bool = False

    @property
    def key(self) -> str:
        """The id in URLs of kcna.kp: 32 hexadecimal digits."""
        return hashlib.md5(f"{self.code} {self.title} {self.day}".encode()).hexdigest()

    @property
    def number(self) -> int:
        """The number in URLs of KCNA Watch."""
        return int(self.key[:7], 16) % 90_000_000 + 10_000_000

    @property
    def slug(self) -> str:
        """The title in URLs of KCNA Watch."""
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-") or "story"

    def text(self, epoch: int) -> list[str]:
        """Return the paragraphs at an epoch."""
        return [*self.paragraphs[:-1], self.edited] if epoch > 1 and self.edited else self.paragraphs

    def live(self, epoch: int) -> bool:
        """Return whether the story is published at an epoch."""
        return not (self.withdrawn and epoch > 1) and not (self.late and epoch == 1)


def _stories(table: str) -> list[Story]:
    return [Story(**story) for story in _TESTED[table]]


_TESTED = tomllib.loads((TEXTS / "tested_stories.toml").read_text(encoding="utf-8"))
EN, OLD, FOREIGN = _stories("english"), _stories("old"), _stories("foreign")
STORIES: list[Story] = [*EN, *OLD, *FOREIGN]
