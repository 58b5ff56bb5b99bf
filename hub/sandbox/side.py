"""One system while it is filled with made-up records."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

    from hub.sandbox.system import Fields, System


class Side:
    """One system while it is filled."""

    def __init__(self, system: System, random: Random, today: date) -> None:
        self.system = system
        self.made: dict[str, int] = {}
        self._random = random
        self._today = today
        self._there = system.state()
        """What was there before; a world may be seeded again."""
        self._known: dict[str, str] = {}
        """Ids of products, by their code."""

    def put(self, kind: str, fields: Fields) -> str:
        record = self.system.put(kind, fields)
        self.made[kind] = self.made.get(kind, 0) + 1
        return id_of(kind, record)

    def day(self, days: int) -> str:
        return (self._today + timedelta(days=days)).isoformat()


def id_of(kind: str, record: Fields) -> str:
    """Give a record's id: the vendors call it `id`, `Id`, or by what it is of, as `contact_id`."""
    for name in ("id", "Id"):
        if name in record:
            return str(record[name])
    singular = {"customerpayments": "payment", "taxes": "tax", "currencies": "currency"}
    return str(record[f"{singular.get(kind, kind.removesuffix('s'))}_id"])
