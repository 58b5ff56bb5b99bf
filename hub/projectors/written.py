"""What a page writes, gathered before any of it is sent: a live page waits for each answer in turn.

Rows of several tables go out in one statement, and with them how far the projector has come, where
nothing else is to be kept: a statement by itself is a transaction.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hub.database.db import Writes


class AtOnce:
    """Takes statements as a database does, and sends them as one.

    They see the tables as they were before any of them, so none may lean on what another has done.
    """

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._values: list[Any] = []

    def __len__(self) -> int:
        return len(self._texts)

    async def execute(self, query: str, *args: Any) -> None:
        self._texts.append(_numbered_from(query, len(self._values)))
        self._values += args

    def ending(self, end: str, of: int | None = None) -> tuple[str, list[Any]]:
        """Give all as one statement that ends so, or so of one of them, with its values."""
        parts = ",\n".join(
            f"part_{number} as (\n{text}\n)" for number, text in enumerate(self._texts)
        )
        last = end if of is None else f"{end} part_{of}"
        return f"with {parts}\n{last}", self._values

    async def send(self, db: Writes) -> None:
        if not self._texts:
            return
        if isinstance(db, Written):
            db.sent.append(self)
            return
        text, values = self.ending("select")
        await db.execute(text, *values)


class Written:
    """Takes statements as a database does, and keeps them, in order, until they are sent."""

    def __init__(self) -> None:
        self.sent: list[AtOnce] = []

    async def execute(self, query: str, *args: Any) -> None:
        one = AtOnce()
        await one.execute(query, *args)
        self.sent.append(one)

    async def send(self, db: Writes) -> None:
        for one in self.sent:
            await one.send(db)


@cache
def _numbered_from(text: str, first: int) -> str:
    """Give a statement with its parameters numbered behind so many others."""
    return re.sub(r"\$(\d+)", lambda found: f"${int(found[1]) + first}", text)
