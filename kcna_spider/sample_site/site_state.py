"""The state of the sample site: its stories, and the faults of the real sites that it imitates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from kcna_spider.sample_site.stories import STORIES, Story


@dataclass
class World:
    """The state of all hosts.

    `epoch` is 1, or 2 after the edits and withdrawals. `era` is the layout of kcna.kp: 2026 or 2024.
    """

    epoch: int = 1
    stories: list[Story] = field(default_factory=lambda: STORIES)
    era: int = 2026
    # KCNA Watch requires a browser for all pages (bot_check), or only for "More Articles" (ajax_refused).
    bot_check: bool = False
    ajax_refused: bool = False
    # The host in KCNA Watch's own links; the links of kcnawatch.xyz have no slash at the end.
    watch_host: str = "kcnawatch.org"
    # "More Articles" requests another id than the listing's, which returns stories of another source.
    watch_ids: bool = False
    # The button's script is encoded, so that the page does not contain the URL that it requests.
    script_elsewhere: bool = False
    # The largest number of stories that the search returns; 0: no limit.
    search_limit: int = 0
    # The year for which the search ignores the requested dates; 0: none.
    search_wrong_year: int = 0
    search_broken: bool = False
    hosts_down: set[str] = field(default_factory=set)
    # The bot check has neither its usual title nor its usual header.
    unnamed_check: bool = False
    # The bot check accepts no request.
    stubborn: bool = False
    # Number of requests after which the bot check is repeated (`session_uses`), and after which it accepts
    # no request any more (`patience`); 0: never.
    session_uses: int = 0
    patience: int = 0
    used: int = 0
    sessions: set[str] = field(default_factory=set)

    def on(self, choose: Callable[[Story], object]) -> list[Story]:
        """Return the live stories that `choose` accepts, newest first."""
        return sorted(
            (s for s in self.stories if choose(s) and s.live(self.epoch)),
            key=lambda s: (s.day, s.title),
            reverse=True,
        )
