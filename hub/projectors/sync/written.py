"""Send the rows of several tables in one statement: a live page waits for each answer in turn."""

from __future__ import annotations

import re
from functools import cache
from typing import Any


class Written:
    """Takes statements as a database does, and sends them at once.

    They see the tables as they were before any of them, so none may lean on what another has done.
    """

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._values: list[Any] = []

    async def execute(self, text: str, *values: Any) -> None:  # noqa: ANN401
        self._texts.append(_numbered_from(text, len(self._values)))
        self._values += values

    async def send(self, db: Any) -> None:  # noqa: ANN401
        if self._texts:
            parts = ",\n".join(
                f"part_{number} as (\n{text}\n)" for number, text in enumerate(self._texts)
            )
            await db.execute(f"with {parts}\nselect", *self._values)


@cache
def _numbered_from(text: str, first: int) -> str:
    """Give a statement with its parameters numbered behind so many others."""
    return re.sub(r"\$(\d+)", lambda found: f"${int(found[1]) + first}", text)
