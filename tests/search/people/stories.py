"""Invented stored articles that report appearances."""

from __future__ import annotations

from typing import Any

from tests.search.texts import document

LEADER = (
    "Kim Jong Un, first secretary of the Workers' Party of Korea, visited the {} on {}. "
    "He was accompanied by Pak Chol Min and Ri Su Il."
)
NAMES = ("Haksan Mill", "Sindok Farm", "Ryulgok Shoe Factory")
FIRST = 700  # This is the number of the first article.


def story(number: int, day: int, title: str, body: str, language: str = "en") -> dict[str, Any]:
    """Return an article published `day` days after the first of the archive, 1 November 2023."""
    found = document(day, language, title, body)
    return {
        **found,
        "_id": document(number, language, "", "")["_id"],
        "changed_at": None,
        "withdrawn_at": None,
        "events": [],
    }


def appearance_stories() -> list[dict[str, Any]]:
    """Return three reported visits of the leader, a reception, and an anecdote.

    Two English articles and a Korean one report the first visit.
    """
    visits = [
        story(
            FIRST + n, 400 + 5 * n, f"Kim Jong Un Visits {name}", LEADER.format(name, f"December {4 + 5 * n}")
        )
        for n, name in enumerate(NAMES)
    ]
    return [
        *visits,
        story(FIRST + 10, 400, "Kim Jong Un Tours Haksan Mill",
              LEADER.format(NAMES[0], "December 4") + " He was glad."),
        story(FIRST + 11, 400, "김정은동지께서 학산제분소를 현지지도하시였다",
              "김정은동지께서 학산제분소를 현지지도하시였다.", "ko"),
        story(
            FIRST + 12, 420, "Reception Given",
            (
                "A reception was given at the Koryo Hotel on December 24. Present were Pak Chol Min, "
                "minister of Trade, and others."
            ),
        ),
        story(FIRST + 13, 421, "Story of a Mill",
              "In May 1998 Kim Jong Il visited the mill and gave field guidance."),
    ]  # fmt: skip
