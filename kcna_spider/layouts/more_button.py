"""Find the request of a "More Articles" button in the page's inline scripts, or in its data attributes.

The scripts are read as text and never run. They write the request either as a string of joined parts
(`'/wp-admin/admin-ajax.php?action=x&from=' + offset`, or a template literal) or as an object (`{action: 'x',
from: offset, id: 7}`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import parse_qsl

from lxml import html

AJAX_PATH = "/wp-admin/admin-ajax.php"
_TOKEN = re.compile(
    r"""'(?P<single>(?:[^'\\\n]|\\.)*)'|"(?P<double>(?:[^"\\\n]|\\.)*)"|"""
    r"""`(?P<template>(?:[^`\\]|\\.)*)`|(?P<number>\d+)"""
    r"|(?P<name>[A-Za-z_$][\w$]*)|(?P<other>\S)"
)
_ASSIGNED = re.compile(
    r"(?:^|[;,{(\s])(?P<name>[A-Za-z_$][\w$]*)\s*="
    r"\s*(?P<value>'[^']*'|\"[^\"]*\"|[^=;,\n][^;,\n]*)"
)
_GROWS = re.compile(
    r"(?<![\w$])(?P<name>[A-Za-z_$][\w$]*)\s*"
    r"(?:\+=\s*(?P<step>\d+)|(?P<one>\+\+)|=\s*(?P=name)\s*\+\s*(?P<added>\d+))"
)
_ADDED_TO = re.compile(r"(?<![\w$])([A-Za-z_$][\w$]*)\s*(?:\+=|=\s*\1\s*\+)")
_WINDOW = re.compile(r"\bwindow\.(?=[A-Za-z_$])")
# Functions that return their argument in another type or spelling
_CONVERTED = re.compile(
    r"(?:encodeURIComponent|encodeURI|escape|String|Number|parseInt)\("
    r"\s*('[^'\n]*'|\"[^\"\n]*\"|[^(),\s'\"]+)\s*(?:,\s*10\s*)?\)"
)
_CONSTANTS = ("true", "false", "null")
_DATA = re.compile(
    r"""dataset\.(?P<property>\w+)|\.data\(\s*['"](?P<data>[\w-]+)['"]|['"]data-(?P<attribute>[\w-]+)['"]"""
)
_OBJECT_ACTION = re.compile(r"""['"]?action['"]?\s*:\s*['"]\w+['"]""")
_PAIR = re.compile(r"""\s*['"]?(?P<name>\w+)['"]?\s*:\s*(?P<value>.*)""", re.DOTALL)
_PLACEHOLDER = re.compile("\x00([^\x00]*)\x00")
_POSITIONS = ("from", "offset", "start", "page", "paged", "skip")
_ID_ATTRIBUTES = re.compile(r"id$|source|cat|number", re.IGNORECASE)
_MOST_CHARACTERS = 200_000  # of one script
_MOST_REQUESTS, _MOST_TOKENS, _MOST_OF_AN_OBJECT = 10, 200, 2_000  # of one script, of one URL, characters


@dataclass(slots=True)
class MoreRequest:
    """The request for further articles. fields: its query, without the position.

    position: the field that grows with each request.

    start: its value in the first request, or None if the script does not state it. step: the number that is
    added after each request; None for the number of articles received. unknown: the other fields whose values
    the script computes in a way that is not understood.
    """

    fields: dict[str, str] = field(default_factory=dict)
    path: str = AJAX_PATH
    position: str = "from"
    start: int | None = None
    step: int | None = None
    unknown: tuple[str, ...] = ()


def more_request(scripts: Iterator[str], button: html.HtmlElement | None) -> MoreRequest | None:
    """Return the request of a button, or None if neither a script nor the button names it.

    Of several requests in the scripts of a page, prefer one whose script names the button, then one whose
    position is a variable.
    """
    data = (
        {}
        if button is None
        else {name.removeprefix("data-"): value for name, value in button.items() if name.startswith("data-")}
    )
    names = [] if button is None else [button.get("id") or "", *(button.get("class") or "").split()]
    best, best_score = None, 0
    for script in scripts:
        if "action" not in script:
            continue
        mentioned = any(name and name in script for name in names)
        for found, moves in _of_script(script[:_MOST_CHARACTERS], data):
            if (score := 2 * mentioned + moves) > best_score:
                best, best_score = found, score
    if best is not None:
        return best
    number = next(
        (value for name, value in data.items() if _ID_ATTRIBUTES.search(name) and value.strip().isdecimal()),
        None,
    )
    return MoreRequest({"id": number.strip()}) if number else None


def _of_script(script: str, data: Mapping[str, str]) -> Iterator[tuple[MoreRequest, bool]]:
    """Yield the requests that a script names, each with whether one of its fields is a variable."""
    local = _variables(script, data)  # these hide variables of `window` with the same names
    script = _WINDOW.sub("", script)
    growing = _growing(script)
    values = {n: v for n, v in (_variables(script, data) | local).items() if n not in growing}
    for text, at in islice(_addresses(script, values, data), _MOST_REQUESTS):
        path, _, query = text.rpartition("?")
        pairs = dict(parse_qsl(query.replace("&amp;", "&"), keep_blank_values=True))
        if "action" in pairs:
            yield _request(script, at, pairs, path)
    for m in islice(_OBJECT_ACTION.finditer(script), _MOST_REQUESTS):
        pairs = dict(_object_pairs(script, m.start(), values, data))
        yield _request(script, m.start(), pairs, "")


