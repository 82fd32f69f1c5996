"""What tells an article from others."""

from __future__ import annotations

from kcna_spider.pipelines.dedupe import DedupePipeline
from kcna_spider.text.similarity import keys_of
from tests.samples import article


def test_fingerprint_and_keys() -> None:
    one, same = article(), article("https://kcnawatch.org/newstream/1-1/a/", title="New  Bakery opened")
    assert one.fingerprint == same.fingerprint
    assert keys_of(one) == keys_of(same)
    assert len(one.keys) == 5
    other = article(paragraphs=["Pyongyang, March 8 (KCNA) -- Quite another text stands here."])
    assert other.fingerprint != one.fingerprint


def test_strangers_pass() -> None:
    assert DedupePipeline().process_item(3) == 3
