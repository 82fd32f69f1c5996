"""Russian datelines: "Пхеньян, 16 февраля. /ЦТАК/--"."""

from __future__ import annotations

import re

from kcna_spider.text.datelines.base import Found, Grammar
from kcna_spider.text.dates import stated_year
from kcna_spider.text.months import RUSSIAN

_PLACE = r"[А-Яа-яЁё][А-Яа-яЁё.\-]*(?:[ \u00a0]{1,3}[А-Яа-яЁё][А-Яа-яЁё.\-]*){0,4}"
_DATELINE = re.compile(
    rf"(?P<place>{_PLACE}?)\s{{0,4}}[,.;]{{0,2}}\s{{0,4}}(?P<day>\d{{1,2}})\s{{0,4}}"
    rf"(?P<month>{'|'.join(RUSSIAN)})\s{{0,4}}[.,]{{0,2}}\s{{0,4}}"
    r"(?:(?:(?P<juche>\d{2,3})\s{0,2}(?=\(|год))?\(?(?P<year>\d{4})?\)?\s{0,4}"
    r"(?:г\.|года|год)?(?:\s{0,2}чучхе)?\s{0,4}[.,]{0,2}\s{0,4})?"
    r"(?P<open>[/(\[])?\s{0,3}(?P<agency>ЦТАК)(?:\s?[-,]\s?[А-ЯA-Z]{2,8})?\s{0,3}(?P<close>[/)\]])?"
    r"(?:\s{0,4}[-\u2013\u2014\u2015]{1,4}(?:\s?[-\u2013\u2014]{1,3})?)?",
    re.IGNORECASE,
)


def read(head: str) -> Found | None:
    """Return the dateline at the start of `head`, or None. Its agency may be in slashes or brackets."""
    m = _DATELINE.match(head)
    if not m:
        return None
    place = " ".join(m["place"].split()).strip(" .,")
    place = place.title() if place.isupper() or place.islower() else place
    return Found(place, RUSSIAN.index(m["month"].lower()) + 1, int(m["day"]), "ЦТАК", m.end(), stated_year(m))


GRAMMAR = Grammar(
    language="ru",
    read=read,
    starts=re.compile(r"[А-Яа-яЁё]"),
    end_mark=re.compile(r"\s*-\s*0\s*-\s*\Z"),
)
