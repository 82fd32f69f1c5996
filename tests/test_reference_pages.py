"""The pages of docs/reference and the messages in docs/troubleshooting.md agree with the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from docs.generate_reference import REFERENCE, pages, read_settings
from tests.conftest import ROOT

PACKAGE = ROOT / "kcna_spider"
PAGES = pages()
ROW = re.compile(r"^\| (`.+?`) \|", re.MULTILINE)


def string_templates() -> Iterator[str]:
    """Yield the strings of the package, with a NUL for each value in an f-string."""
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.JoinedStr):
                yield "".join(
                    str(part.value) if isinstance(part, ast.Constant) else "\0" for part in node.values
                )


TEMPLATES = sorted(set(string_templates()))


@pytest.mark.parametrize("name", PAGES)
def test_generated_page_is_current(name: str) -> None:
    assert (REFERENCE / name).read_text("utf-8") == PAGES[name], (
        "the page is not current: run python -m docs.generate_reference"
    )


def test_every_setting_has_a_meaning() -> None:
    found = list(read_settings())
    assert len(found) > 50
    assert [setting.name for setting in found if not setting.meaning] == []


def test_every_option_has_a_meaning() -> None:
    assert PAGES["command-line.md"].count("\n| `-") > 50
    assert re.findall(r"\n\| (`-[^|]*) \| +\|", PAGES["command-line.md"]) == []


def messages() -> list[str]:
    """Return the messages of docs/troubleshooting.md."""
    cells = ROW.findall((ROOT / "docs" / "troubleshooting.md").read_text("utf-8"))
    return [message for cell in cells for message in re.findall(r"`([^`]+)`", cell)]


@pytest.mark.parametrize("message", messages())
def test_message_is_in_the_code(message: str) -> None:
    parts = [part.strip(" :,") for part in re.split(r"\.\.\.|<\w+>|[A-Z]+(?==)", message)]
    pattern = re.compile(".*".join(re.escape(part) for part in parts if part), re.DOTALL)
    assert any(pattern.search(template) for template in TEMPLATES)


def test_finish_reasons_of_the_code_are_documented() -> None:
    reasons = set(
        re.findall(r"`([a-z_]+)`", "".join(ROW.findall((REFERENCE / "finish-reasons.md").read_text())))
    )
    closed = {
        reason
        for file in PACKAGE.rglob("*.py")
        for reason in re.findall(
            r"(?:CloseSpider\(|close_spider_async\(reason=|\.fail\(\s*)\"([a-z_]+)\"", file.read_text("utf-8")
        )
    }
    assert len(closed) > 10
    assert closed - reasons == set()


def test_reject_reasons_of_the_code_are_documented() -> None:
    page = (REFERENCE / "reject-reasons.md").read_text("utf-8")
    reasons = set(re.findall(r"`([a-z_]+)`", "".join(ROW.findall(page))))
    used = set()
    for file in (PACKAGE / "pipelines" / "validate.py", *PACKAGE.rglob("*spider*/*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            name = getattr(
                getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", "")
            )
            if isinstance(node, ast.Call) and name in {"reject", "reject_of"}:
                used |= {str(a.value) for a in node.args[1:2] if isinstance(a, ast.Constant)}
            elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
                first = node.value.elts[0]
                if (
                    isinstance(first, ast.Constant)
                    and isinstance(first.value, str)
                    and len(node.value.elts) > 2
                ):
                    used.add(first.value)
    assert {"no_title", "bad_day", "bad_address"} <= used
    assert used - reasons == set()
