"""The time of the rules for a text of a million characters, compared with one of thirty thousand."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from kcna_spider.search.people.activity import Text
from kcna_spider.search.people.event_rules import activities_of
from kcna_spider.search.people.mentions import mentions_of

pytestmark = pytest.mark.slow
DAY = dt.date(2014, 5, 2)
TIMES = 20  # A thirtyfold text may take this many times as long. Quadratic rules would need 900 times.
ATTEMPTS = 3  # The least time of these attempts counts.
PARTS = [
    "headed by Kim Jong Un ",
    "Present were Kim Jong Un, Choe Ryong Hae, ",
    "Kim Ki Nam met. ",
    "Kim Ki Nam, minister, met Kim Jong Un on May 2.\n",
    "vice-chairman of the Central Committee of the Workers' Party of Korea Kim Ki Nam, ",
    "It was handed by officials who were present when Ambassador Kim Ki Nam met ",
    'Talks were held with "Kim Ki Nam and Kim Jong Un, directors, ',
    "A meeting was held. Kim Ki Nam, minister, said that. ",
    "Kim Jong Un visited the Haksan Mill. He also visited the same Haksan of the Haksan of the ",
    "The premier learned about the work at the old mill at the old farm at the old site at the ",
    "Kim Jong Un inspected it. He first visited the old old old of the old of the old of the old mill and ",
    "Kim Ki Nam, minister, met him. On the same day the minister met the envoy. He was given a play. ",
    "Led by Kim Ki Nam, chairman, it was attended " + "with aaa " * 40,
    "A meeting was attended by Kim Ki Nam at the A at the A at the A at the A at the A ",
    "Kim\n\nKi Nam,\n\nminister,\n\n",
]


def cost(text: Text) -> float:
    """Return the processor time of the rules, in seconds."""
    begun = time.process_time()
    activities_of(text)
    return time.process_time() - begun


def text_of(part: str, length: int) -> Text:
    body = (part * (length // len(part) + 1))[:length]
    return Text("Kim Jong Un Visits", body, "Pyongyang", DAY, DAY, mentions_of("", body, "en"))


@pytest.mark.parametrize("part", PARTS)
def test_a_long_text(part: str) -> None:
    short, long = text_of(part, 30_000), text_of(part, 1_000_000)
    assert activities_of(short) == activities_of(long), "the beginning of a text must decide its activities"
    limit = TIMES * min(cost(short) for _ in range(ATTEMPTS)) + 0.05
    assert any(cost(long) < limit for _ in range(ATTEMPTS))
