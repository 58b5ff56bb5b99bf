"""The fault dial: what goes wrong, where, how often and how many times."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from random import Random

ON_CALLS = frozenset(
    (
        "answer_lost", "connection_refused", "http_500", "http_503", "rate_limited", "slow",
        "token_expired",
    )
)  # fmt: skip
ON_HOOKS = frozenset(("webhook_lost", "webhook_duplicated", "webhook_reordered", "webhook_late"))
ON_STREAMS = frozenset(("stream_duplicated", "stream_unavailable"))
AT_ONCE = frozenset(
    (
        "channel_expired", "stream_cut", "stream_expired", "stream_gap", "stream_overflow",
        "stream_silent",
    )
)  # fmt: skip
"""These happen once, when they are asked for; the others wait for a call, a webhook or a stream."""

FAULTS = sorted(ON_CALLS | ON_HOOKS | ON_STREAMS | AT_ONCE)


class Fault(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One thing that goes wrong. Without `path` or `method` it may hit any call of the system."""

    system: str
    fault: str
    """One of `FAULTS`."""

    path: str = ""
    method: str = ""
    rate: float = 1.0
    count: int | None = None
    seconds: float = 5.0

    def hits(self, system: str, method: str, path: str) -> bool:
        """Tell whether it concerns such a call; `path` may be any part of the whole."""
        same_method = self.method.upper() in ("", method)
        return self.system == system and same_method and self.path in path


class Dial:
    """All faults that are on."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.on: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self.on.append(fault)

    def clear(self) -> None:
        self.on.clear()

    def of_call(self, system: str, method: str, path: str) -> Fault | None:
        """Give what goes wrong with this call, if anything does; that uses it up by one."""
        return self._draw(ON_CALLS, system, method, path)

    def of_hook(self, system: str, method: str, url: str) -> Fault | None:
        """Give what goes wrong with this webhook, if anything does."""
        return self._draw(ON_HOOKS, system, method, url)

    def of_stream(self, fault: str) -> bool:
        """Tell whether this goes wrong with a stream of change events."""
        return any(
            self._draw(frozenset((fault,)), system, "", "") for system in ("salesforce", "pubsub")
        )

    def _draw(self, kinds: frozenset[str], system: str, method: str, path: str) -> Fault | None:
        for fault in self.on:
            if fault.fault not in kinds or not fault.hits(system, method, path):
                continue
            if self._random.random() < fault.rate:
                self._use_up(fault)
                return fault
        return None

    def _use_up(self, fault: Fault) -> None:
        if fault.count is None:
            return
        fault.count -= 1
        if fault.count == 0:
            self.on.remove(fault)
