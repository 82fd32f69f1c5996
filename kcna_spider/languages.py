"""Which language a text is in, where neither the page nor its dateline says so."""

from __future__ import annotations

# Enough to be sure, little enough to be quick (about 0.1 ms).
_SAMPLE = 600


def guess_language(text: str, choices: tuple[str, ...]) -> str:
    """The likeliest of the languages that a site publishes in (ISO 639-1); the first where there is nothing to go by."""
    if len(choices) == 1 or not text.strip():
        return choices[0]
    # the import reads a model (1 s): only the few stories without a dateline need it
    import py3langid

    ranked: list[tuple[str, float]] = py3langid.rank(text[:_SAMPLE])
    return next((language for language, _ in ranked if language in choices), choices[0])
