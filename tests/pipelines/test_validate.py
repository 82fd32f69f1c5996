"""Rejected articles, and the reasons."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kcna_spider.items import Article, Reject
from kcna_spider.pipelines.validate import ValidatePipeline
from tests.samples import article


@pytest.mark.parametrize(
    ("changes", "reason", "final"),
    [
        ({"title": " "}, "no_title", False),
        ({"paragraphs": ["  ", "-0-"]}, "no_body", False),
        ({"day": None, "paragraphs": ["Text."]}, "no_day", False),
        ({"day": "[1937.1.1.]"}, "bad_day", False),
        ({"day": "[2026.6.1.]"}, "bad_day", False),
        ({"title": "For Spanish-speaking people", "paragraphs": []}, "stub", True),
        ({"title": "Rueda de prensa", "paragraphs": ["For Spanish-speaking people"]}, "stub", True),
    ],
)
def test_rejected(changes: dict[str, Any], reason: str, final: bool) -> None:
    item = ValidatePipeline().process_item(article(**changes))
    assert isinstance(item, Reject)
    assert (item.reason, item.final) == (reason, final)
    assert item.raw["layout"] == "article_2026"
    assert item.raw["paragraphs"] == article(**changes).raw["paragraphs"], "the reject lost raw fields"


def test_sound_articles_and_strangers_pass() -> None:
    one = article(at=dt.datetime(2024, 3, 9, tzinfo=dt.UTC))
    assert ValidatePipeline().process_item(one) is one
    assert isinstance(one, Article)
    assert ValidatePipeline().process_item("no article") == "no article"
