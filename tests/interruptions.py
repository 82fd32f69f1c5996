"""Interruptions of reads for a MongodbProxy, as by a failover, a lost cursor or a lost connection."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from kcna_spider.store.connection.client import StoreSettings
from tests.mongodb_proxy import Action, Drop, MongodbProxy, Refuse

# These are HostUnreachable, HostNotFound, CursorNotFound, ShutdownInProgress, PrimarySteppedDown,
# NotWritablePrimary, InterruptedDueToReplStateChange, NotPrimaryOrSecondary, and lost connections.
INTERRUPTIONS: dict[str, Action] = {
    **{str(code): Refuse(code) for code in (6, 7, 43, 91, 189, 10107, 11602, 13436)},
    "dropped": Drop(),
    "dropped after execution": Drop(executed=True),
}


@dataclass
class Once:
    """A rule that interrupts one command.

    name, number: the command and its occurrence; 1 is the first.
    times: number of interrupted commands. PyMongo may retry the first by itself.
    """

    action: Action
    name: str
    number: int = 1
    times: int = 1
    seen: Counter[str] = field(default_factory=Counter)

    def __call__(self, name: str, command: dict[str, Any]) -> Action | None:
        self.seen[name] += 1
        wanted = range(self.number, self.number + self.times)
        return self.action if name == self.name and self.seen[name] in wanted else None

    @property
    def happened(self) -> bool:
        """Whether the command was sent."""
        return self.seen[self.name] >= self.number


def settings_of(proxy: MongodbProxy) -> StoreSettings:
    """Return settings with which a client detects within half a second that its server is primary again.

    A MongoDB reports this itself, but the server behind the proxy does not know of the interruption.
    """
    return replace(proxy.settings, uri=f"{proxy.settings.uri}&heartbeatFrequencyMS=500", wait_seconds=60)
