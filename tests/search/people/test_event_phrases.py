"""The phrases that show that somebody took part, each in an invented report."""

from __future__ import annotations

import datetime as dt

import pytest

from kcna_spider.search.people.activity import Activity
from kcna_spider.search.people_rows import people_of

DAY = dt.date(2014, 5, 5)  # This is a Monday.
TRADE = "Pak Chol Min, minister of Trade"
CULTURE = "Ri Su Il, minister of Culture"
LONG = (
    ", member of the Presidium of the Political Bureau of the Central Committee of the Workers' Party of "
    "Korea, vice-chairman of the State Affairs Commission of the DPRK, first director of the General "
    "Political Bureau of the Korean People's Army and chairman of the union"
)


def activity(title: str, body: str) -> Activity | None:
    found = people_of([(title, body, "en", "Pyongyang", DAY, DAY, ())])[0][1]
    assert len(found) < 2
    return found[0] if found else None


# Each case has a title, a body, and the principal with the companions.
OFFICIALS = [
    # These reports list the persons who were present.
    ("Gala Held",
     f"A gala was held on May 4. Among the officials present at the gala were {TRADE}, and {CULTURE}.",
     "Pak Chol Min, Ri Su Il"),
    ("Banquet Given",
     (f"Present were guests. {TRADE}, Ri Su Il, who is minister of Culture and officials concerned were "
      "present there."), "Pak Chol Min, Ri Su Il"),
    ("Anniversary Marked",
     f"Present at the meeting which was held on Monday to mark the anniversary were {TRADE}, and others.",
     "Pak Chol Min"),
    ("Minister Receives Representative",
     f"{TRADE}, received a letter of credentials from the representative on May 4.", "Pak Chol Min"),
    ("Delegation Leaves",
     f"A delegation led by {TRADE}, left here for talks which are to be held in Laos.", "Pak Chol Min"),
    ("Church Visited",
     f"The guests planted trees around the church on May 4, together with {TRADE}, and officials.",
     "Pak Chol Min"),
    ("Friendly Meeting Held",
     "Officials of the department including Vice-Director Ri Su Il were on hand.", "Ri Su Il"),
    ("Pupils Take Oath",
     "Pupils met on May 4. Led by Ri Su Il, chairman of the league, the participants pledged loyalty.",
     "Ri Su Il"),
    ("Koreans from Japan Here",
     ("A group of Koreans in Japan arrived. It was greeted at the airport by Ri Su Il, director of the "
      "Agency of Service for Overseas Compatriots of the DPRK, and officials."), "Ri Su Il"),
    ("Vice-chairmen Visit Quarters",
     "Vice-chairmen of the union visited the quarters on May 4. They included Ri Su Il and Jang Ho Jun.",
     "Ri Su Il, Jang Ho Jun"),
    ("Soldiers on Tour",
     (f"Soldiers are on a study tour. They sang. They danced. They marched. At the meeting {TRADE}, said "
      "that the tour went well."), "Pak Chol Min"),
    ("Play Staged", f"A play was staged on May 4. The audience included {TRADE}.", "Pak Chol Min"),
    ("Seminar Held", f"A seminar was held on May 4. Taking the floor were {TRADE}, and {CULTURE}.",
     "Pak Chol Min, Ri Su Il"),
    ("Evening Held", f"An evening was held on May 4 with the attendance of {TRADE}.", "Pak Chol Min"),
    ("Officials Visit Embassy",
     f"Senior officials visited the Mongolian embassy on May 4. Among them were {TRADE}, and {CULTURE}.",
     "Pak Chol Min, Ri Su Il"),
    ("Guests Feted", f"Present at the banquet together with {TRADE}, were Ri Su Il, and others.",
     "Pak Chol Min, Ri Su Il"),
    ("Fair Opens",
     (f"Present there on invitation were the envoy and embassy officials. {TRADE}, Ri Su Il and other "
      "officials concerned."), "Pak Chol Min, Ri Su Il"),
    ("Ozone Day Marked", f"A meeting was held on May 4. Addressing it were {TRADE}, and the envoy.",
     "Pak Chol Min"),
    ("Friendly Meeting Held", f"A meeting was held on May 4.\n\n  On hand were {TRADE}, and others.",
     "Pak Chol Min"),
    ("Festival Held",
     ("Watching it were delegations of the north side headed by its Chairman Pak Chol Min and of the "
      "south side headed by its Chairman Ku Kwon Sik."), "Pak Chol Min"),
    ("Wreaths Laid",
     ("Present at the ceremony at the Haksan Cemetery on Mt. Taesong together with officers and men of "
      f"the Korean People's Army were {TRADE}, and others."), "Pak Chol Min"),
    ("Envoy Back",
     (f"{TRADE}, came back home on May 4. Also returning home were Ri Su Il, vice-minister of Trade, and "
      "others."), "Pak Chol Min, Ri Su Il"),
    ("Guests Leave",
     ("They left on May 4. They were seen off by leading officials of the Central Committee of the union "
      "including Pak Chol Min and Ri Su Il."), "Pak Chol Min, Ri Su Il"),
    ("Meeting Held", f"Present were Pak Chol Min{LONG}; Ri Su Il, minister of Culture, and others.",
     "Pak Chol Min, Ri Su Il"),
    ("Minister in Laos",
     (f"{TRADE}, arrived in Vientiane on May 4. Arriving there together with him were Ri Su Il, "
      "vice-minister of Trade, and others."), "Pak Chol Min, Ri Su Il"),
    ("Minister Leaves", f"{TRADE}, left here on May 4. His entourage includes Vice-Minister Ri Su Il.",
     "Pak Chol Min, Ri Su Il"),
    # This person has the name of a dead person.
    ("Reception Given", "Present there was Kim Jong Suk, chairwoman of the committee.", "Kim Jong Suk"),
    # These reports have passive verbs.
    ("Scientists Here", f"They were greeted in front of the Haksan Hall by {TRADE}.", "Pak Chol Min"),
    ("Envoy Here", f"{TRADE}, was presented with credentials by the envoy on May 4.", "Pak Chol Min"),
    ("Team Arrives", f"The team arrived. It was greeted at Haksan International Airport by {TRADE}.",
     "Pak Chol Min"),
    ("Guests Leave", f"They left on May 4. They were sent off at the station by {TRADE}.", "Pak Chol Min"),
    ("Talks Held", f"Talks were held here on May 4. The Korean side was represented by {TRADE}.",
     "Pak Chol Min"),
    ("Gala Held", f"The floor was taken by {TRADE}, and {CULTURE}.", "Pak Chol Min, Ri Su Il"),
    ("Display Given", "It was seen by Vice-Premiers Pak Chol Min and Ri Su Il on May 4.",
     "Pak Chol Min, Ri Su Il"),
    # These reports name delegations.
    ("Delegation Back", f"A delegation of the union led by {TRADE}, came back home on May 4.",
     "Pak Chol Min"),
    ("President on Ties",
     "The president said this on May 4 when meeting the DPRK delegation led by Trade Minister Pak Chol Min.",
     "Pak Chol Min"),
    ("Delegation Leaves", f"A delegation left here on May 4. It is headed by {TRADE}.", "Pak Chol Min"),
    ("Talks Held", f"Talks were held on May 4 between {TRADE}, and his Mongolian counterpart.",
     "Pak Chol Min"),
    ("Talks Held", f"The talks took place between {TRADE}, and his Mongolian counterpart on May 4.",
     "Pak Chol Min"),
    ("Delegation Leaves",
     (f"A delegation led by {TRADE}, left here on May 4 to attend the summit scheduled in Laos, which "
      "will be held in June."), "Pak Chol Min"),
    ("Delegation Feted",
     ("The Communist Party of China hosted a reception on May 4 in honor of the delegation of the WPK "
      f"led by {TRADE}."), "Pak Chol Min"),
    ("Troupe Leaves", f"An opera troupe led by {TRADE}, left here on May 4. It was seen off by {CULTURE}.",
     "Pak Chol Min, Ri Su Il"),
    ("Ministers Talk", f"There were talks on May 4 between {TRADE}, and his Lao counterpart.",
     "Pak Chol Min"),
    ("Ministers Talk", f"Talks were separately held between {TRADE}, and his Lao counterpart on May 4.",
     "Pak Chol Min"),
    # In these reports, guests met an official or handed something over.
    ("Gift to Kim Jong Un", f"A gift was handed on Sunday to {TRADE}, by the envoy.", "Pak Chol Min"),
    ("Gift to Kim Jong Un", f"The guest handed the gift over to {TRADE}, on May 4.", "Pak Chol Min"),
    ("Gift to Kim Jong Un", f"It was handed by the head of the group to {TRADE}.", "Pak Chol Min"),
    ("Gift to Kim Jong Un", f"The guest asked {TRADE}, to convey the gift to Kim Jong Un.", "Pak Chol Min"),
    ("President on Ties", f"The president met {TRADE}, on May 4.", "Pak Chol Min"),
    ("President Meets Guest",
     "The president met First Secretary of the Central Committee of the union Pak Chol Min on May 4.",
     "Pak Chol Min"),
    ("Protocol Signed",
     "It was signed on May 4 by vice-chairman of the state commission of trade of the DPRK Pak Chol Min.",
     "Pak Chol Min"),
    ("Talks Held", f"Talks between {TRADE}, and his Lao counterpart on May 4.", "Pak Chol Min"),
    ("Heads of Delegations Meet",
     ("DPRK Vice-Minister of Trade Pak Chol Min and Lao Minister Bat Dorj, who are heads of delegations, "
      "met in Ulan Bator on May 4."), "Pak Chol Min"),
    ("President on Ties",
     "He said this when receiving credentials from DPRK Ambassador to that country Pak Chol Min on May 2.",
     "Pak Chol Min"),
    ("President on Ties", "She said this when DPRK Ambassador Pak Chol Min paid a courtesy call on her.",
     "Pak Chol Min"),
    ("Kim Jong Un Sends Gift", f"The gift was handed to the Mongolian president by {TRADE}, on May 4.",
     "Pak Chol Min"),
    ("King on Ties", "The king, receiving on May 2 DPRK Foreign Minister Pak Chol Min, spoke of ties.",
     "Pak Chol Min"),
    ("President on Ties",
     "In his meeting with outgoing DPRK Ambassador Pak Chol Min, the president spoke of ties.",
     "Pak Chol Min"),
    # These reports name speakers.
    ("DPRK Stand Stated",
     f"{TRADE}, who is heading the DPRK delegation, stressed this at the meeting held in Ulan Bator.",
     "Pak Chol Min"),
    ("DPRK Stand Stated", f"{TRADE}, said at the plenary session of the UN on May 2 that ties had grown.",
     "Pak Chol Min"),
    ("DPRK Stand Stated", f"Trade should grow, said {TRADE}, at the ninth meeting of the forum on May 2.",
     "Pak Chol Min"),
    ("DPRK Calls for Peace", f"{TRADE}, addressed the session of the UN on May 2.", "Pak Chol Min"),
    ("Mill Opens", f"The ceremony was held on May 4, at which {TRADE}, made an opening address.",
     "Pak Chol Min"),
    ("Poet Buried", f"{TRADE}, in a farewell address praised the poet on May 4.", "Pak Chol Min"),
    ("Party Given", f"{TRADE}, in his address pointed to what they did in the past years.", "Pak Chol Min"),
    ("Reception Given", f"The embassy hosted a reception on May 4. {TRADE}, said that ties had grown.",
     "Pak Chol Min"),
    ("Meeting Held",
     f"A meeting was held on May 4. {TRADE}, noted that the birth of Kim Jong Un was a fortune.",
     "Pak Chol Min"),
    ("Songs Sung", f"An evening was held on May 4. {TRADE}, was the first to take the floor.",
     "Pak Chol Min"),
    ("Reception Given", f"Addressing the reception, {TRADE}, spoke of ties.", "Pak Chol Min"),
    ("Meeting Held", f"A meeting was held on May 4. In a report {TRADE}, praised the workers.",
     "Pak Chol Min"),
    ("Contest Opens", f"A contest opened on May 4. An opening address of {TRADE}, was followed by matches.",
     "Pak Chol Min"),
    ("DPRK Stand Stated", f"{TRADE}, stated this when addressing the session of the UN on May 2.",
     "Pak Chol Min"),
    ("Talks Close", f"Prior to the close of the talks, {TRADE}, made a speech on May 4.", "Pak Chol Min"),
    ("Meeting Held", f"{TRADE}, in a speech said that trade had grown.", "Pak Chol Min"),
    # These reports say what somebody did.
    ("Premier at Mill", "Premier Pak Chol Min got familiar with the building of the mill on May 4.",
     "Pak Chol Min"),
    ("Display Given", f"{TRADE}, saw the display on May 4.", "Pak Chol Min"),
    ("Premier in Mongolia", "Premier Pak Chol Min left Ulan Bator after a good-will visit on May 4.",
     "Pak Chol Min"),
    ("Minister Leaves", f"{TRADE}, left here to attend a meeting, which is to be held in Mongolia.",
     "Pak Chol Min"),
    ("Prize Awarded", f"Upon authorization by the council, {TRADE}, awarded the diploma on May 4.",
     "Pak Chol Min"),
    ("Ambassador on Ties", "DPRK Ambassador Pak Chol Min called a press conference on May 2.",
     "Pak Chol Min"),
    ("Protocol Signed",
     f"{TRADE} who is chairman of the committee and the Mongolian envoy signed it on May 4.", "Pak Chol Min"),
    ("Officials Meet Envoy",
     "Pak Chol Min and Ri Su Il, secretaries of the committee, met the envoy on May 4.",
     "Pak Chol Min, Ri Su Il"),
    ("Photo Taken",
     "Pak Chol Min, Ri Su Il, Jang Ho Jun and leading officials had a picture taken with them.",
     "Pak Chol Min, Ri Su Il, Jang Ho Jun"),
    ("Premier in Mongolia", "Premier Pak Chol Min left Ulan Bator on May 4.", "Pak Chol Min"),
    ("Premier in Mongolia", "Premier Pak Chol Min left Ulan-Ude on May 4.", "Pak Chol Min"),
    ("Senators Here",
     ("Chairman of the Supreme People's Assembly Pak Chol Min met the former U.S. ambassador to south "
      "Korea on May 4."), "Pak Chol Min"),
    ("Stand of DPRK", f"{TRADE}, reclarified this position in a report made at a meeting on May 4.",
     "Pak Chol Min"),
    ("Symposium Held", f"Opening addresses were made on May 4 by {TRADE}, and the guest.", "Pak Chol Min"),
    ("Farmers Move", f"New houses were built. {TRADE}, and officials congratulated the farmers on May 4.",
     "Pak Chol Min"),
    ("Minister in Mongolia", f"{TRADE}, paid a working-level visit to Mongolia.", "Pak Chol Min"),
    ("Envoys Meet Guests",
     "Vice-premier of the DPRK cabinet Pak Chol Min and chairman of the committee Ri Su Il met them.",
     "Pak Chol Min, Ri Su Il"),
    ("Film Shown", f"A film was shown on May 4. {TRADE}, and other senior officials, appreciated it.",
     "Pak Chol Min"),
    ("March Held",
     (f"A march was held on May 4. {TRADE}, and members of the union who had taken part in the meeting "
      "were present."), "Pak Chol Min"),
    ("Remains Buried",
     "Remains were buried on May 4. Present were Ri Kwang and Pak Chol Min, directors of the institute.",
     "Ri Kwang, Pak Chol Min"),
    ("Minister Back", f"{TRADE}, and his party flew home on May 4.", "Pak Chol Min"),
    ("President Back",
     ("President Pak Chol Min of the Presidium and his party, who left Pyongyang for a summit to be held "
      "in Laos, returned home today."), "Pak Chol Min"),
    ("Children's Day", f"{TRADE}, joined children and women in the celebration on May 4.", "Pak Chol Min"),
    ("Talks Held",
     (f"There took place the talks here Tuesday between {TRADE}, and a guest. Present there were "
      f"{CULTURE}, and others."), "Pak Chol Min, Ri Su Il"),
    ("Mills Built", f"Present at ceremonies held on Nov. 9 and 8 were {TRADE}, and others.", "Pak Chol Min"),
    ("Guests Feted",
     "A banquet was given on May 4. Present were Minister of Railways Kim Yong Sam and others.",
     "Kim Yong Sam"),
    ("Meeting Opens",
     (f"A meeting was opened on May 4. {TRADE}, conveyed a congratulatory message of the Central "
      f"Committee to its participants. {CULTURE}, made a report."), "Pak Chol Min, Ri Su Il"),
    ("Day Marked Abroad", "The Ambassador of the DPRK to Laos, Pak Chol Min, attended the meeting on May 4.",
     "Pak Chol Min"),
    ("Baskets Laid", "Pak Chol Min and Ri Su Il were among those present at the ceremony on May 4.",
     "Pak Chol Min, Ri Su Il"),
    ("Guests Invited",
     ("Guests were invited on May 4. Vice-Chairman of the committee Pak Chol Min who is vice-chairman of "
      "the club and other officials were present."), "Pak Chol Min"),
    ("Day Marked",
     ("The club cosponsored a meeting and a reception on May 4. Pak Chol Min, DPRK ambassador to Laos, "
      "noted that farms flourish."), "Pak Chol Min"),
    ("Unionists Meet",
     ("A meeting of unions was held on May 4. A delegation led by its Vice-Chairman Pak Chol Min was "
      "present there. It praised Koreans in the 20th century."), "Pak Chol Min"),
    ("Wreath Laid",
     ("Pak Chol Min, chairman of the union who is chairman of the association, and Ri Su Il, "
      "vice-minister of Trade, visited the embassy on May 4."), "Pak Chol Min, Ri Su Il"),
    ("Wreaths Laid", f"{TRADE}, honored the memory of the president before his portrait on May 4.",
     "Pak Chol Min"),
    ("Guest Welcomed", f"{TRADE}, presented on behalf of citizens a silver key to the guest on May 4.",
     "Pak Chol Min"),
    ("Banquet Hosted", f"The government of Laos hosted a banquet in honor of {TRADE}. Present was {CULTURE}.",
     "Pak Chol Min, Ri Su Il"),
    ("Anniversary Marked", f"A meeting was held on May 4. {TRADE}, in a report said that all was well.",
     "Pak Chol Min"),
    ("Conference on Trade", f"{TRADE}, said this, addressing the 12th session of the body.", "Pak Chol Min"),
    ("Students Meet",
     "Students held a meeting on Sunday. In a report Chairman Pak Chol Min said south Korea was wrong.",
     "Pak Chol Min"),
    # These reports name persons who accompany a guest.
    ("Guests Visit Hall", f"Accompanying them on May 4 was {TRADE}. The guests were greeted by {CULTURE}.",
     "Pak Chol Min, Ri Su Il"),
    ("Guests Visit Museum", f"Guests visited the museum on May 4. They were accompanied by {TRADE}.",
     "Pak Chol Min"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "body", "people"), OFFICIALS)
