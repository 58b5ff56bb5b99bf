"""The memory of one organisation: its records, people, money, channels and jobs, and its time."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec

from hub.sandbox.crm.fields import LINKS, SORTS
from hub.sandbox.crm.quirks import Quirks
from hub.sandbox.crm.refusal import invalid_module
from hub.sandbox.crm.standard import ID_PREFIX, standard_modules
from hub.sandbox.store import Record, References, Table

if TYPE_CHECKING:
    from hub.sandbox.crm.bulk import Job
    from hub.sandbox.crm.channel import Channel
    from hub.sandbox.crm.fields import Module
    from hub.sandbox.crm.search import Index
    from hub.sandbox.world import World

Fields = dict[str, Any]

RECORD_PREFIX = "5550002"
BASE_CURRENCY = "EUR"


class User(msgspec.Struct, frozen=True, kw_only=True):
    """Someone who may change records."""

    id: str
    first_name: str
    last_name: str
    email: str
    profile: str = "Standard"
    role: str = "Manager"

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


class Currency(msgspec.Struct, frozen=True, kw_only=True):
    """A currency; `rate` is how much of it one unit of the base currency is worth."""

    id: str
    iso_code: str
    name: str
    symbol: str
    rate: Decimal


class Tax(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    percent: Decimal


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to a record, for those who watch."""

    module: str
    id: str
    operation: str
    affected: tuple[str, ...] = ()
    related: bool = False
    """It happened to another record that belongs to this one."""


def _fixed(number: int) -> str:
    return f"{ID_PREFIX}{number:012d}"


API_USER = User(
    id=_fixed(1001),
    first_name="Hub",
    last_name="Bot",
    email="bot@hub.example",
    profile="Administrator",
    role="CEO",
)
PERSON = User(
    id=_fixed(1002),
    first_name="Ana",
    last_name="Prado",
    email="ana@hub.example",
    profile="Administrator",
    role="CEO",
)
COLLEAGUE = User(
    id=_fixed(1003), first_name="Tom", last_name="Berg", email="tom@hub.example", role="Sales"
)


class Organisation:
    """All that the played CRM knows."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.quirks = Quirks()
        self.reset()

    def reset(self) -> None:
        """Be a fresh organisation."""
        self.id = _fixed(1)
        self.modules: dict[str, Module] = standard_modules()
        self.tables = {
            name: Table(SORTS, "Modified_Time")
            for name in self.modules
            if not name.endswith("ed_Items")
        }
        self.references = References()
        self.homes: dict[str, str] = {}
        self.indexes: dict[str, Index] = {}
        self.users = {user.id: user for user in (API_USER, PERSON, COLLEAGUE)}
        self.currencies = {one.iso_code: one for one in _currencies()}
        self.taxes = {one.id: one for one in _taxes()}
        self.tags: dict[str, dict[str, Fields]] = {}
        self.attached: dict[tuple[str, str], dict[str, Fields]] = {}
        self.channels: dict[str, Channel] = {}
        self.jobs: dict[str, Job] = {}
        self.changes: list[Change] = []
        self.base = ""
        self.silent = False

    def now(self) -> datetime:
        """Give the moment as the vendor keeps it: in whole seconds."""
        return self.world.clock.now().astimezone(UTC).replace(microsecond=0)

    def told(self, moment: datetime) -> str:
        """Write a moment as the vendor does: in the zone of the organisation."""
        return moment.astimezone(ZoneInfo(self.quirks.time_zone)).isoformat(timespec="seconds")

    def new_id(self) -> str:
        return self.world.new_id(RECORD_PREFIX)

    def module(self, name: str, index: int = 0) -> Module:
        """Give a module that has records of its own; refuse any other name."""
        if name not in self.tables:
            raise invalid_module(index)
        return self.modules[name]

    def find(self, record_id: str | None) -> Record | None:
        """Give a record of whichever module."""
        home = self.homes.get(record_id or "")
        return self.tables[home].get(record_id or "") if home else None

    def user(self, user_id: str) -> Fields:
        """Name a user, as the stamps of records do."""
        user = self.users.get(user_id)
        return {"name": user.name if user else None, "id": user_id}

    def name_of(self, record: Record) -> Any:
        return record.get(self.modules[record.module].name_field)

    def save(self, record: Record) -> None:
        """Keep a record's new state in every index."""
        table = self.tables[record.module]
        old = table.get(record.id)
        table.save(record)
        self.homes[record.id] = record.module
        self.references.move(self._links(record.module), old, record)

    def remove(self, record: Record) -> None:
        """Take a record out of every index."""
        self.tables[record.module].remove(record)
        del self.homes[record.id]
        self.references.move(self._links(record.module), record, None)

    def rehang(self, old: str, new: str) -> None:
        """Let all that hangs on one record, without a lookup, hang on another."""
        for other, listed in [place for place in self.attached if place[0] == old]:
            moved = self.attached.pop((other, listed))
            self.attached[new, listed] = moved | self.attached.get((new, listed), {})
        for hanging in self.attached.values():
            if old in hanging:
                hanging.setdefault(new, hanging.pop(old))

    def _links(self, module: str) -> list[str]:
        fields = self.modules[module].fields.values()
        return [one.api_name for one in fields if one.type in LINKS and one.target != "Users"]


def _currencies() -> tuple[Currency, ...]:
    known = (
        ("EUR", "Euro", "€", "1"),
        ("USD", "US Dollar", "$", "1.08"),
        ("GBP", "Pound Sterling", "£", "0.85"),
        ("CHF", "Swiss Franc", "CHF", "0.95"),
        ("INR", "Indian Rupee", "₹", "90.5"),
    )
    return tuple(
        Currency(id=_fixed(601 + n), iso_code=code, name=name, symbol=symbol, rate=Decimal(rate))
        for n, (code, name, symbol, rate) in enumerate(known)
    )


def _taxes() -> tuple[Tax, ...]:
    known = (("VAT 23", "23"), ("VAT 13", "13"), ("VAT 6", "6"), ("VAT 0", "0"))
    return tuple(
        Tax(id=_fixed(701 + n), name=name, percent=Decimal(percent))
        for n, (name, percent) in enumerate(known)
    )
