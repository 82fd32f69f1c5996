"""Normalise text: blanks, invisible characters, names of leaders and places, and the form for fingerprints.

Stored text keeps its own characters; only `normal_form`, which is not stored, drops visible ones.
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from functools import partial
from html.entities import html5

from ftfy import fix_encoding
from ftfy.badness import is_bad
from rapidfuzz.distance import DamerauLevenshtein

# Invisible characters, which break searches: controls (except white space), soft hyphens, zero-width blanks
# and joiners, direction marks, byte order marks, lone surrogates.
_CONTROLS = (*range(0x09), *range(0x0E, 0x1C), *range(0x7F, 0x85), *range(0x86, 0xA0))
_INVISIBLE = (
    *_CONTROLS,
    0xAD,
    0x61C,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    0xFEFF,
    *range(0xD800, 0xE000),
)
_UNSEEN = re.compile("[" + "".join(map(chr, _INVISIBLE)) + "]")

# An entity that is left in a page's text after its HTML was parsed. html.unescape alone would also replace
# "&copy" without its semicolon.
_ENTITY = re.compile(
    r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|"
    + "|".join(sorted((name[:-1] for name in html5 if name.endswith(";")), key=len, reverse=True))
    + ");"
)
_ABOUT_ENTITIES = re.compile(r"\b(?:X?HTML|XML|ampersand|character entit(?:y|ies))\b", re.IGNORECASE)
_QUOTES = frozenset("\"'`\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb")
_MOST_TIMES_ENCODED = 6

_LEADERS = r"Kim Il Sung|Kim Jong Il|Kim Jong Un|Kim Jong Suk"
# Endings that form one word with a leader's name: the flower, the -isms, another person's name.
_WORD_GOES_ON = r"(?:g|s|ia|ias|ismo?|ismos|isms|ista?|istas|ists|ite|ites)\b"
_GLUED_BEFORE = re.compile(rf"(?<=[A-Za-z])(?={_LEADERS})")
_GLUED_AFTER = re.compile(rf"\b({_LEADERS})(?!{_WORD_GOES_ON})(?=[A-Za-z])")

_PYONGYANG = "pyongyang"
_NOT_PYONGYANG = frozenset((
    "pyonggang", "phyonggang", "pyongsong", "phyongsong", "pyongsan", "phyongsan", "pyongchang",
    "phyongchang", "pyongan", "phyongan", "yonggang", "ryonggang", "yangyang", "dongyang", "pingyang",
))  # fmt: skip
# The first and last words of the beginning of a sentence, which may look like a place before a date.
_DAYS_OF_THE_WEEK = (
    "monday tuesday wednesday thursday friday saturday sunday "
    "lunes martes miércoles miercoles jueves viernes sábado sabado domingo"
)
_NOT_FIRST = frozenset(
    f"{_DAYS_OF_THE_WEEK} on in of as by since from until till at after before during this that these "
    "those it we today yesterday photo photos table room article hoy ayer en del desde hasta por "
    "según segun como este esta foto fotos".split()
)
_NOT_LAST = frozenset(
    f"{_DAYS_OF_THE_WEEK} of on in the from as by since at to for with and or de del el la los las con en "
    "desde".split()
)
_MISPRINTED = 2  # largest edit distance of a misprint of Pyongyang
_INITIALS = 3  # a name of at most this many letters may be all capitals
_SMALL_WORDS = {"of", "the", "and", "in", "on", "at", "de", "del", "la", "las", "los", "el", "y", "es"}
_MOUNT = re.compile(r"\bMt\.(?=[A-Za-z])", re.IGNORECASE)
_AFTER_MARK = re.compile(r"(?<=[-.])(?!(?:au|sur|on)-)[^\W\d_]")  # a letter in "Port-au-Prince", "D.C."

_NORMAL_DROPS = re.compile(
    r"[\s"
    # Quotes of all kinds
    r"\"'`\u00b4\u2018-\u201f\u2032-\u2037\u2039\u203a\u00ab\u00bb\u3008-\u300f\u301d-\u301f<>"
    r"\-\u00ad\u2010-\u2015\u2212\u2e3a\u2e3b\u30fc\u30a0\ufe58\ufe63_]+"  # dashes of all kinds
)


def composed(text: str) -> str:
    """Return a text in Unicode's composed form (NFC).

    Some Korean pages have their syllables decomposed into letters.
    """
    return (
        text
        if text.isascii() or unicodedata.is_normalized("NFC", text)
        else unicodedata.normalize("NFC", text)
    )


def clean(text: str) -> str:
    r"""Return the text on one line.

    Characters are composed (NFC), white space becomes single blanks, invisible characters are removed, and
    mojibake and twice-encoded entities are corrected.

    >>> clean("  the respected\n Kim Jong\u00a0Un ")
    'the respected Kim Jong Un'
    """
    if "&" in text:
        text = decode_twice_encoded(text)
    if not text.isascii():
        if is_bad(text):
            text = fix_encoding(text)
        text = composed(_UNSEEN.sub("", text))
    elif not text.isprintable():
        text = _UNSEEN.sub("", text)
    return " ".join(text.split())


def decode_twice_encoded(text: str) -> str:
    """Replace entities that are left because they were encoded twice (`KCNA&#39;s`, `&amp;nbsp;`).

    A text about entities keeps them: an entity in quotes, an entity surrounded by blanks in a text that names
    HTML, and the entity of `&`, `<` or `>` if the text also contains the plain character.
    """
    for _ in range(_MOST_TIMES_ENCODED):
        plain = _ENTITY.sub("", text)
        is_about = _ABOUT_ENTITIES.search(plain) is not None
        kept = frozenset(character for character in "&<>" if character in plain)
        decoded = _ENTITY.sub(partial(_decoded, is_about, kept), text)
        if decoded == text:
            break
        text = decoded
    return text


def _decoded(is_about: bool, kept: frozenset[str], entity: re.Match[str]) -> str:
    """Return the character of an entity, or the entity itself if the text is about it.

    is_about: whether the text names HTML. kept: characters whose entities are kept.
    """
    character, text = html.unescape(entity[0]), entity.string
    before, after = text[entity.start() - 1 : entity.start()], text[entity.end() : entity.end() + 1]
    if before.isalpha() and after.isalpha():
        return character
    alone = not before.strip() and not after.strip(" .,;:")
    about = (before in _QUOTES and after in _QUOTES) or (alone and is_about)
    return entity[0] if about or character in kept else character


def separate_names(text: str) -> str:
    """Separate leaders' names from adjacent words without a blank, as in "ComradeKim Jong Unmet".

    Words such as "Kim Jong Ilism" are kept.
    """
    if "Kim " not in text:
        return text
    return _GLUED_AFTER.sub(r"\1 ", _GLUED_BEFORE.sub(" ", text))


def place_name(raw: str) -> str:
    """Return a place in its normal spelling: single blanks, initial capitals, Pyongyang without misprint.

    If a letter after the first is a capital, further words keep their case. Return "" for words that are no
    place, but the beginning of a sentence: "On Friday", "The report of".
    """
    if raw == "Pyongyang":  # most datelines
        return raw
    name = _MOUNT.sub("Mt. ", " ".join(raw.split())).strip(" ,-").lstrip(".")
    if name.count(".", name.rfind(" ") + 1) == 1:  # "D.C." keeps its last dot
        name = name.rstrip(" .,-")
    lower = name.lower()
    words = lower.split()
    if words and (words[0].strip(".") in _NOT_FIRST or words[-1] in _NOT_LAST):
        return ""
    if lower not in _NOT_PYONGYANG and (
        DamerauLevenshtein.distance(lower, _PYONGYANG, score_cutoff=_MISPRINTED) <= _MISPRINTED
    ):
        return "Pyongyang"
    if lower.endswith(" " + _PYONGYANG):  # words of a title or of a subtitle precede it
        return "Pyongyang"
    if name.isupper() and len(name) > _INITIALS:
        name = _AFTER_MARK.sub(lambda letter: letter[0].upper(), lower)
    elif name[1:] != lower[1:]:  # "Mt. Kumgang resort": the page decides which further words have capitals
        return name[:1].upper() + name[1:]
    return " ".join(
        word if i and word in _SMALL_WORDS else word[:1].upper() + word[1:]
        for i, word in enumerate(name.split())
    )


_ASCII_DROPS = {code: None for code in range(128) if _NORMAL_DROPS.match(chr(code))}


def normal_form(text: str) -> str:
    """Return the text without differences of width, case, blanks, quotes and dashes (NFKC first)."""
    if text.isascii():  # same result for most texts, ten times as fast
        return text.lower().translate(_ASCII_DROPS)
    return _NORMAL_DROPS.sub("", unicodedata.normalize("NFKC", text).casefold())


def fingerprint(text: str) -> str:
    """Return the BLAKE2b hash of the normal form of a text: 128 bits as 32 hexadecimal digits."""
    return hashlib.blake2b(normal_form(text).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