def test_officials(title: str, body: str, people: str) -> None:
    found = activity(title, body)
    assert found
    assert [found.principal, *found.companions] == people.split(", ")


LEADERS = [
    ("Kim Jong Un Oversees Drill", "Kim Jong Un oversaw a drill.", "Kim Jong Un"),
    ("Kim Jong Un at Mill", "The mill is new. He was accompanied by Ri Su Il and Jang Ho.",
     "Kim Jong Un, Ri Su Il, Jang Ho"),
    ("Meeting of Builders Held",
     "A meeting was held here. " + "It was grand. " * 9 + "Kim Jong Un was present at the meeting.",
     "Kim Jong Un"),
    ("Talks Held between Kim Jong Un and Envoy",
     "Talks were held on May 4 between Kim Jong Un and the envoy.", "Kim Jong Un"),
    ("Participants Visit Hill",
     "The participants in the meeting visited the hill on May 4. Among them was Kim Jong Un.", "Kim Jong Un"),
    ("Inspection of Mill", "Kim Jong Un visited the mill, accompanied by Ri Su Il.", "Kim Jong Un, Ri Su Il"),
    ("Parade Held",
     ("A parade was held here on May 4. Amid the music, Kim Jong Un appeared on the platform. Ri Su Il "
      "made a speech."), "Kim Jong Un, Ri Su Il"),
    ("Kim Jong Un Calls for Better Farms", "Kim Jong Un inspected a farm. He was accompanied by Ri Su Il.",
     "Kim Jong Un, Ri Su Il"),
    ("Display Opens",
     ("A display was opened on May 4. Kim Jong Un appreciated the performance. Also appreciating it was "
      "Ri Su Il."), "Kim Jong Un, Ri Su Il"),
    ("Meeting Held",
     "A meeting was held here on May 4. It was long. It was grand. Kim Jong Un presided over the meeting.",
     "Kim Jong Un"),
    ("Kim Jong Un Pays Condolences to Bier", "Kim Jong Un visited the bier of Ri Ho, minister of Trade.",
     "Kim Jong Un"),
    ("Guest Visits Mill", "The guest visited the mill on May 4. Kim Jong Un went there together with him.",
     "Kim Jong Un"),
    ("Declaration Signed",
     "It was signed on May 4. Kim Jong Un, together with the guest, participated in the ceremony.",
     "Kim Jong Un"),
    ("Kim Jong Un Receives Envoy", "Kim Jong Un received the envoy of south Korea.", "Kim Jong Un"),
    ("Guest Lays Wreath", "The president, in company with Kim Jong Un, laid a wreath on May 4.",
     "Kim Jong Un"),
    ("Guest Arrives", "Kim Jong Un went to Haksan Airport to greet him. Present was Ri Su Il, minister.",
     "Kim Jong Un, Ri Su Il"),
    ("Kim Jong Un Enjoys Concert",
     ("Kim Jong Un enjoyed a concert. The audience included senior party and army officials. Among them "
      "were Ri Su Il, Jang Ho Jun and members of the union."), "Kim Jong Un, Ri Su Il, Jang Ho Jun"),
    ("Kim Jong Un Enjoys Concert",
     ("Kim Jong Un enjoyed a concert. Seeing it together with him was Ri Su Il. The audience also included "
      "Jang Ho Jun, vice-chairman."), "Kim Jong Un, Ri Su Il, Jang Ho Jun"),
    ("Kim Jong Un Has Photo Session",
     "Kim Jong Un had a photo session. Participated in the photo session was Ri Su Il, secretary.",
     "Kim Jong Un, Ri Su Il"),
    ("Kim Jong Un Commands Drill", "Kim Jong Un commanded the flying drill.", "Kim Jong Un"),
    ("Ri Ho Mourned",
     "Kim Jong Un visited the bier of Ri Ho, minister of Trade, on May 4, accompanied by Ri Su Il.",
     "Kim Jong Un, Ri Su Il"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "body", "people"), LEADERS)
