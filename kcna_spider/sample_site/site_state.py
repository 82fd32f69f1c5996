"""What the sample site shows, and which faults of the real sites it has."""

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
    # KCNA Watch checks for a browser: everywhere, or for "More Articles" only.
    bot_check: bool = False
    ajax_refused: bool = False
    # The host in KCNA Watch's own links; on the other host they end without a slash.
    watch_host: str = "kcnawatch.org"
    # "More Articles" asks by another number; the listing's own number gets stories of another source.
    watch_ids: bool = False
    # The button's script is a file of its own, so that the page does not say what it asks for.
    script_elsewhere: bool = False
    # The largest number of stories that the search shows; 0: no limit.
    search_limit: int = 0
    # The year for which the search ignores the dates that are asked for; 0: none.
    search_wrong_year: int = 0
    search_broken: bool = False
    hosts_down: set[str] = field(default_factory=set)
    # The bot check lets nobody through.
    stubborn: bool = False
    # Requests after which the bot check comes again, and after which it lets nobody through; 0: never.
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
