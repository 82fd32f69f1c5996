"""The activity that an article reports, rule by rule, in invented articles."""

from __future__ import annotations

import datetime as dt

import pytest

from kcna_spider.search.people.activity import Activity, Text
from kcna_spider.search.people.event_rules import activities_of
from kcna_spider.search.people.korean_events import korean_activities
from kcna_spider.search.people.mentions import mentions_of

DAY = dt.date(2014, 5, 5)  # This is a Monday.


def activity(
    title: str, body: str, published: dt.date = DAY, dateline: dt.date | None = DAY
) -> Activity | None:
    mentions = mentions_of(title, body, "en")
    found = activities_of(Text(title, body, "Pyongyang", dateline, published, mentions))
    assert len(found) < 2
    return found[0] if found else None


@pytest.mark.parametrize(
    ("title", "body", "principal", "companions"),
    [
        (
            "Kim Jong Un Visits Haksan Mill",
            (
                "Supreme Commander of the Korean People's Army (KPA) Kim Jong Un, first secretary of the "
                "WPK, visited the Haksan Mill. He was accompanied by Pak Chol Min, Ri Su Il and Jang Ho."
            ),
            "Kim Jong Un", ["Pak Chol Min", "Ri Su Il", "Jang Ho"],
        ),
        (
            "Games at Haksan Camp",
            (
                "The last match was played at the Haksan Camp on Sunday. Supreme leader Kim Jong Un took the "
                "grandstand. Among the spectators were Pak Chol Min and Ri Su Il."
            ),
            "Kim Jong Un", ["Pak Chol Min", "Ri Su Il"],
        ),
        (
            "Bakery Opens",
            (
                "A bakery was opened here Sunday. Present there were Pak Chol Min, minister of Trade, "
                "Ri Su Il, director of the bureau, and others. "
                "Han Kum Ok, manager of the bakery, made a report."
            ),
            "Pak Chol Min", ["Ri Su Il", "Han Kum Ok"],
        ),
        (
            "Reception at Embassy",
            (
                "The Mongolian embassy gave a reception. "
                "It was attended by Pak Chol Min, Ri Su Il and other officials."
            ),
            "Pak Chol Min", ["Ri Su Il"],
        ),
        (
            "Premier Meets Guests",
            (
                "Premier Pak Chol Min on May 4 met and had a talk with the delegation led by Bat Dorj, "
                "minister of Trade."
            ),
            "Pak Chol Min", [],
        ),
        (
            "Delegation Leaves",
            "A delegation led by Pak Chol Min, minister of Trade, left here today to visit Mongolia.",
            "Pak Chol Min", [],
        ),
        (
            "Mongolian President Greeted",
            "Mongolian President Bat Dorj met DPRK Ambassador to his country Pak Chol Min on May 2.",
            "Pak Chol Min", [],
        ),
        (
            "DPRK Ambassador Pays Call",
            (
                "The DPRK ambassador to Mongolia paid a farewell call on the president on May 2. "
                "Ambassador Pak Chol Min conveyed greetings."
            ),
            "Pak Chol Min", [],
        ),
        (
            "Gift to Kim Jong Un",
            (
                "Kim Jong Un received a gift from Bat Dorj, minister of Trade. "
                "It was handed to Pak Chol Min, minister of Culture, by him today."
            ),
            "Pak Chol Min", [],
        ),
        (
            "Club Opens",
            "A club was opened. Pak Chol Min, minister of Trade, and other officials were also on hand.",
            "Pak Chol Min", [],
        ),
        (
            "Envoy Gives Banquet",
            "The envoy gave a banquet on May 4. DPRK Ambassador Pak Chol Min was invited to the banquet.",
            "Pak Chol Min", [],
        ),
        (
            "Views Exchanged",
            "Views were exchanged between Pak Chol Min, vice-minister of Trade, and Bat Dorj on May 4.",
            "Pak Chol Min", [],
        ),
        (
            "Mill Completed",
            (
                "A ceremony was held on May 4. Premier Pak Chol Min conveyed a message of the Central "
                "Committee to the builders. Ri Su Il, director of the mill, made a report."
            ),
            "Pak Chol Min", ["Ri Su Il"],
        ),
        (
            "Stand of DPRK Clarified",
            (
                "This stand is firm, declared Pak Chol Min, vice-minister of Trade, when meeting at the "
                "hall with Bat Dorj."
            ),
            "Pak Chol Min", [],
        ),
        (
            "Festival Opens",
            "A festival was opened. Present at the ceremony Pak Chol Min, minister of Trade, and others.",
            "Pak Chol Min", [],
        ),
        (
            "Banquet Given",
            (
                "A banquet was given on May 4. Present there were Pak Chol Min, vice-chairman of the Central "
                "Committee of the Workers' Party of Korea, and others. Vice-Premier Ri Su Il made a speech."
            ),
            "Pak Chol Min", ["Ri Su Il"],
        ),
        (
            "Envoy of Kim Jong Un Arrives",
            (
                "As special envoy of Kim Jong Un, chairman of the commission of state affairs, Vice-Chairman "
                "Pak Chol Min arrived in Managua on May 4."
            ),
            "Pak Chol Min", [],
        ),
        (
            "Kim Jong Un Enjoys Concert",
            "A concert was given on May 4. It was honored with the presence of Marshal Kim Jong Un.",
            "Kim Jong Un", [],
        ),
        (
            "Delegation Leaves",
            "A delegation of Haksan School led by its Vice-Principal Pak Chol Min left here on May 4.",
            "Pak Chol Min", [],
        ),
        (
            "Council Meets",
            (
                "A meeting was held. Present were Pak Chol Min, secretary of the committee= Ri Su Il, "
                "director of the bureau= and others."
            ),
            "Pak Chol Min", ["Ri Su Il"],
        ),
        (
            "Mongolian President Leaves",
            "Bat Dorj left here on May 4. Kim Jong Un went to the airport and saw him off.",
            "Kim Jong Un", [],
        ),
        (
            "Show Opens",
            (
                "A show was opened. Among the participants in the opening ceremony at the Haksan Exhibition "
                "Hall of Flowers today were Pak Chol Min, minister of Trade, and others."
            ),
            "Pak Chol Min", [],
        ),
        (
            "Reception Given",
            (
                "A reception was given on May 4. Present there were Ri Su Il, vice-minister of Trade, and "
                "others. Pak Chol Min, minister of Culture, said in his speech that all was well."
            ),
            "Pak Chol Min", ["Ri Su Il"],
        ),
        (
            "Moves Condemned",
            "A press conference was held. Pak Chol Min, director of the mill, told the conference so.",
            "Pak Chol Min", [],
        ),
        (
            "Reception Given",
            (
                "A reception was given on May 4. Present there was Ri Su Il, vice-minister of Trade. "
                "Pak Chol Min, director of the mill, made a speech."
            ),
            "Ri Su Il", ["Pak Chol Min"],
        ),
        (
            "Rodong Sinmun Delegation Leaves",
            "A delegation led by Pak Chol Min, editor-in-chief of Rodong Sinmun, left here on May 4.",
            "Pak Chol Min", [],
        ),
        (
            "Meeting of Political Bureau Held",
            "A meeting of the Political Bureau was held on Sunday under the guidance of Kim Jong Un.",
            "Kim Jong Un", [],
        ),
    ],
)  # fmt: skip
def test_activities(title: str, body: str, principal: str, companions: list[str]) -> None:
    found = activity(title, body)
    assert found
    assert (found.principal, list(found.companions)) == (principal, companions)
    assert found.evidence
    assert all(sentence in body for sentence in found.evidence)
    assert found.reasons


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Kim Jong Un Receives Letter", "Kim Jong Un received a letter from Bat Dorj, minister of Trade."),
        (
            "Kim Jong Un Sends Message",
            "Kim Jong Un on May 4 sent a message to Bat Dorj, president of Mongolia.",
        ),
        (
            "Greetings to President",
            "Pak Chol Min, minister of Trade, sent a message of greetings to Bat Dorj.",
        ),
        ("Story of Mill", "In June 1998 Kim Jong Il visited the mill and gave field guidance there."),
        (
            "Anniversary of Kim Jong Un's Visit",
            "The anniversary of the visit was marked. Kim Jong Un visited it in 2012.",
        ),
        ("Papers Praise Kim Jong Un", "Papers carry articles on Kim Jong Un who enjoys high esteem."),
        ("Visit Planned", "Pak Chol Min, minister of Trade, will visit Mongolia in June."),
        ("Kim Jong Il's Statue", "Kim Jong Il visited the mill on May 4."),  # He died in 2011.
        ("Wreath from Kim Jong Un", "A wreath from Kim Jong Un was laid before the cemetery on May 4."),
        ("Statement", "Pak Chol Min, spokesman for the ministry, issued a statement on May 4."),
        ("S. Korean Ruler Under Fire", "Lee Myung Bak met puppet military officers in Seoul on May 4."),
        (
            "Forum in Haksan, Japan",
            "Present on May 4 were Pak Chol Min, vice-chairman of the board, and others.",
        ),
        (
            "Gala Held",
            "Pak Chol Min, chairman of the club in Uzbekistan, made a speech at the meeting on May 4.",
        ),
        (
            "Kim Jong Un Congratulated",
            "Bat Dorj congratulated Kim Jong Un on his successful visits on May 4.",
        ),
        ("Album Out", "Seen in the album are Pak Chol Min, minister of Trade, and others."),
        ("Appeal Hailed", "Pak Chol Min, chairman of the party, called on all the people to unite on May 4."),
        ("Athlete Honored", "Pak Chol Min, coach of the team, received a medal of the federation on May 4."),
        (
            "Rodong Sinmun on Kim Jong Un",
            "Kim Jong Un is loved, the paper says in a signed article of May 4.",
        ),
        ("Empty Words: KCNA Commentary", "Minister Pak Chol Min met the envoys on May 4."),
        ("Kim Jong Un Invited", "Kim Jong Un was invited to attend the ceremony in Moscow on May 4."),
        ("Slogan", 'Kim Jong Un put up the slogan "Sow today!" and encouraged the people.'),
        ("Model Worker", "Pak Chol Min, a worker of the mill, met his plan on May 4."),
        ("Weather", "It rained."),
    ],
)
def test_no_activities(title: str, body: str) -> None:
    assert activity(title, body) is None