def test_leaders(title: str, body: str, people: str) -> None:
    found = activity(title, body)
    assert found
    assert [found.principal, *found.companions] == people.split(", ")


def test_a_leader_may_be_a_companion() -> None:
    title, body = (
        "Kim Jong Il Visits Mill",
        "Kim Jong Il visited the mill on May 4. He was accompanied by {}.",
    )
    reported = dt.date(2011, 5, 5)
    source = (title, body.format("Kim Jong Un, Ri Su Il and others"), "en", None, reported, reported, ())
    (found,) = people_of([source])[0][1]
    assert (found.principal, found.companions) == ("Kim Jong Il", ("Kim Jong Un", "Ri Su Il"))


def test_the_day_of_a_speech_is_that_of_the_meeting() -> None:
    body = f"A meeting was held on May 4. {TRADE}, said in his report that the work appeared on May 2."
    found = activity("Meeting Held", body)
    assert found
    assert found.day == dt.date(2014, 5, 4)


def test_a_foreign_minister_who_spoke_goes_before_other_ministers() -> None:
    listed = "{} and other officials were on hand at the reception on May 4. {} spoke next."
    foreign, secretary = (
        "Foreign Minister Ri Su Il",
        "Secretary Jang Ho of the Central Committee of the Workers' Party of Korea",
    )
    for body, principal in (
        (listed.format(TRADE + ",", foreign), "Ri Su Il"),
        (listed.format(foreign, secretary), "Jang Ho"),
        (listed.format(secretary, foreign), "Jang Ho"),
    ):
        found = activity("Reception Given", body)
        assert found
        assert found.principal == principal


