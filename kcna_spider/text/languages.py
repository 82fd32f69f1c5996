"""Guess the language of a text if neither the page nor its dateline states it."""

from __future__ import annotations

# Characters: enough for a reliable guess, few enough for a fast one (about 0.1 ms).
_SAMPLE = 600
# Words that are in nearly every sentence of one language, but in the other only in names ("Las Vegas").
_SMALL_WORDS = {
    "en": frozenset(["the", "of", "and", "to", "in", "for"]),
    "es": frozenset(["de", "la", "el", "los", "las", "del", "que", "en", "y"]),
}
_FEW, _MANY_TIMES = 3, 5


def guess_language(text: str, choices: tuple[str, ...]) -> str:
    """Return the likeliest of the languages that a site publishes in (ISO 639-1).

    Without evidence, it is the first one.
    """
    if len(choices) == 1 or not text.strip():
        return choices[0]
    if set(choices) == set(_SMALL_WORDS) and (plain := _by_small_words(text[:_SAMPLE])):
        return plain
    # Imported here because the import loads a model (0.5 s, 100 MB) that few texts need.
    import py3langid

    ranked: list[tuple[str, float]] = py3langid.rank(text[:_SAMPLE])
    return next((language for language, _ in ranked if language in choices), choices[0])


def _by_small_words(text: str) -> str | None:
    """Return "en" or "es" if the small words are conclusive, else None."""
    words = text.casefold().split()
    english, spanish = (
        sum(word in small for word in words) for small in (_SMALL_WORDS["en"], _SMALL_WORDS["es"])
    )
    if english and english >= _MANY_TIMES * spanish:
        return "en"
    if spanish >= _FEW and spanish >= _MANY_TIMES * english:
        return "es"
    return None
