"""The stories of the demo: each in six languages, some edited, some withdrawn."""

from __future__ import annotations

import tomllib
from typing import Any

from kcna_spider.sample_site.stories import LANGUAGES, TEXTS, Story


def written_stories() -> list[Story]:
    """Return the stories of the demo. All are on kcna.kp, and those in English also on KCNA Watch."""
    facts = _read("stories")
    return [
        _story(facts[name], text, code)
        for code, language in LANGUAGES.items()
        for name, text in _read(language).items()
    ]


def _story(facts: dict[str, Any], text: dict[str, str], code: str) -> Story:
    return Story(
        text["title"],
        text["text"].strip().split("\n"),
        facts["day"],
        code,
        [facts["category"]],
        watch=code == "en",
        kp=True,
        edited=text.get("edited"),
        withdrawn=facts.get("withdrawn", False),
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8"))