def test_a_senior_speaker_goes_before_those_on_hand() -> None:
    body = (
        "The assembly gave a banquet on May 4. Premier Pak Chol Min, speaking there, hailed it. "
        "Vice-Minister Ri Su Il was on hand."
    )
    found = activity("Guest Feted", body)
    assert found
    assert (found.principal, found.companions) == ("Pak Chol Min", ("Ri Su Il",))


NONE = [
    # A letter, an interview, and a performance of the past that the article mentions.
    ("DPRK Rejects Report", f"{TRADE}, said this in a letter to the president on May 4."),
    ("Minister Interviewed", f"{TRADE}, met the envoy on May 4."),
    ("Children Sing", 'Children sang on May 4. The chorus "Snow" which was watched by Kim Jong Un was good.'),
    # These persons are of other countries, of Koreans abroad or of the South.
    ("Basket to Embassy",
     "Kong Sam Rim, vice-chairman of the Party of Cambodia, visited the embassy on May 4."),
    ("Delegation Arrives",
     "A delegation of Korean teachers in Japan led by Jo Han Min, chairman of its committee, arrived."),
    ("Meeting of Koreans in China Held",
     "A meeting was held. Choe Un Sil, chairwoman of the association, made a report."),
    ("Home-visitors Here",
     "Vice-Chairman Jo Han Min and other officials of the Association of Koreans in Russia left."),
    ("S. Korean Unions Rally",
     "A rally was held on May 4. Ku Kwon Sik, chairman of the union, made a speech."),
    ("Hero's Widow Visits Hill",
     "Jong Il Sil, widow of Hero An Tong Min, director, visited the hill on May 4."),
    # These persons did not take part in person, or hold no office.
    ("Seminar in Benin", 'Attending the seminar were members of the society "Long Live Kim Jong Un".'),
    ("Wreaths Laid", "Seen there were wreaths from Kim Jong Un."),
    ("Reception Given", "A reception arranged by Kim Jong Un was given on May 4."),
    ("Operas of Korea", "The theatre staged on May 4 an opera created under the guidance of Kim Jong Un."),
    ("Gift from Guests", "It was handed to an official by Wang Chol, director, who leads the group."),
    ("Immortal Feats", "Kim Jong Un signed the declaration on May 4."),
    ("Kim Jong Un Greets Envoy", "Kim Jong Un sent a message of greetings to the envoy."),
    ("Kim Jong Un Makes New Year Address", "Kim Jong Un made a New Year address on May 4."),
    ("Youth Day Marked", "Visiting the room they look back on the feats performed by Kim Jong Un."),
    ("Greenhouse Visited", "Before the visit the participants were briefed on the feats of Kim Jong Un."),
    ("King Gives Party", "In his speech, the king wished Marshal Kim Jong Ol good health."),
    ("Kim Jong Un Praised", "He is a leader who enjoys boundless respect, a guest said on May 4."),
    ("Kim Jong Un Deeply Respected", "The guest met Kim Jong Un and respected him."),
    ("Praise of Kim Jong Un", "It enjoys the respect of all as it is guided by Kim Jong Un on May 4."),
    ("Children Meet",
     "Children met on May 4 to vow to carry on the march under the guidance of Kim Jong Un."),
    ("Mill's Success", "Last year Kim Jong Un gave field guidance to the mill."),
    ("Ski Ground", "Kim Jong Un gave field guidance to the building site several times by May 4."),
    ("Guests in Tokyo",
     ("Chairman Pak Chol Min and Vice-Chairman Ri Su Il of the General Association of Korean Residents in "
      "Japan greeted them.")),
    ("Families Leave",
     "Leaving here on May 4 were the family of Pak Chol Min, hero of the union, and others."),
    ("Kim Jong Un Praised by Guest", "Kim Jong Un watched our performance, the guest said."),
    ("Composer's Day", "Pak Chol Min, chairman of the union, greeted his 80th birthday on May 4."),
    ("Session Featured by Press", "Papers carry a speech made by deputy Pak Chol Min on May 4."),
    ("Dances Popular", "Pak Chol Min, director of the troupe, received official commendations on May 4."),
    ("Speech in Seoul", "Puppet Prime Minister Pak Chol Min, addressing an event, blustered on May 4."),
    ("Hall Rebuilt", "Hats made by Pak Chol Min, member of the association, were shown on May 4."),
    ("Contest Held", "Present there was Pak Chol Min, president of the International Taekwon-Do Federation."),
    ("Hero Visited", "Workers met with DPRK Hero Pak Chol Min, lecturer of the museum."),
    ("Guests Meet Teachers",
     "Present were members of the Chinese friendly delegation led by Secretary Wang Yong."),
    # These articles are not news.
    ("Talks Planned", "The talks will be attended by a delegation led by Trade Minister Pak Chol Min."),
    ("Paint Developed", f"An exhibition was held on May 4. {TRADE}, told KCNA that it dries soon."),
    ("Paint Developed", f"In this regard, KCNA met {TRADE}."),
    ("Press Review", f"Seen in the press are accounts of a meeting attended by {TRADE}."),
    ("People Mourn", "A rally was held on May 4. Officer Pak Chol Min, 36, said that he wept."),
]  # fmt: skip


@pytest.mark.parametrize(("title", "body"), NONE)
def test_no_activities(title: str, body: str) -> None:
    assert activity(title, body) is None
