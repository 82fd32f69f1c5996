"""The stories of the sample site. The texts are invented; their datelines, end marks and misprints are of the real kinds."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass, field

CATEGORIES = {"Top News": "a1" * 16, "Home News": "b2" * 16, "World": "c3" * 16, "Documents": "d4" * 16}
NAMES = {  # the categories in the menu of each language
    "en": {name: name for name in CATEGORIES},
    "kp": {"Top News": "중요소식", "Home News": "국내소식", "World": "국제소식", "Documents": "문건"},
    "cn": {"Top News": "重要消息", "Home News": "国内消息", "World": "国际消息", "Documents": "文件"},
    "ru": {
        "Top News": "Главные новости",
        "Home News": "Внутренние новости",
        "World": "За рубежом",
        "Documents": "Документы",
    },
    "es": {
        "Top News": "Noticias principales",
        "Home News": "Nacionales",
        "World": "Mundo",
        "Documents": "Documentos",
    },
    "jp": {
        "Top News": "トップニュース",
        "Home News": "国内ニュース",
        "World": "国際ニュース",
        "Documents": "文書",
    },
}
LANGUAGES = {"en": "en", "kp": "ko", "cn": "zh", "ru": "ru", "es": "es", "jp": "ja"}


@dataclass
class Story:
    """One story. `day`: of publication. `watch`, `kp`, `cojp`: on which sites it stands. `edited`: its last paragraph from epoch 2 on."""

    title: str
    paragraphs: list[str]
    day: dt.date
    code: str = "en"
    categories: list[str] = field(default_factory=list)
    watch: bool = False
    kp: bool = False
    cojp: dt.date | None = None
    cojp_number: int | None = None  # of its page on that day; None: its place among the day's stories
    edited: str | None = None
    withdrawn: bool = False
    late: bool = False

    @property
    def key(self) -> str:
        """32 hexadecimal digits."""
        return hashlib.md5(f"{self.code} {self.title} {self.day}".encode()).hexdigest()

    @property
    def number(self) -> int:
        """A number for addresses."""
        return int(self.key[:7], 16) % 90_000_000 + 10_000_000

    @property
    def slug(self) -> str:
        """The title in an address."""
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-") or "story"

    def text(self, epoch: int) -> list[str]:
        """The paragraphs at an epoch."""
        return [*self.paragraphs[:-1], self.edited] if epoch > 1 and self.edited else self.paragraphs

    def live(self, epoch: int) -> bool:
        """Whether it can be read at an epoch."""
        return not (self.withdrawn and epoch > 1) and not (self.late and epoch == 1)


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


EN = [
    Story("Kim Jong Un Tours New Bakery", ["Pyongyang, March 8 (KCNA) -- The respected Comrade Kim Jong Un met bakers on March 8.",
        "He tasted the morning's bread with Kim Jong Un Bakery No. 3 officials.", "The bakers baked on."], _day("2024-03-09"),
        categories=["Top News", "Home News"], watch=True, kp=True, edited="The bakers baked on, deeply moved.", cojp=_day("2024-03-10")),
    Story("Greetings to Elbonian FM", ["Pyongyang, March 9 (KCNA) -- The Foreign Minister sent a message of greeting to his counterpart in Elbonia on Saturday.",
        "The message wished him success in his work for friendship between the two countries and good harvests in the coming year."],
        _day("2024-03-10"), categories=["World"], watch=True, kp=True),
    Story("Greetings to Elbonian PM", ["Pyongyang, March 9 (KCNA) -- The Prime Minister sent a message of greeting to his counterpart in Elbonia on Saturday.",
        "The message wished him success in his work for friendship between the two countries and good harvests in the coming year."],
        _day("2024-03-10"), categories=["World"], watch=True, kp=True),
    Story("Press Review", ["Pyongyang, March 10 (KCNA) -- Papers here carry reports on the spring sowing.", "An article calls for more manure."],
        _day("2024-03-10"), categories=["Home News"], watch=True, kp=True),
    Story("Press Review", ["Pyongyang, March 11 (KCNA) -- Papers here carry reports on the river works.", "A poem praises the excavators."],
        _day("2024-03-11"), categories=["Home News"], watch=True, kp=True),
    Story("Anecdote about Umbrella", ["One day in May Juche 106 (2017), an official stood in the rain without an umbrella.",
        "A passer-by gave him his own & went on, wet to the skin."], _day("2024-03-11"), categories=["Documents"], watch=True, kp=True),
    Story("Ice Sculptures Shown in Samjiyon", ["Samjiyon, December 31 (KCNA) -- Sculptures of ice were lit at dusk.", "They stand until they melt."],
        _day("2024-01-01"), categories=["Home News", "Top News"], watch=True, kp=True, withdrawn=True),
    Story("Statement on Far-off Matters", ["Pyongyang, February 29 (KCNA) -- The following statement was issued.",
        '"We have seen it", it says -- and warns of the "consequences".'], _day("2024-03-01"), categories=["Documents"], watch=True, kp=True),
    Story("Football Match Ends", ["Pyongyang, March 12 (KCNA) -- The match between two bicycle factories ended 2-2."],
        _day("2024-03-12"), categories=["Home News"], watch=True, kp=True, late=True),
    Story("Seedlings Planted on Hills", ["Kaesong, March 2 (KCNA) -- Schoolchildren planted 4,000 seedlings.", "They will water them."],
        _day("2024-03-02"), categories=["Home News"], watch=True, kp=True, cojp=_day("2024-03-03")),
    Story("Delegation Arrives", ["Pyongyang, March 3 (KCNA) -- A delegation of beekeepers arrived here on Sunday."],
        _day("2024-03-03"), categories=["World", "Home News"], watch=True, kp=True),
    Story("Delegation Leaves", ["Pyongyang, March 5 (KCNA) -- A delegation of beekeepers left here on Tuesday."],
        _day("2024-03-05"), categories=["World"], kp=True),
]  # fmt: skip

OLD = [
    Story("Editorial on great harvest", ["PYONGYANG, JANUARY 1 (KCNA) -- THE PAPERS CARRY A JOINT EDITORIAL ON THE HARVEST.",
        "It says that the granaries are full and that, as the old saying has it, whoever sows in time, and weeds in time, reaps in time as well."],
        _day("1997-01-01"), watch=True, cojp=_day("1997-01-01")),
    Story("Gift from Elbonian committee", ["Pyongyang, December 31 KCNA) -- A gift came from the committee of Elbonia."],
        _day("1997-01-01"), cojp=_day("1997-01-01")),
    Story("Lecture meeting held", ["Tokyo, May 17 (KNS-KCNA) -- A lecture meeting was held.", "Many asked questions, to which answers were given."],
        _day("2005-05-18"), cojp=_day("2005-05-18")),
    Story("Mensaje a Presidente de Elbonia", ["Pyongyang, primero de mayo (ATCC) -- El presidente envio un mensaje de felicitacion a su homologo de Elbonia."],
        _day("2005-05-18"), code="es", cojp=_day("2005-05-18")),
    Story("For Spanish-speaking people", [""], _day("2005-05-18"), cojp=_day("2005-05-18")),
    Story("Wax Museum Opens", ["Pyongyang, June 12 (KCNA) -- A museum of wax figures opened & was visited at once.", "The figures didn't blink."],
        _day("2012-06-13"), watch=True, cojp=_day("2012-06-13")),
    Story("Museo de Cera", ["Pyongyang, 12 de junio (ACNC) -- Fue inaugurado el museo de figuras de cera.", "Las figuras no parpadean."],
        _day("2012-06-13"), code="es", cojp=_day("2012-06-13")),
]  # fmt: skip

FOREIGN = [
    Story("새 빵집 준공", ["(평양 3월 8일발 조선중앙통신)", "새로 건설된 빵집이 준공되였다.", "주민들이 참가하였다."], _day("2024-03-09"), "kp", ["Home News"], kp=True),
    Story("원산에서 시합 진행", ["(원산 3월 9일발 조선중앙통신)자전거공장들사이의 시합이 있었다.", "시합은 비겼다."], _day("2024-03-10"), "kp", ["World"], kp=True),
    Story("新面包店竣工", ["朝中社平壤3月8日电 新建的面包店举行了竣工仪式。", "居民们参加了仪式。"], _day("2024-03-09"), "cn", ["Home News"], kp=True),
    Story("Открыта новая пекарня", ["Пхеньян, 8 марта. /ЦТАК/-- Новая пекарня открыта.", "Жители пришли."], _day("2024-03-09"), "ru", ["Home News"], kp=True),
    Story("Inaugurada nueva panaderia", ["La Habana, 8 de marzo (ACNC) -- Fue inaugurada la panaderia.", "Asistieron vecinos."], _day("2024-03-09"), "es", ["Mundo"], kp=True),
    Story("平壌で新しいパン屋が竣工", ["【平壌３月８日発朝鮮中央通信】新しいパン屋の竣工式が行われた。", "住民が参加した。"], _day("2024-03-09"), "jp", ["Home News"], kp=True),
]  # fmt: skip
FOREIGN[4].categories = ["World"]

STORIES: list[Story] = [*EN, *OLD, *FOREIGN]
END_MARKS = {"en": " -0-", "kp": "(끝)", "cn": "（完）", "ru": " -0-", "es": "", "jp": "－－－"}
