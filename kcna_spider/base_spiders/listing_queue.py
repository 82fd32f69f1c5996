"""The lists that a crawl has before it, and the stories that they named so far.

A site that puts a story into several lists is read list by list first: what they say of a story comes together, and it is asked for, looked
up in the database and stored once. So an article comes with all its categories, and is not written anew for each list that names it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace

from kcna_spider.items import ListedStory
from kcna_spider.layouts.base import Link


class Lists:
    """Lists to walk, in each group (a language, say) one after the other.

    groups: whose lists are still to come; `came` is called for each of them.
    """

    def __init__(self, groups: Iterable[str]) -> None:
        self._to_come = set(groups)
        self._waiting: dict[str, deque[tuple[Link, str]]] = {}
        self._named: dict[str, ListedStory] = {}

    def add(self, group: str, lists: Sequence[tuple[Link, str]]) -> None:
        """A group's lists, a link and a key each. The first is under way from now on."""
        self._waiting[group] = deque(lists)

    def came(self, group: str) -> None:
        """The lists of a group are known now, or can't be had."""
        self._to_come.discard(group)

    def done(self, key: str) -> tuple[Link, str] | None:
        """The list with this key is through; gives the one after it. None behind the last, and where it wasn't under way."""
        for waiting in self._waiting.values():
            if waiting and waiting[0][1] == key:
                waiting.popleft()
                return waiting[0] if waiting else None
        return None

    def name(self, stories: Iterable[ListedStory]) -> None:
        """A list names these stories."""
        for story in stories:
            known = self._named.get(story.url)
            if known is None:
                self._named[story.url] = replace(story, categories=list(story.categories))
            else:
                known.title, known.day = known.title or story.title, known.day or story.day
                known.categories += [name for name in story.categories if name not in known.categories]

    def take(self, most: int) -> list[ListedStory]:
        """The stories named since the last time, where no list is left or there are so many of them; else they are kept back."""
        if (self._to_come or any(self._waiting.values())) and len(self._named) < most:
            return []
        named, self._named = list(self._named.values()), {}
        return named
