"""Mentions of persons in an article, in English and Korean."""

from __future__ import annotations

import pytest

from kcna_spider.search.people.mentions import mentions_of


def test_each_mention_has_its_place() -> None:
    title = "Pak Chol Min Meets Envoy Blake"
    body = "Premier Pak Chol Min met Envoy Tom Blake. Blake thanked Pak Chol Min."
    found = mentions_of(title, body, "en")
    for one in found:
        assert {"title": title, "body": body}[one.field][one.start : one.end] == one.written
    assert [one.name for one in found] == [
        "Pak Chol Min", "Tom Blake", "Pak Chol Min", "Tom Blake", "Pak Chol Min",
    ]  # fmt: skip


def test_a_family_name_alone_is_the_person_of_the_article() -> None:
    found = mentions_of("", "President Carl Obama spoke. Obama left.", "en")
    assert [one.name for one in found] == ["Carl Obama", "Carl Obama"]


@pytest.mark.parametrize(
    ("body", "titles"),
    [
        ("Pak Chol Min and Ri Su Il, secretaries of the party, left.", ["secretary of the party"] * 2),
        ("Vice-Premiers Pak Chol Min and Ri Su Il left.", ["Vice-Premier"] * 2),
        (
            "Jang Ho Jun, rector, Pak Chol Min and Ri Su Il, directors, left.",
            ["rector", "director", "director"],
        ),
        ("Pak Chol Min left. Ri Su Il and others, directors of the mill, left.", [None, None]),
    ],
)
def test_plural_titles(body: str, titles: list[str | None]) -> None:
    found = mentions_of("", body, "en")
    assert [one.titles[0] if one.titles else None for one in found] == titles


def test_korean_leaders_and_officials() -> None:
    body = (
        "경애하는 김정은동지께서 공장을 찾으시였다. 내각총리 박철민동지, 리수일동지가 동행하였다. "
        "김일성광장에 갔다."
    )
    found = mentions_of("", body, "ko")
    assert [(one.name, one.titles) for one in found] == [
        ("Kim Jong Un", ()), ("박철민", ("내각총리",)), ("리수일", ()),
    ]  # fmt: skip
    assert all(body[one.start : one.end] == one.written for one in found)


def test_other_languages_have_none() -> None:
    assert mentions_of("Kim Jong Un", "Kim Jong Un visitó", "es") == []
