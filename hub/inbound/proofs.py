"""What hooks are proved by, kept at hand for a moment: a thousand hooks are one look in the vault.

A secret that is taken back is believed for as long as it is kept here; one that is new is believed
at once, for a hook that is not believed has the vault looked into again.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from typing import TypeAlias

    from hub.settings import Secret

    Secrets: TypeAlias = Mapping[str, Secret]

KEPT_SECONDS = 10.0
LOOK_SECONDS = 1.0
"""However many hooks are not believed, the vault is looked into no more often for them."""


class Proofs:
    """The proofs of every connection; `look` gives what the vault has of one."""

    def __init__(self, look: Callable[[str], Awaitable[Secrets]]) -> None:
        self._look = look
        self._kept: dict[str, tuple[float, Secrets]] = {}
        self._looking: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, connection: str, *, seconds_max: float = KEPT_SECONDS) -> Secrets:
        """Give those of a connection, looked up no longer than so many seconds ago."""
        if (kept := self._at_hand(connection, seconds_max)) is not None:
            return kept
        async with self._looking[connection]:
            # Whoever was before us may have looked.
            if (kept := self._at_hand(connection, seconds_max)) is not None:
                return kept
            begun = time.monotonic()
            proofs = await self._look(connection)
            self._kept[connection] = (begun, proofs)
            return proofs

    async def newer(self, connection: str, than: Secrets) -> Secrets | None:
        """Give others than these, if the vault may have some."""
        found = await self.of(connection, seconds_max=LOOK_SECONDS)
        return None if found is than else found

    def _at_hand(self, connection: str, seconds_max: float) -> Secrets | None:
        looked, proofs = self._kept.get(connection, (float("-inf"), {}))
        return proofs if time.monotonic() - looked < seconds_max else None
