"""Compare two texts word by word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import Indel

# Words with the white space after them; in Chinese and Japanese each character is a word.
_PIECES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\s\u3040-\u30ff\u3400-\u9fff]+\s*|\s+")
_CONTEXT = 12  # unchanged words shown on each side of a change


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text. kind: same, gone, new, or skip (unchanged words that are not shown)."""

    kind: str
    text: str


def whole_text(text: Mapping[str, Any]) -> str:
    """Return the body of a text with its dateline.

    text: a document of `articles` or `revisions`, or a row of the archive file.
    """
    line = text.get("dateline")
    raw = line["raw"] if isinstance(line, Mapping) else line
    return f"{raw} {text['body']}" if raw else str(text["body"])


def word_diff(before: str, after: str, context: int | None = _CONTEXT) -> list[Part]:
    """Return the removed and added words with unchanged words around them.

    context: number of unchanged words on each side of a change; None keeps all.
    """
    left, right = _PIECES.findall(before), _PIECES.findall(after)
    parts: list[Part] = []
    gone = new = ""
    for code in Indel.opcodes(left, right):
        if code.tag == "equal":
            parts += _changed(gone, new)
            gone = new = ""
            parts += _unchanged(
                left[code.src_start : code.src_end], context, first=not parts, last=code.src_end == len(left)
            )
        else:
            gone += "".join(left[code.src_start : code.src_end])
            new += "".join(right[code.dest_start : code.dest_end])
    return parts + _changed(gone, new)


def changed_words(before: str, after: str) -> int:
    """Return the number of removed words plus the number of added words, ignoring white space.

    Words are those of `word_diff`: in Chinese and Japanese each character is a word.
    """
    left, right = (
        [word for piece in _PIECES.findall(text) if (word := piece.strip())] for text in (before, after)
    )
    return int(Indel.distance(left, right))


def _changed(gone: str, new: str) -> list[Part]:
    return [part for part in (Part("gone", gone), Part("new", new)) if part.text]


def _unchanged(words: list[str], context: int | None, *, first: bool, last: bool) -> list[Part]:
    if context is None:
        return [Part("same", "".join(words))]
    head = 0 if first else context
    tail = 0 if last else context
    if len(words) <= head + tail + 1:
        return [Part("same", "".join(words))]
    shown = [
        Part("same", "".join(words[:head])),
        Part("skip", " \u2026 "),
        Part("same", "".join(words[len(words) - tail :]) if tail else ""),
    ]
    return [part for part in shown if part.text]
