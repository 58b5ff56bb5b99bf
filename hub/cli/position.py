"""Read positions and events as people write them: `12`, `#12`, or an event's id."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import click

POSITION_MAX = 2**63 - 1
DASHES_OF_AN_ID = 4


class Position(click.ParamType[Any]):
    """Takes a position in the log."""

    name = "position"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        digits = str(value).removeprefix("#").replace(",", "")
        if not digits.isascii() or not digits.isdigit() or not 0 < int(digits) <= POSITION_MAX:
            self.fail(f"expected a position, a whole number from 1 on; found {value!r}", param, ctx)
        return int(digits)


class PositionOrId(Position):
    """Takes a position, or the id of an event."""

    name = "position|id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if str(value).count("-") != DASHES_OF_AN_ID:
            return super().convert(value, param, ctx)
        try:
            return UUID(str(value))
        except ValueError:
            self.fail(f"expected a position or the id of an event; found {value!r}", param, ctx)


POSITION = Position()
EVENT = PositionOrId()
