"""The identity of an article."""

from __future__ import annotations

from tests.samples import article


def test_fingerprint_and_keys() -> None:
    one, same = article(), article("https://kcnawatch.org/newstream/1-1/a/", title="New  Bakery opened")
    other = article(paragraphs=["Pyongyang, March 8 (KCNA) -- Quite another text stands here."])
    for item in (one, same, other):
        item.set_fingerprint()
    assert one.fingerprint == same.fingerprint
    assert one.set_lsh_keys() == same.set_lsh_keys()
    assert len(one.lsh_keys) == 5
    assert other.fingerprint != one.fingerprint