def test_where_the_day_comes_from() -> None:
    title, body = "Kim Jong Un Visits Mill", "Kim Jong Un visited the Haksan Mill{}."
    for words, dateline, day, day_from in (
        (" on May 3", DAY, dt.date(2014, 5, 3), "text"),
        (" Saturday", DAY, dt.date(2014, 5, 3), "text"),
        ("", dt.date(2014, 5, 4), dt.date(2014, 5, 4), "dateline"),
        ("", None, DAY, "published"),
        ("", dt.date(2013, 5, 4), DAY, "published"),
    ):
        found = activity(title, body.format(words), DAY, dateline)
        assert found
        assert (found.day, found.day_from) == (day, day_from)


def test_confidence() -> None:
    listed = "A bakery was opened on Sunday. Present were Pak Chol Min, minister of Trade, and others."
    spoke = "Pak Chol Min, minister of Trade, made a report."
    cases = {"high": listed, "medium": listed.replace(" on Sunday", ""), "low": spoke}
    for confidence, body in cases.items():
        found = activity("Bakery Opens", body)
        assert found
        assert found.confidence == confidence


@pytest.mark.parametrize(
    ("title", "body", "kind"),
    [
        ("김정은동지께서 학산공장을 현지지도하시였다",
         "김정은동지께서 학산공장을 현지지도하시였다. 박철민동지가 동행하였다.", "inspection"),
        ("김정은동지께서 공연을 관람하시였다", "김정은동지께서 공연을 관람하시였다.", "performance"),
        ("김정은동지께서 축전을 보내시였다", "김정은동지께서 축전을 보내시였다.", None),
        ("새 공장 건설", "박철민동지가 공장을 찾았다.", None),
    ],
)  # fmt: skip
def test_korean(title: str, body: str, kind: str | None) -> None:
    found = korean_activities(Text(title, body, "평양", DAY, DAY, mentions_of(title, body, "ko")))
    assert [(one.principal, one.kind) for one in found] == ([("Kim Jong Un", kind)] if kind else [])


def test_in_a_report_from_tokyo_only_officials_of_the_dprk_appear() -> None:
    for person, number in (("secretary of the board", 0), ("vice-minister of Trade", 1)):
        body = f"A meeting was held on May 4. Pak Chol Min, {person}, made a speech."
        text = Text("Meeting Held", body, "Tokyo", DAY, DAY, mentions_of("Meeting Held", body, "en"))
        assert len(activities_of(text)) == number
