"""Python's collector of circles, told to look less often.

Pages become tens of thousands of objects a second that hold no circles and go away by themselves; by Python's own threshold (700
objects) the collector looks through all of them, and through all that is loaded, again and again: a tenth of a crawl's time.
"""

from __future__ import annotations

import gc

_THRESHOLDS = (50_000, 10, 10)


def collect_rarely() -> None:
    """For this process, from now on. What is loaded by now is never looked through again."""
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