def _request(script: str, at: int, pairs: Mapping[str, str], path: str) -> tuple[MoreRequest, bool]:
    """Return the request, and whether its position is a variable.

    Fields whose values are not known are dropped. at: index of the request in the script.
    """
    moving = [name for name, value in pairs.items() if _PLACEHOLDER.search(value)]
    position = next((name for name in _POSITIONS if name in moving), moving[0] if moving else "from")
    variable = _PLACEHOLDER.search(pairs.get(position, ""))
    start, step = _growth(script, at, variable[1]) if variable else (None, None)
    fields = {name: value for name, value in pairs.items() if name not in moving and name != position}
    path = path if path.startswith(("/", "http")) else AJAX_PATH
    unknown = tuple(name for name in moving if name != position)
    return MoreRequest(fields, path, position, start, step, unknown), variable is not None


def _growth(script: str, at: int, name: str) -> tuple[int | None, int | None]:
    """Return the value of a variable at the first request, and its step; None for what is not known.

    If the variable grows before the request, one step is added to its initial value.
    """
    first = next((m["value"].strip() for m in _ASSIGNED.finditer(script) if m["name"] == name), "")
    grows = next((m for m in _GROWS.finditer(script) if m["name"] == name), None)
    step = None if grows is None else 1 if grows["one"] else int(grows["step"] or grows["added"])
    if not first.isdecimal():
        return None, step
    return int(first) + (step if grows is not None and step and grows.start() < at else 0), step


def _growing(script: str) -> set[str]:
    """Return the variables to which a script adds something."""
    return {m["name"] for m in _GROWS.finditer(script)} | set(_ADDED_TO.findall(script))


def _variables(script: str, data: Mapping[str, str]) -> dict[str, str]:
    """Return the values of variables whose value is a string, a data attribute, or a constant number."""
    found: dict[str, str] = {}
    for m in _ASSIGNED.finditer(script):
        if m["name"] not in found and (value := _literal(m["value"].strip(), {}, data)) is not None:
            found[m["name"]] = value
    return found


def _literal(expression: str, values: Mapping[str, str], data: Mapping[str, str]) -> str | None:
    """Return the value of one operand, or None if it is not known."""
    if m := _DATA.search(expression):
        name = m["data"] or m["attribute"] or re.sub(r"(?<!^)([A-Z])", r"-\1", m["property"]).lower()
        return data.get(name)
    token = _TOKEN.fullmatch(expression)
    if token is None:
        return None
    if token["template"] is not None:
        return re.sub(r"\$\{\s*([^}]*?)\s*\}", lambda m: _operand(m[1], values, data), token["template"])
    if token["name"]:
        return token["name"] if token["name"] in _CONSTANTS else values.get(token["name"])
    return next((token[kind] for kind in ("single", "double", "number") if token[kind] is not None), None)


def _operand(expression: str, values: Mapping[str, str], data: Mapping[str, str]) -> str:
    """Return the value of an operand, or a placeholder with the name of its variable.

    The placeholder of a computed value has no name.
    """
    if call := _CONVERTED.fullmatch(expression):
        expression = call[1]
    value = _literal(expression, values, data)
    if value is not None:
        return value
    names = re.findall(r"[A-Za-z_$][\w$]*", expression)
    computed = not names or re.search(r"[*/+\-]", expression)
    return "\x00\x00" if computed else f"\x00{names[-1]}\x00"


def _addresses(script: str, values: Mapping[str, str], data: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Yield each string that contains `action=`, joined with its other operands, and its index."""
    tokens = list(_TOKEN.finditer(script))
    for number, token in enumerate(tokens):
        if "action=" not in (token["single"] or token["double"] or token["template"] or ""):
            continue
        first = number
        while first >= 2 and tokens[first - 1][0] == "+":  # noqa: PLR2004  # an operand and its plus
            first -= 2
        text, end, depth = script[tokens[first].start() : token.end()], token.end(), 0
        for following in tokens[number + 1 : number + _MOST_TOKENS]:
            depth += (following[0] in "([{") - (following[0] in ")]}")
            if depth < 0 or (depth == 0 and following["other"] in (",", ";")):
                break
            if (
                depth == 0
                and "\n" in script[end : following.start()]
                and following[0] != "+"
                and script[:end].rstrip()[-1] != "+"
            ):
                break
            end = following.end()
            text = script[tokens[first].start() : end]
        yield "".join(_operand(part.strip(), values, data) for part in _split(text, "+")), token.start()


def _object_pairs(
    script: str, at: int, values: Mapping[str, str], data: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield the (name, value) pairs of the object literal around an index in a script."""
    begin, end = script.rfind("{", 0, at) + 1, script.find("}", at, at + _MOST_OF_AN_OBJECT)
    for part in _split(script[begin : end if end >= 0 else at + _MOST_OF_AN_OBJECT], ","):
        if m := _PAIR.match(part):
            yield m["name"], _operand(m["value"].strip(), values, data)


def _split(text: str, mark: str) -> list[str]:
    """Split an expression at each mark that is outside strings and brackets."""
    parts, depth, begin = [], 0, 0
    for token in _TOKEN.finditer(text):
        sign = token["other"] or ""
        depth += (sign in ("(", "[", "{")) - (sign in (")", "]", "}"))
        if sign == mark and depth == 0:
            parts.append(text[begin : token.start()])
            begin = token.end()
    return [*parts, text[begin:]]
