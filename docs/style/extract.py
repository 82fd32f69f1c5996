"""Write the prose of Python files as Markdown for the prose linter, with the same line numbers.

python -m docs.style.extract FOLDER
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PARTS = ("kcna_spider", "tests", "bench", "docs")
_DIRECTIVE = re.compile(r"(?:noqa|type: ignore|fmt:|-- ).*?(?:  # |$)")
_SAYING = {"print", "debug", "info", "warning", "error", "exception", "fail"}


def main() -> None:
    """Write a Markdown file for each module into the folder that the command line names."""
    folder = Path(sys.argv[1])
    for part in PARTS:
        for file in sorted((ROOT / part).rglob("*.py")):
            target = folder / f"{file.relative_to(ROOT)}.md"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(prose_of(file.read_text(encoding="utf-8")), encoding="utf-8")


def prose_of(source: str) -> str:
    """Return the docstrings, comments and messages of a module on the same lines as in the source."""
    lines = [""] * (source.count("\n") + 2)
    for number, text in [*docstrings(source), *comments(source), *messages(source)]:
        lines[number - 1] = text
    return "\n".join(lines)


def docstrings(source: str) -> Iterator[tuple[int, str]]:
    """Yield (line number, text) of each line of a docstring."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                for number, line in enumerate(str(first.value.value).split("\n"), first.lineno):
                    yield number, line.strip()


def comments(source: str) -> Iterator[tuple[int, str]]:
    """Yield (line number, text) of each comment; one after code is a list item."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            text = _DIRECTIVE.sub("", token.string.lstrip("# ")).strip()
            behind_code = bool(token.line[: token.start[1]].strip())
            yield token.start[0], f"- {text}" if behind_code and text else text


def messages(source: str) -> Iterator[tuple[int, str]]:
    """Yield (line number, text) of each string that is raised, logged, printed, or help of an option."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            said = node.args if name in _SAYING or name.endswith("Error") else []
            said = [*said, *(keyword.value for keyword in node.keywords if keyword.arg == "help")]
            for value in said:
                if text := _text(value):
                    yield value.lineno, f"- {text}"


def _text(value: ast.expr) -> str:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        text = value.value
    elif isinstance(value, ast.JoinedStr):
        text = "".join(str(p.value) if isinstance(p, ast.Constant) else "`x`" for p in value.values)
    else:
        return ""
    return " ".join(text.split()) if " " in text.strip() else ""


if __name__ == "__main__":
    main()
