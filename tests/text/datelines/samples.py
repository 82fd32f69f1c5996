"""Openings of reports in each language, and their datelines.

Every misprint that is found needs a line here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kcna_spider.text import months


@dataclass(frozen=True, slots=True)
class Case:
    """An opening, the date of publication (ISO), and the dateline.

    place: None if the opening has no dateline.
    """

    text: str
    published: str | None
    place: str | None
    date: str | None = None
    agency: str | None = None


@dataclass(frozen=True)
class Samples:
    """Samples of one language.

    write: returns a regular dateline of this agency for a place, a month and a day.
    cases: openings of real reports.
    """

    write: Callable[[str, int, int], str]
    agency: str
    places: tuple[str, ...]
    cases: tuple[Case, ...]


SAMPLES: dict[str, Samples] = {
    "en": Samples(
        write=lambda place, month, day: f"{place}, {months.ENGLISH[month - 1].capitalize()} {day} (KCNA) --",
        agency="KCNA",
        places=("Pyongyang", "Mt. Kumgang Resort", "New Delhi", "Samjiyon", "Ho Chi Minh City"),
        cases=(
            Case("RAJIN-SONBONG, March 8 (KCNA) -- T", "2024-03-09", "Rajin-Sonbong", "2024-03-08", "KCNA"),
            Case("PORT-AU-PRINCE, March 8 (KCNA) -- T", "2024-03-09", "Port-au-Prince", "2024-03-08", "KCNA"),
            Case(
                "WASHINGTON D.C., March 8 (KCNA) -- T", "2024-03-09", "Washington D.C.", "2024-03-08", "KCNA"
            ),
            Case(
                "Mt.Kumgang Resort, March 8 (KCNA) -- T",
                "2024-03-09",
                "Mt. Kumgang Resort",
                "2024-03-08",
                "KCNA",
            ),
            Case("Dar es Salaam, March 8 (KCNA) -- T", "2024-03-09", "Dar es Salaam", "2024-03-08", "KCNA"),
            Case("Wreaths to Revolutionary Martyrs (KCNA) were laid", "2024-03-09", None),
            Case("Rakwon Market (KCNA) opens", "2024-03-09", None),
            Case("In Geneva, Switzerland, March 8 (KCNA) said", "2024-03-09", None),
            Case("Kang Sun, March 8 (KCNA) -- T", "2024-03-09", "Kang Sun", "2024-03-08", "KCNA"),
            Case("A Coruna, March 8 (KCNA) -- T", "2024-03-09", "A Coruna", "2024-03-08", "KCNA"),
            Case(
                "Pyongyang, March 8 (KCNA correspondents) -- T",
                "2024-03-09",
                "Pyongyang",
                "2024-03-08",
                "KCNA",
            ),
            Case("Pyongyang, March 8 (KCNA Reporter) -- T", "2024-03-09", "Pyongyang", "2024-03-08", "KCNA"),
            Case("Pyongyang, March 8 (KCNA, 2024) -- T", "2024-03-09", "Pyongyang", "2024-03-08", "KCNA"),
            Case("Pyongyang, March 8 (KCNA) \u2010\u2010 T", "2024-03-09", "Pyongyang", "2024-03-08", "KCNA"),
            Case("Pyongyang, March 8 (KCNA) \u2500\u2500 T", "2024-03-09", "Pyongyang", "2024-03-08", "KCNA"),
            Case("Pyongyang, March 8 (KCNA) -- -0-", "2024-03-09", "Pyongyang", "2024-03-08", "KCNA"),
            Case("Pyongyang, 7 Jan. (KCNA) -- T", "2024-01-09", "Pyongyang", "2024-01-07", "KCNA"),
            Case("Pyongyang, 7th of January (KCNA) -- T", "2024-01-09", "Pyongyang", "2024-01-07", "KCNA"),
            Case(
                "Washington, D.C., March 8 (KCNA) -- T",
                "2024-03-09",
                "Washington, D.C.",
                "2024-03-08",
                "KCNA",
            ),
            Case("Pyongyang, Friday, March 8, 2024 (KCNA) -- T", None, "Pyongyang", "2024-03-08", "KCNA"),
            Case("March 8, 2024 (KCNA) -- T", None, "", "2024-03-08", "KCNA"),
            Case("Pyongyang, March 8, Juch 113 (KCNA) -- T", None, "Pyongyang", "2024-03-08", "KCNA"),
            Case("Pyongyang, March 8, 2024 (Juche 113) (KCNA) -- T", None, "Pyongyang", "2024-03-08", "KCNA"),
            Case("Pyongchang, February 9 (KCNA) -- T", "2018-02-10", "Pyongchang", "2018-02-09", "KCNA"),
            Case("Subtitle Pyongyang, March 8 (KCNA) -- T", "2024-03-09", "Pyongyang", "2024-03-08", "KCNA"),
            Case("On Friday, March 8 -- the day of women -- we met.", "2024-03-09", None),
            Case("The report of March 8 (KCNA) said that", "2024-03-09", None),
            Case("In Pyongyang, March 8 -- the day of women -- was marked", "2024-03-09", None),
            Case("As reported on March 8 (KCNA), the workers", "2024-03-09", None),
            Case("Photo 1 (KCNA) shows a mill", "2024-03-09", None),
            Case("The Bakers Send Greetings, March 8 -- Report", "2024-03-09", None),
            Case(
                "Pyongyang, November 11 (KCNA) -- The might of the movement",
                "2020-11-11",
                "Pyongyang",
                "2020-11-11",
                "KCNA",
            ),
            Case(
                "PYONGYANG, MARCH 6 (KCNA) -- THE LEADER VISITED",
                "1997-03-06",
                "Pyongyang",
                "1997-03-06",
                "KCNA",
            ),
            Case(
                "Tokyo, May 17 (KNS-KCNA) -- A lecture meeting",
                "2000-05-19",
                "Tokyo",
                "2000-05-17",
                "KNS-KCNA",
            ),
            Case(
                "tokyo, May 17 (kns-KCNA) -- A lecture meeting",
                "2000-05-19",
                "Tokyo",
                "2000-05-17",
                "KNS-KCNA",
            ),
            Case(
                "Tokyo, May 17 (KCNA-KNS) -- A lecture meeting",
                "2000-05-19",
                "Tokyo",
                "2000-05-17",
                "KCNA-KNS",
            ),
            Case(
                "Tokyo, May 17 (KNS/KCNA) -- A lecture meeting",
                "2000-05-19",
                "Tokyo",
                "2000-05-17",
                "KNS-KCNA",
            ),
            Case(
                "Tokyo, May 17 (KCNA - KNS) -- A lecture meeting",
                "2000-05-19",
                "Tokyo",
                "2000-05-17",
                "KCNA-KNS",
            ),
            Case("Pyongyang, November 11, 2020 (KCNA) -- The might", None, "Pyongyang", "2020-11-11", "KCNA"),
            Case(
                "Pyongyang, November 11, 2020 (KCNA) -- The might",
                "2026-01-01",
                "Pyongyang",
                "2020-11-11",
                "KCNA",
            ),
            Case(
                "Pyongyang, November 11 2020 (KCNA) -- The might",
                "2020-11-12",
                "Pyongyang",
                "2020-11-11",
                "KCNA",
            ),
            Case(
                "Pyongyang, November 11, Juche 109 (2020) (KCNA) -- The might",
                "2020-11-12",
                "Pyongyang",
                "2020-11-11",
                "KCNA",
            ),
            Case(
                "Tokyo December 10 (KNS) - We received questions", "1997-12-10", "Tokyo", "1997-12-10", "KNS"
            ),
            Case(
                "Pyongyang, December 31 (KCNA) -- A report meeting",
                "2011-01-01",
                "Pyongyang",
                "2010-12-31",
                "KCNA",
            ),
            Case("Pyongyang, January 1 (KCNA) -- A speech", "2016-12-31", "Pyongyang", "2017-01-01", "KCNA"),
            Case(
                "Pyongyang, February 29 (KCNA) -- A statement",
                "2008-03-01",
                "Pyongyang",
                "2008-02-29",
                "KCNA",
            ),
            Case("Pyongyang, February 29 (KCNA) -- A statement", "2007-03-01", "Pyongyang", None, "KCNA"),
            Case("Pyongyang, June 31 (KCNA) -- No calendar has it", "2009-07-01", "Pyongyang", None, "KCNA"),
            Case("Pyongyang, June 8 (KCNA) -- No year", None, "Pyongyang", None, "KCNA"),
            Case(
                "Mt. Kumgang Resort, October 22 (KCNA) -- A reunion",
                "2015-10-23",
                "Mt. Kumgang Resort",
                "2015-10-22",
                "KCNA",
            ),
            Case(
                "Mt. Kumgang resort, October 22 (KCNA) -- A reunion",
                "2015-10-23",
                "Mt. Kumgang resort",
                "2015-10-22",
                "KCNA",
            ),
            Case(
                "mt. Kumgang resort, October 22 (KCNA) -- A reunion",
                "2015-10-23",
                "Mt. Kumgang resort",
                "2015-10-22",
                "KCNA",
            ),
            Case(
                "jeju island, September 30 (KCNA) -- Talks", "2000-09-30", "Jeju Island", "2000-09-30", "KCNA"
            ),
            Case("pyongyang,July 9(KCNA) -- A spokesman", "2002-07-09", "Pyongyang", "2002-07-09", "KCNA"),
            Case("Pyongyang, June 14, (KCNA) -- It hailed", "2005-06-15", "Pyongyang", "2005-06-14", "KCNA"),
            Case("Pyongyang, June 8 KCNA) -- The centre", "2004-06-09", "Pyongyang", "2004-06-08", "KCNA"),
            Case("Pyongyang, June 8 (KCNA -- The centre", "2004-06-09", "Pyongyang", "2004-06-08", "KCNA"),
            Case(
                "Pyongyang, November 28 (KNCA) -- In order to",
                "2005-11-29",
                "Pyongyang",
                "2005-11-28",
                "KCNA",
            ),
            Case("Pyongyang, July 23 -- The chairman", "2005-07-25", "Pyongyang", "2005-07-23", None),
            Case("Pyongyang, 14 (KCNA) -- A delegation", "2013-10-14", "Pyongyang", "2013-10-14", "KCNA"),
            Case("Pyongyang, 30 (KCNA) -- A delegation", "2013-10-02", "Pyongyang", "2013-09-30", "KCNA"),
            Case(
                "yongyang, January 28 (KCNA) -- A committee", "2018-01-28", "Pyongyang", "2018-01-28", "KCNA"
            ),
            Case(
                "Pyongyang, Sept. 5 (KCNA) -- Papers carry", "1998-09-06", "Pyongyang", "1998-09-05", "KCNA"
            ),
            Case(
                "\u00a0\u00a0 Pyongyang, October 5 (KCNA) \u2014 He was presented",
                "2007-10-06",
                "Pyongyang",
                "2007-10-05",
                "KCNA",
            ),
            Case(
                "Pyongyang, October 5 \ufffdiKCNA\ufffdj -- He was presented",
                "2004-10-05",
                "Pyongyang",
                "2004-10-05",
                "KCNA",
            ),
            Case(
                "\uff30yongyang, June 8 \uff08\uff2b\uff23\uff2e\uff21\uff09 -- He",
                "2001-06-08",
                "Pyongyang",
                "2001-06-08",
                "KCNA",
            ),
            Case(
                "Mal\u00e9, June 8 (KCNA) -- He",
                "2001-06-09",
                "Mal\u00e9",
                "2001-06-08",
                "KCNA",
            ),
            Case(
                "Pyongyang, October 5 \ufffdKCNA\ufffd -- He was presented",
                "2007-10-06",
                "Pyongyang",
                "2007-10-05",
                "KCNA",
            ),
            Case(
                "Seoul, June 22 (KCNA Correspondent) -- Talks opened",
                "2005-06-22",
                "Seoul",
                "2005-06-22",
                "KCNA",
            ),
            Case(
                "Pyongyang, Feb1urary 8 (KCNA) -- An exhibition",
                "1997-02-08",
                "Pyongyang",
                "1997-02-08",
                "KCNA",
            ),
            Case("Ppyongyang, Mmarch 26 (KCNA) -- He said", "1997-03-26", "Pyongyang", "1997-03-26", "KCNA"),
            Case(
                "Pyongyang, February 26 (KCNA9 -- Gift plants",
                "2000-02-26",
                "Pyongyang",
                "2000-02-26",
                "KCNA",
            ),
            Case("Pyongyang, July (KCNA) - We will always remember", "1997-07-09", "Pyongyang", None, "KCNA"),
            Case(
                "Pyongyang, Pyongyang, August 31 (KCNA) -- A party",
                "2011-08-31",
                "Pyongyang",
                "2011-08-31",
                "KCNA",
            ),
            Case(
                "l; Pyongyang, April 14 (KCNA) -- A photo exhibition",
                "2005-04-15",
                "Pyongyang",
                "2005-04-14",
                "KCNA",
            ),
            Case(
                "Pyonggang, May 3 (KCNA) -- A county, not the capital",
                "2005-05-03",
                "Pyonggang",
                "2005-05-03",
                "KCNA",
            ),
            Case("September 10 (KCNA) -- The Institute", "2014-09-11", "", "2014-09-10", "KCNA"),
            Case("Pyongyang, March 9, Juche 113 (KCNA) -- Text", None, "Pyongyang", "2024-03-09", "KCNA"),
            Case("Pyongyang, 9th March, 2024 (KCNA) -- Text", None, "Pyongyang", "2024-03-09", "KCNA"),
            Case("Tokyo, March 9 (KCNA) (KNS) -- Text", "2024-03-10", "Tokyo", "2024-03-09", "KCNA"),
            Case("Beijing, March 9 (KCNA-Xinhua) -- Text", "2024-03-10", "Beijing", "2024-03-09", "KCNA"),
            Case("Pyongyang, March 9 (KCNA): Text", "2024-03-10", "Pyongyang", "2024-03-09", "KCNA"),
            Case("One day in May Juche 106 (2017), he met officials", "2024-01-17", None),
            Case("It was one day in April Juche 50 (1961) when he took part", "2024-04-09", None),
            Case("The Korean Central News Agency (KCNA) released a report on November 3", "2019-11-03", None),
            Case("On November 3 the meeting closed - it had lasted a day", "2019-11-03", None),
            Case("He told KCNA:", "1998-10-10", None),
            Case("May 1", "2002-05-01", None),
            Case("BACK HOME", "2002-04-13", None),
        ),
    ),
    "es": Samples(
        write=lambda place, month, day: (
            f"{place}, {'primero' if day == 1 else day} de {months.SPANISH[month - 1]} (ACNC) --"
        ),
        agency="ACNC",
        places=("Pyongyang", "La Habana", "Monte Kumgang", "Ciudad de M\u00e9xico"),
        cases=(
            Case(
                "Pyongyang, 8 de marzo (ACNC Corresponsal) -- T",
                "2024-03-09",
                "Pyongyang",
                "2024-03-08",
                "ACNC",
            ),
            Case("Pyongyang, 8 marzo (ACNC) -- La escuela", "2024-03-09", "Pyongyang", "2024-03-08", "ACNC"),
            Case("Pyongyang, marzo 8 (ACNC) -- La escuela", "2024-03-09", "Pyongyang", "2024-03-08", "ACNC"),
            Case("Pyongyang, 8 (ACNC) -- La escuela", "2024-03-09", "Pyongyang", "2024-03-08", "ACNC"),
            Case("Pyongyang, 8 de marzo（ACNC）-- La", "2024-03-09", "Pyongyang", "2024-03-08", "ACNC"),
            Case(
                "Pyongyang, 1.\u00ba de marzo (ACNC) -- La", "2024-03-02", "Pyongyang", "2024-03-01", "ACNC"
            ),
            Case("Pyongyang, 1ero de marzo (ACNC) -- La", "2024-03-02", "Pyongyang", "2024-03-01", "ACNC"),
            Case("Pyongyang, 8 de mazro (ACNC) -- La", "2024-03-09", "Pyongyang", "2024-03-08", "ACNC"),
            Case(
                "Pyongyang, 8 de marzo (Corresponsal ACNC) -- La",
                "2024-03-09",
                "Pyongyang",
                "2024-03-08",
                "ACNC",
            ),
            Case("Pyongyang, 8 de marzo (KCNA) -- La", "2024-03-09", "Pyongyang", "2024-03-08", "KCNA"),
            Case("Pyongyang, 8 de marzo (ACNC): El", "2024-03-09", "Pyongyang", "2024-03-08", "ACNC"),
            Case(
                "Pyongyang, 4 de octubre (ACNC -- Trabajadores",
                "2024-10-05",
                "Pyongyang",
                "2024-10-04",
                "ACNC",
            ),
            Case("Hoy, 7 de marzo -- el día de la mujer -- hablaron", "2024-03-09", None),
            Case("El 7 de marzo (ACNC) informó", "2024-03-09", None),
            Case(
                "Pyongyang, 4 de octubre (ACNC) -- El presidente",
                "2013-10-04",
                "Pyongyang",
                "2013-10-04",
                "ACNC",
            ),
            Case(
                "Pyongyang, 11 de enero (ATCC) -- El Ministerio",
                "2010-01-11",
                "Pyongyang",
                "2010-01-11",
                "ATCC",
            ),
            Case(
                "Pyongyang, primero de mayo (ACNC) -- El comite",
                "2017-05-01",
                "Pyongyang",
                "2017-05-01",
                "ACNC",
            ),
            Case(
                "Teheran, 2 de septiembre (Corresponsal de ACNC) -- El presidente",
                "2012-09-03",
                "Teheran",
                "2012-09-02",
                "ACNC",
            ),
            Case(
                "Monte Kumgang, 22 de octubre (ACNC) -- Sigue",
                "2015-10-22",
                "Monte Kumgang",
                "2015-10-22",
                "ACNC",
            ),
            Case(
                "pyongyang,31 de diciembre(ACNC) - El acto", "2014-01-01", "Pyongyang", "2013-12-31", "ACNC"
            ),
            Case(
                "Pyongyang, 4 de octubre de 2013 (ACNC) -- El presidente",
                None,
                "Pyongyang",
                "2013-10-04",
                "ACNC",
            ),
            Case(
                "Pyongyang, 9 de marzo de Juche 113 (2024) (ACNC) -- Texto",
                None,
                "Pyongyang",
                "2024-03-09",
                "ACNC",
            ),
            Case(
                "Pyongyang, 9 de marzo (ACNC-KNS) -- Texto", "2024-03-10", "Pyongyang", "2024-03-09", "ACNC"
            ),
            Case("El 4 de octubre se celebro un acto", "2013-10-04", None),
            Case("La declaracion del 4 de octubre (2007) abre el camino", "2013-10-04", None),
        ),
    ),
    "ja": Samples(
        write=lambda place, month, day: f"【{place}{month}月{day}日発朝鮮中央通信】",
        agency="朝鮮中央通信",
        places=("平壌", "元山", "東京", "ハバナ"),
        cases=(
            Case(
                "平壌3月8日発朝鮮中央通信 金正恩総書記が", "2024-03-09", "平壌", "2024-03-08", "朝鮮中央通信"
            ),
            Case("【平壌3月8日発朝鮮中央通信 - 工場", "2024-03-09", "平壌", "2024-03-08", "朝鮮中央通信"),
            Case("【平壌3月8日発朝鮮中央通信記者】本文", "2024-03-09", "平壌", "2024-03-08", "朝鮮中央通信"),
            Case("【平壌、3月8日発朝鮮中央通信】本文", "2024-03-09", "平壌", "2024-03-08", "朝鮮中央通信"),
            Case("去る3月8日朝鮮中央通信社は声明を発表した。", "2024-03-09", None),
            Case("平壌3月8日発朝鮮中央通信が伝えた。", "2024-03-09", None),
            Case(
                "【平壌2月17日発朝鮮中央通信】偉大な党の指導に",
                "2025-02-17",
                "平壌",
                "2025-02-17",
                "朝鮮中央通信",
            ),
            Case(
                "【平壌７月５日発朝鮮中央通信】委員会が", "2017-07-05", "平壌", "2017-07-05", "朝鮮中央通信"
            ),
            Case("【平壌2025年2月17日発朝鮮中央通信】偉大な党", None, "平壌", "2025-02-17", "朝鮮中央通信"),
            Case(
                "【平壌チュチェ113（2024）年3月9日発朝鮮中央通信】本文",
                None,
                "平壌",
                "2024-03-09",
                "朝鮮中央通信",
            ),
            Case(
                "【東京3月9日発朝鮮中央通信＝朝鮮通信】本文",
                "2024-03-10",
                "東京",
                "2024-03-09",
                "朝鮮中央通信",
            ),
            Case("【東京１２月３１日発＝朝鮮中央通信】", "2017-01-01", None),
            Case("朝鮮中央通信は2月17日、次のように報じた。", "2025-02-17", None),
            Case("2月17日、平壌で", "2025-02-17", None),
        ),
    ),
    "ko": Samples(
        write=lambda place, month, day: f"({place} {month}월 {day}일발 조선중앙통신)",
        agency="조선중앙통신",
        places=("평양", "원산", "함흥", "강계"),
        cases=(
            Case(
                "(평양 3월 8일발 조선중앙통신-새 공장이", "2024-03-09", "평양", "2024-03-08", "조선중앙통신"
            ),
            Case(
                "(평양 3월 8일발 조선중앙통신 기자 리철)글",
                "2024-03-09",
                "평양",
                "2024-03-08",
                "조선중앙통신",
            ),
            Case("(평양, 3월 8일발 조선중앙통신)글", "2024-03-09", "평양", "2024-03-08", "조선중앙통신"),
            Case(
                "(상트-페테르부르그 3월 8일발 조선중앙통신)글",
                "2024-03-09",
                "상트-페테르부르그",
                "2024-03-08",
                "조선중앙통신",
            ),
            Case("지난 3월 8일 조선중앙통신은 상보를 발표하였다.", "2024-03-09", None),
            Case("이미 3월 8일발 조선중앙통신 보도에서 밝혔다.", "2024-03-09", None),
            Case("(평양 2월 16일발 조선중앙통신)", "2026-02-16", "평양", "2026-02-16", "조선중앙통신"),
            Case(
                "(평양 9월 19일발 조선중앙통신)경애하는 원수님께서",
                "2018-09-19",
                "평양",
                "2018-09-19",
                "조선중앙통신",
            ),
            Case(
                "（함흥 １２월 ３１일발 조선중앙통신）공장에서는",
                "2025-01-01",
                "함흥",
                "2024-12-31",
                "조선중앙통신",
            ),
            Case("평양 2월 16일발 조선중앙통신", "2026-02-16", "평양", "2026-02-16", "조선중앙통신"),
            Case("(평양 2026년 2월 16일발 조선중앙통신)", None, "평양", "2026-02-16", "조선중앙통신"),
            Case(
                "(평양 주체113(2024)년 2월 16일발 조선중앙통신)", None, "평양", "2024-02-16", "조선중앙통신"
            ),
            Case("(평양 주체113년 3월 9일발 조선중앙통신)", None, "평양", "2024-03-09", "조선중앙통신"),
            Case(
                "(도꾜 3월 9일발 조선중앙통신-조선통신)", "2024-03-10", "도꾜", "2024-03-09", "조선중앙통신"
            ),
            Case("조선중앙통신은 2월 16일 보도하였다.", "2026-02-16", None),
            Case("2월 16일에 진행되였다.", "2026-02-16", None),
        ),
    ),
    "ru": Samples(
        write=lambda place, month, day: f"{place}, {day} {months.RUSSIAN[month - 1]}. /ЦТАК/--",
        agency="ЦТАК",
        places=("Пхеньян", "Москва", "Вонсан", "Нью-Йорк"),
        cases=(
            Case("Пхеньян, 8 марта. ЦТАК - Уважаемый", "2024-03-09", "Пхеньян", "2024-03-08", "ЦТАК"),
            Case("Пхеньян, 8-го марта. /ЦТАК./-- Т", "2024-03-09", "Пхеньян", "2024-03-08", "ЦТАК"),
            Case("Пхеньян, 8 марта. /ЦTAK/: Т", "2024-03-09", "Пхеньян", "2024-03-08", "ЦТАК"),
            Case("Как сообщило 8 марта ЦТАК, состоялось заседание", "2024-03-09", None),
            Case("Вчера, 9 марта ЦТАК передало заявление", "2024-03-09", None),
            Case(
                "Пхеньян, 16 февраля. /ЦТАК/-- Уважаемый товарищ",
                "2026-02-17",
                "Пхеньян",
                "2026-02-16",
                "ЦТАК",
            ),
            Case("ПХЕНЬЯН, 31 декабря /ЦТАК/ — Состоялось", "2026-01-01", "Пхеньян", "2025-12-31", "ЦТАК"),
            Case("Нью-Йорк, 5 мая (ЦТАК) -- Состоялось", "2026-05-05", "Нью-Йорк", "2026-05-05", "ЦТАК"),
            Case("Пхеньян, 16 февраля 2026 года. /ЦТАК/-- Уважаемый", None, "Пхеньян", "2026-02-16", "ЦТАК"),
            Case("Пхеньян, 9 марта 113 (2024) года чучхе. /ЦТАК/-- Т", None, "Пхеньян", "2024-03-09", "ЦТАК"),
            Case("Токио, 9 марта. /ЦТАК-КНС/-- Т", "2024-03-10", "Токио", "2024-03-09", "ЦТАК"),
            Case("16 февраля состоялось заседание", "2026-02-16", None),
            Case("Сообщение ЦТАК от 16 февраля", "2026-02-16", None),
        ),
    ),
    "zh": Samples(
        write=lambda place, month, day: f"朝中社{place}{month}月{day}日电 ",
        agency="朝中社",
        places=("平壤", "元山", "咸兴", "北京"),
        cases=(
            Case("朝中社自贡3月8日电 正文", "2024-03-09", "自贡", "2024-03-08", "朝中社"),
            Case("朝中社平壤3月8日电：正文", "2024-03-09", "平壤", "2024-03-08", "朝中社"),
            Case("朝中社记者平壤3月8日电 正文", "2024-03-09", "平壤", "2024-03-08", "朝中社"),
            Case("朝中社平壤，3月8日讯 正文", "2024-03-09", "平壤", "2024-03-08", "朝中社"),
            Case("朝中社在3月8日电讯中指出，这是犯罪。", "2024-03-09", None),
            Case("朝中社平壤3月8日电视讲话", "2024-03-09", None),
            Case("朝中社平壤2月16日电 值此民族最大喜庆节日", "2020-02-16", "平壤", "2020-02-16", "朝中社"),
            Case("朝中社元山１２月３１日电 工厂竣工", "2021-01-01", "元山", "2020-12-31", "朝中社"),
            Case("朝中社平壤2020年2月16日电 值此", None, "平壤", "2020-02-16", "朝中社"),
            Case("朝中社平壤主体113(2024)年3月9日电 值此", None, "平壤", "2024-03-09", "朝中社"),
            Case("朝中社于2月16日发表声明", "2020-02-16", None),
            Case("2月16日在平壤举行", "2020-02-16", None),
        ),
    ),
}
