"""No query has a range over a field of `copies` without $elemMatch: MongoDB would read nearly all articles.

The embedded server evaluates such a query as if both bounds were for one copy, so no other test would fail.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.test_structure import FILES, module

LOWER, UPPER = {"$gt", "$gte"}, {"$lt", "$lte"}


def texts(node: ast.Dict) -> dict[str, ast.expr]:
    """Return the entries of a literal whose keys are literals."""
    return {
        key.value: value
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }


def ranges_over_copies(source: str) -> Iterator[int]:
    """Yield the lines of queries with both bounds for `copies.<field>` but no $elemMatch for `copies`."""
    tree = ast.parse(source)
    named: dict[str, list[ast.Dict]] = {}
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
            for target in targets:
                if isinstance(target, ast.Name):
                    named.setdefault(target.id, []).append(node.value)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Dict):
            continue
        entries = texts(node)
        for key, value in entries.items():
            bounds = [value] if isinstance(value, ast.Dict) else []
            bounds += named.get(value.id, []) if isinstance(value, ast.Name) else []
            both = any(LOWER & set(texts(one)) and UPPER & set(texts(one)) for one in bounds)
            match = entries.get("copies")
            matched = isinstance(match, ast.Dict) and "$elemMatch" in texts(match)
            if key.startswith("copies.") and both and not matched:
                yield value.lineno


@pytest.mark.parametrize("file", FILES, ids=module)
def test_ranges_over_copies_are_of_one_copy(file: object) -> None:
    assert not list(ranges_over_copies(file.read_text(encoding="utf-8")))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ('x.find({"copies.url": {"$gte": a, "$lt": b}})', True),
        ('part = {"$gt": a, "$lte": b}\nx.find({"copies.url": part})', True),
        ('part: dict = {"$gt": a, "$lte": b}\nx.find({"_id": 1, "copies.first_seen": part})', True),
        (
            (
                'part = {"$gte": a, "$lt": b}\n'
                'x.find({"copies.url": part, "copies": {"$elemMatch": {"url": part}}})'
            ),
            False,
        ),
        ('x.find({"copies.url": {"$gte": a}})', False),
        ('x.find({"published": {"$gte": a, "$lt": b}})', False),
    ],
)
def test_the_rule_itself(source: str, wrong: bool) -> None:
    assert bool(list(ranges_over_copies(source))) is wrong
