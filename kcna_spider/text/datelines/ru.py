"""Russian datelines: "Пхеньян, 16 февраля. /ЦТАК/--"."""

from __future__ import annotations

import re

from kcna_spider.text.datelines.base import DASHES, Found, Grammar
from kcna_spider.text.dates import stated_year
from kcna_spider.text.months import RUSSIAN

_PLACE = r"[А-Яа-яЁё][А-Яа-яЁё.\-]*(?:[ \u00a0]{1,3}[А-Яа-яЁё][А-Яа-яЁё.\-]*){0,4}"
_DATELINE = re.compile(
    rf"(?P<place>{_PLACE}?)\s{{0,4}}[,.;]{{0,2}}\s{{0,4}}(?P<day>\d{{1,2}})(?:-?го)?\s{{0,4}}"
    rf"(?P<month>{'|'.join(RUSSIAN)})\s{{0,4}}[.,]{{0,2}}\s{{0,4}}"
    r"(?:(?:(?P<juche>\d{2,3})\s{0,2}(?=\(|год))?\(?(?P<year>\d{4})?\)?\s{0,4}"
    r"(?:г\.|года|год)?(?:\s{0,2}чучхе)?\s{0,4}[.,]{0,2}\s{0,4})?"
    # Some letters may be Latin ones of the same shape, and two may be swapped.
    r"(?P<open>[/(\[／])?\s{0,3}(?:корр\.?\s)?(?P<agency>Ц(?:[ТT][АA][КK]|[ТT][КK][АA]))(?![А-Яа-яЁё])\.?"
    r"(?(open)(?:\s?[-, ]\s?[А-Яа-яA-Z ]{2,20}(?=\s?[/)\]／]))?)\s{0,3}(?P<close>[/)\]／]\.?)?"
    rf"(?P<dash>\s{{0,4}}(?:[{DASHES}]{{1,4}}(?:\s?[{DASHES}]{{1,3}}(?!\s?[0O]))?|:(?=\s)))?",
    re.IGNORECASE,
)


def read(head: str) -> Found | None:
    """Return the dateline at the start of `head`, or None. Its agency may be in slashes or brackets.

    Without them and without a dash, it must end the text: a sentence may begin like it.
    """
    m = _DATELINE.match(head)
    if not m or not (m["open"] or m["close"] or m["dash"] or not head[m.end() :].strip()):
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
