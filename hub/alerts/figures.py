"""What a day came to, in sums and counts: no name, no address."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003 - msgspec reads the annotations
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from hub.conclusions import THE_HUB
from hub.database import statement
from hub.flows.money import shown

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from hub.database.db import Db

_MONEY = (("invoiced", "Invoiced"), ("paid", "Paid"), ("overdue", "Overdue now"))


class Sum(msgspec.Struct, frozen=True, kw_only=True):
    """So many, and what they come to; `unit` is a currency, or the kind of what was made."""

    what: str
    unit: str
    count: int
    amount: str = ""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    day: date
    sums: Sequence[Sum]
    waiting: Sequence[Sum]


async def figures_of(db: Db, connection: str, day: date, zone: ZoneInfo) -> Figures:
    """Add up a day that is over."""
    begun = datetime.combine(day, time(), zone).astimezone(UTC)
    ended = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    sums = await db.fetch(statement("alerts/figures.sql"), connection, day, ended, begun, THE_HUB)
    waiting = await db.fetch(statement("alerts/waiting.sql"))
    return Figures(
        day=day,
        sums=[Sum(**dict(row)) for row in sums],
        waiting=[Sum(what=row["what"], unit="", count=row["count"]) for row in waiting],
    )


def in_words(figures: Figures, quiet: Sequence[str]) -> str:
    """Say it in a few lines; `quiet` is what is wrong now."""
    made = [f"{one.count} {one.unit}" for one in figures.sums if one.what == "made"]
    waits = [f"{one.count} {one.what}" for one in figures.waiting]
    lines = [f"Made by flows: {', '.join(made) or 'nothing'}"]
    lines += [f"{word}: {_money(figures, what)}" for what, word in _MONEY]
    lines.append(f"Waiting for a person: {', '.join(waits) or 'nothing'}")
    lines.append(f"Needs a person: {'; '.join(quiet) or 'nothing'}")
    return "\n".join(lines)


def _money(figures: Figures, what: str) -> str:
    said = [
        f"{shown(Decimal(one.amount), one.unit)} ({one.count})"
        for one in figures.sums
        if one.what == what
    ]
    return ", ".join(said) or "nothing"
