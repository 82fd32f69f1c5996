"""Several gatherings in one article, in invented reports."""

from __future__ import annotations

import datetime as dt

import pytest

from kcna_spider.search.people_rows import people_of

DAY = dt.date(2014, 5, 5)
TRADE = "Pak Chol Min, minister of Trade"
CULTURE = "Ri Su Il, minister of Culture"

SEVERAL = [
    # Each list names its ceremony.
    ("Wreaths Laid",
     (f"Present at the ceremony held at the Haksan Cemetery were {TRADE}, and others. Present at the "
      f"ceremony held at the Sindok Monument were {CULTURE}, and others.")),
    ("Wreaths Laid",
     (f"{TRADE}, and others were present at the ceremony at the Haksan Cemetery. {CULTURE}, and others "
      "were present at the ceremony at the Sindok Monument.")),
    # The sentence before the list names another reception.
    ("Envoy Gives Reception",
     (f"The envoy gave a reception. Present there were {TRADE}, and others. Earlier, he gave a reception for "
      f"the builders. Invited there were {CULTURE}, and others.")),
    # Each meeting has a report.
    ("Meetings Held",
     (f"Meetings were held at the Haksan Hall and the Sindok Hall. {TRADE}, made a report at the Haksan "
      f"Hall. {CULTURE}, delivered a report at the Sindok Hall.")),
    ("Events Held",
     (f"Events were held. {TRADE}, made a speech at the Haksan Hall. In an oath-taking meeting of farmers, "
      f"{CULTURE}, made a speech.")),
]  # fmt: skip
ONE = [
    ("Wreaths Laid",
     (f"Present at the ceremony at the Haksan Cemetery were {TRADE}, and others. Also present there were "
      f"{CULTURE}, and others.")),
    ("Wreaths Laid",
     (f"Present at the ceremony at the Haksan Cemetery were {TRADE}, and others. A speech at the Haksan "
      f"Cemetery was made by {CULTURE}.")),
    # The title is about one session, which has several reports.
    ("Session Held",
     f"A session was held. {TRADE}, made a report. {CULTURE}, delivered a report."),
]  # fmt: skip


@pytest.mark.parametrize(("title", "body"), SEVERAL)
def test_several(title: str, body: str) -> None:
    found = people_of([(title, body, "en", "Pyongyang", DAY, DAY, ())])[0][1]
    assert [one.principal for one in found] == ["Pak Chol Min", "Ri Su Il"]


@pytest.mark.parametrize(("title", "body"), ONE)
def test_one(title: str, body: str) -> None:
    found = people_of([(title, body, "en", "Pyongyang", DAY, DAY, ())])[0][1]
    assert [(one.principal, one.companions) for one in found] == [("Pak Chol Min", ("Ri Su Il",))]
