"""Further stories for the sample site, of any number: invented sentences, with a different text in each.

The same seed gives the same stories.
"""

from __future__ import annotations

import datetime as dt
import random

from kcna_spider.sample_site.stories import CATEGORIES, STORIES, Story

_WHO = (
    "beekeepers", "bakers", "schoolchildren", "bridge builders", "weavers", "anglers", "glass blowers",
    "railwaymen", "choirs", "gardeners", "potters", "veterinarians", "lighthouse keepers", "map makers",
    "skaters", "printers",
)  # fmt: skip
_DID = (
    "opened",
    "visited",
    "repaired",
    "painted",
    "measured",
    "praised",
    "rebuilt",
    "described",
    "planted",
    "counted",
)
_WHAT = (
    "a windmill", "the new ferry", "an orchard", "the town clock", "a swimming pool", "the old archive",
    "a greenhouse", "the ski slope", "a noodle house", "the observatory", "a tram line", "the fish farm",
    "a pottery", "the salt pans",
)  # fmt: skip
_PLACES = ("Pyongyang", "Kaesong", "Wonsan", "Hamhung", "Samjiyon", "Sariwon", "Nampho", "Kanggye")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_FIRST = dt.date(2009, 1, 5)


def many(number: int, seed: int = 1) -> list[Story]:
    """Return this number of stories.

    A third is on all three sites, a third on kcna.co.jp alone, and a third on KCNA Watch and kcna.kp.
    """
    chance = random.Random(seed)
    return [_story(n, chance) for n in range(number)]


def large(number: int) -> list[Story]:
    """Return the stories of the sample site and this number of others."""
    return [*STORIES, *many(number)]


def _story(number: int, chance: random.Random) -> Story:
    day = _FIRST + dt.timedelta(days=number // 6 * 3)
    who, what, place = chance.choice(_WHO), chance.choice(_WHAT), chance.choice(_PLACES)
    title = f"{who.capitalize()} of {place} at No. {number}"
    line = f"{place}, {_MONTHS[day.month - 1]} {day.day} (KCNA) --"
    first = f"{line} {who.capitalize()} {chance.choice(_DID)} {what} No. {number} here."
    rest = [_sentence(number, chance) for _ in range(chance.randint(2, 6))]
    kind = number % 3
    return Story(
        title,
        [first, *rest],
        day,
        categories=[chance.choice(list(CATEGORIES))] if kind != 1 else [],
        watch=kind != 1,
        kp=kind != 1,
        cojp=day if kind != 2 else None,
        cojp_number=number % 6 + 40 if kind != 2 else None,
    )


def _sentence(number: int, chance: random.Random) -> str:
    words = [chance.choice(_WHO), chance.choice(_DID), chance.choice(_WHAT)]
    return (
        f"{chance.randint(2, 900)} {' '.join(words)} in {chance.choice(_PLACES)}, and "
        f"{chance.randint(3, 99)} saw {number}."
    )
