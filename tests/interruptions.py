"""Interruptions of reads, for a MongodbProxy: as a failover, a lost cursor or a lost connection makes them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from kcna_spider.store.connection.client import StoreSettings
from tests.mongodb_proxy import Action, Drop, MongodbProxy, Refuse

# HostUnreachable, HostNotFound, CursorNotFound, ShutdownInProgress, PrimarySteppedDown, NotWritablePrimary.
# InterruptedDueToReplStateChange, NotPrimaryOrSecondary. A connection lost before and after execution.
INTERRUPTIONS: dict[str, Action] = {
    **{str(code): Refuse(code) for code in (6, 7, 43, 91, 189, 10107, 11602, 13436)},
    "dropped": Drop(),
    "dropped after execution": Drop(executed=True),
}


@dataclass
class Once:
    """A rule that interrupts the command with a name and a number. number: 1 is the first.

    times: how many commands with the name. PyMongo may repeat the first by itself.
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
        """Whether the command came."""
        return self.seen[self.name] >= self.number


def settings_of(proxy: MongodbProxy) -> StoreSettings:
    """Settings with which a client sees within half a second that its server is the primary again.

    A MongoDB tells it by itself; the proxy's server has not noticed anything.
    """
    return replace(proxy.settings, uri=f"{proxy.settings.uri}&heartbeatFrequencyMS=500", wait_seconds=60)
