"""The stories of the demo: in six languages, with datelines that match their dates."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from kcna_spider.sample_site.stories import LANGUAGES, Story
from kcna_spider.sample_site.written_stories import written_stories
from kcna_spider.text.datelines import parse_dateline

STORIES = written_stories()


def test_each_story_is_there_in_six_languages() -> None:
    by_language = Counter(LANGUAGES[story.code] for story in STORIES)
    assert set(by_language) == {"en", "ko", "zh", "ru", "es", "ja"}
    assert len(set(by_language.values())) == 1
    assert by_language.total() >= 150
    assert len({story.key for story in STORIES}) == by_language.total()
    assert len({"\n".join(story.paragraphs) for story in STORIES}) == by_language.total()


def test_some_are_edited_and_some_are_withdrawn() -> None:
    edited = [story for story in STORIES if story.edited]
    withdrawn = [story for story in STORIES if story.withdrawn]
    assert all(story.text(1) != story.text(2) for story in edited)
    assert {story.code for story in edited} == {story.code for story in withdrawn} == set(LANGUAGES)
    assert not [story for story in edited if story.withdrawn]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: f"{story.code} {story.day} {story.title[:20]}")
def test_the_dateline_is_of_the_day_or_the_day_before(story: Story) -> None:
    dateline = parse_dateline(story.paragraphs[0], story.day)
    assert dateline
    assert dateline.date
    assert dateline.place
    assert story.day - dateline.date in (dt.timedelta(0), dt.timedelta(1))
