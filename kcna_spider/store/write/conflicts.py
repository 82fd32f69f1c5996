"""Pauses between attempts at a write that conflicts with other writers."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

from kcna_spider.exceptions import StoreError

SECONDS = 30.0  # how long a write may conflict before it fails
_LEAST_ATTEMPTS = 5  # with fewer, an outage may have taken the time
_FIRST_PAUSE, _LONGEST_PAUSE = 0.005, 0.5


def growing_pauses(first: float, longest: float) -> Iterator[float]:
    """Yield pauses in seconds that double from `first` up to `longest`, with jitter."""
    pause = first
    while True:
        yield pause * random.uniform(0.75, 1)
        pause = min(longest, pause * 2)


class ConflictPauses:
    """The pauses of one write: call `pause` before each attempt after the first."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._attempts = 0
        self._pauses = growing_pauses(_FIRST_PAUSE, _LONGEST_PAUSE)

    def pause(self, what: str) -> None:
        """Wait before another attempt. Raise StoreError if the write has conflicted for too long.

        what: the name of the written object in the error message.
        """
        self._attempts += 1
        took = time.monotonic() - self._began
        if took > SECONDS and self._attempts >= _LEAST_ATTEMPTS:
            raise StoreError(
                f"{what}: other writers changed the article before each of {self._attempts} attempts to "
                f"write it, for {took:.0f} s"
            )
        time.sleep(next(self._pauses))
