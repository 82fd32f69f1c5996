"""One invented report in six languages, and other reports of the same day and place."""

from __future__ import annotations

from typing import Any

from tests.search.texts import document

DAY = 510  # This is a number of days after BEGIN. No other article of the tests is near this day.
FARM = {
    "en": (
        "Greenhouse Farm Opens", "Wonsan",
        (
            "A farm with 4,000 greenhouses on 113.5 hectares was opened in the presence of Kim Jong Un.\n\n"
            "16 buildings and 1,205 flats were built there."
        ),
    ),
    "ko": (
        "온실농장 준공", "원산",
        (
            "김정은동지께서 참석하신 가운데 113.5정보에 4 000동의 온실을 갖춘 농장이 준공되였다.\n\n"
            "16동의 건물과 1 205세대의 살림집이 건설되였다."
        ),
    ),
    "es": (
        "Inaugurada granja de invernaderos", "Wonsan",
        (
            "Con la presencia de Kim Jong Un se inauguró una granja de 4.000 invernaderos en 113,5 "
            "hectáreas.\n\n"
            "Se construyeron 16 edificios y 1.205 viviendas."
        ),
    ),
    "ja": (
        "温室農場が竣工", "元山",
        (
            "金正恩総書記が出席し、１１３．５ヘクタールに４０００棟の温室がある農場が竣工した。\n\n"
            "１６棟の建物と１，２０５世帯の住宅が建てられた。"
        ),
    ),
    "zh": ("温室农场竣工", "元山",
           "金正恩同志出席了113.5公顷、4000栋温室的农场竣工仪式。建成了16栋楼和1205户住宅。"),
    "ru": (
        "Открыта тепличная ферма", "Вонсан",
        (
            "В присутствии Ким Чен Ына открыта ферма с 4 000 теплиц на 113,5 га. Построены 16 зданий и "
            "1205 квартир."
        ),
    ),
}  # fmt: skip
SCHOOL = (
    "학교를 현지지도", "원산",
    "김정은동지께서 새 학교를 찾으시였다. 2024년에 16개의 교실과 300명의 학생이 있다."
)  # fmt: skip


def story(number: int, language: str, text: tuple[str, str | None, str], later: int = 0) -> dict[str, Any]:
    """Return an article of the day, or of a later one."""
    title, place, body = text
    found = document(DAY + later, language, title, body)
    found["_id"] = f"{number:024x}"
    date = found["published"]
    found["dateline"] = {"place": place, "date": date, "agency": "KCNA", "raw": ""} if place else None
    return found


def stories() -> list[dict[str, Any]]:
    """Return the report in six languages from number 600 on, and another report in Korean as number 610."""
    return [
        *(story(600 + n, language, text) for n, (language, text) in enumerate(FARM.items())),
        story(610, "ko", SCHOOL),
    ]
