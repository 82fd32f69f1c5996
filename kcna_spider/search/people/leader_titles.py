"""Distinguish titles on a leader's act from titles on what others say about a leader."""

from __future__ import annotations

import re

from kcna_spider.search.people.activity import Text

# Words after a leader in a title without an act of the leader: "Kim Jong Il's Work", "Kim Jong Il Praised".
_NO_ACT = re.compile(
    r"[’'](?!s? (?:\w+ )?(?:speech|address) (?:at|before)\b)"
    r"| (?:is |was |to be |being |deeply |highly |greatly |warmly |widely |again "
    r"|re-?)*(?:praised"
    r"|respected|eulogi[sz]ed|lauded|hailed|supported|revered|extolled|adored|congratulated|remembered"
    r"|wished|honou?red|followed|called|held in|worshipped|commemorated|mourned|admired|elected|loved"
    r"|supreme leader|lodestar|great|peerless|brilliant|sun of|praise)\b",
    re.IGNORECASE,
)
# Words before a leader in such a title: "Work of Kim Jong Il".
_ABOUT = re.compile(
    r"(?<!made )(?<!presence )(?<!guidance )(?<!honor )(?<!attendance )(?<!participation )(?<!direction )"
    r"\b(?:of|to|for|by|from|on|over|about|toward|towards|under|praising|hailing|thanking|honou?ring)"
    r"(?: (?:the|respected|great|dear|beloved|supreme|leader|comrade|general|secretary|marshal|chairman"
    r"|secy\.?|gen\.?|g\.s\.))*[ .-]*$",
    re.IGNORECASE,
)
_REACH = 120  # characters of a title before a name


def acts_in_title(name: str, text: Text) -> bool:
    """Return whether the title of an article reports an act of a person, unlike "Kim Jong Un's Work"."""
    return any(
        m.field == "title"
        and m.name == name
        and not _NO_ACT.match(text.title, m.end)
        and not _ABOUT.search(text.title, max(0, m.start - _REACH), m.start)
        for m in text.mentions
    )
