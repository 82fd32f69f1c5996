"""The stories of `texts/`: each in six languages, with edits and withdrawals, so that there is something to search."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from tests.site.stories import LANGUAGES, Story

_TEXTS = Path(__file__).parent / "texts"


def written_stories() -> list[Story]:
    """Return all of them; the English ones are on KCNA Watch too."""
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
    return tomllib.loads((_TEXTS / f"{name}.toml").read_text(encoding="utf-8"))
