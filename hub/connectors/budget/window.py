"""What a vendor lets one account spend, and which work has which part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

Share = Literal["documents", "contacts", "readings", "backfill"]
SHARES: tuple[Share, ...] = get_args(Share)
"""What calls are for, the most urgent first: each goes before those after it."""

SPENT_AS: Mapping[Share, Share] = {"readings": "contacts"}
"""What is read once more to be sure may spend what contacts may, and has turns of its own."""

RESERVED: Mapping[Share, float] = {"documents": 0.4, "contacts": 0.3}
"""The part of every window that only this share, and those before it, may spend."""

PACE = 0.8
"""The part of a vendor's limit that the hub takes: others have the rest."""

ARRIVAL_SECONDS = 2.0
"""How long a call may be on its way. The vendor counts it from when it arrives, so two that are a
window apart when they are paid for may be a little less apart there."""


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """So much in any `seconds`, or in each day of `zone`, all clients of the vendor together."""

    name: str
    most: int
    seconds: float = 86_400.0
    zone: str | None = None
    pace: float = PACE

    @property
    def ceiling(self) -> int:
        """How much of it is the hub's."""
        return max(1, int(self.most * self.pace))

    @property
    def counted_seconds(self) -> float:
        """How long a call counts in it."""
        return self.seconds + ARRIVAL_SECONDS


class AtOnce(msgspec.Struct, frozen=True, kw_only=True):
    """So many calls under way; with `only`, so many of those that bear this mark."""

    name: str
    most: int
    only: str = ""
    pace: float = PACE

    @property
    def ceiling(self) -> int:
        return max(1, int(self.most * self.pace))


def before(share: Share) -> tuple[Share, ...]:
    """Name the shares that go before this one."""
    return SHARES[: SHARES.index(share)]
