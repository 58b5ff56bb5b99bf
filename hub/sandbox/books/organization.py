"""One organisation: its records, its clock, its numbers, and the one way its records change."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from hub.sandbox.books.applied import Ledger
from hub.sandbox.books.refusals import bad_value, not_found
from hub.sandbox.books.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal

    from hub.sandbox.books.custom_fields import CustomField
    from hub.sandbox.books.quirks import BooksQuirks
    from hub.sandbox.system import Fields
    from hub.sandbox.world import World

ID_PREFIX = "46"
STAMPS = {"last_modified_time", "last_modified_by_id"}
Event = Literal["create", "edit", "delete"]


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who changes something, and by which road."""

    user_id: str
    name: str
    road: Literal["api", "person", "seed"]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What has just happened to a record."""

    kind: str
    event: Event
    record: Any
    actor: Actor
    fields: frozenset[str] = frozenset()
    """Those that are different now."""


class Profile(msgspec.Struct, kw_only=True):
    """What is set for an organisation as a whole."""

    organization_id: str
    name: str
    country: str
    state: str
    currency_code: str
    time_zone: str
    plan_name: str
    language_code: str = "en"
    date_format: str = "dd MMM yyyy"
    fiscal_year_start_month: int = 0
    is_default_org: bool = False
    tax_rounding: str = "entity_level"
    account_created_date: str = ""


class Organization:
    """The memory of one organisation."""

    def __init__(self, profile: Profile, world: World, quirks: Callable[[], BooksQuirks]) -> None:
        self.profile = profile
        self.world = world
        self._quirks = quirks
        self.zone = ZoneInfo(profile.time_zone)
        self.applied = Ledger()
        self.custom_fields: dict[str, dict[str, CustomField]] = {}
        self.rates: dict[str, dict[str, Fields]] = {}
        """Exchange rates by currency and id."""
        self.comments: dict[str, list[Fields]] = {}
        """Comments and history by the id of the record they stand on."""
        self.accounts: dict[str, str] = {}
        """Ids of the accounts of the books by their names."""
        self.contact_of: dict[str, str] = {}
        """Contacts by the ids of their persons."""
        self.refunds: dict[str, dict[str, Fields]] = {}
        """Refunds by the credit note or payment they were made of, and id."""
        self.on_change: Callable[[Organization, Change], None] = lambda *_: None
        self.tables = {
            "contacts": Table("contact_id", ("contact_name", "email", "company_name")),
            "items": Table("item_id", ("name", "sku")),
            "invoices": _documents("invoice"),
            "estimates": _documents("estimate"),
            "creditnotes": _documents("creditnote"),
            "customerpayments": Table("payment_id", ("customer_id", "reference_number")),
            "taxes": Table("tax_id"),
            "currencies": Table("currency_id", ("currency_code",)),
            "users": Table("user_id"),
            "taxauthorities": Table("tax_authority_id"),
            "taxexemptions": Table("tax_exemption_id"),
            "webhooks": Table("webhook_id"),
            "workflows": Table("workflow_id"),
            "histories": Table("history_id"),
        }
        self._numbers: dict[str, int] = {}

    @property
    def quirks(self) -> BooksQuirks:
        """What is switched now; it may be switched at any time."""
        return self._quirks()

    def find(self, kind: str, record_id: str, called: str) -> Fields:
        """Give a record; `called` is how the refusal names what is not there."""
        record = self.tables[kind].records.get(record_id)
        if record is None:
            raise not_found(called, self.quirks.not_found_status)
        return record

    def add(self, kind: str, record: Fields, actor: Actor) -> Fields:
        """Keep a new record, stamped, and tell of it."""
        record |= {
            "created_time": self.stamp(),
            "last_modified_time": self.stamp(),
            "created_by_id": actor.user_id,
            "last_modified_by_id": actor.user_id,
        }
        self.tables[kind].put(record, self.second())
        self._tell(Change(kind=kind, event="create", record=record, actor=actor))
        return record

    @contextmanager
    def changing(
        self, kind: str, record: Fields, actor: Actor, *, quietly: bool = False
    ) -> Iterator[Fields]:
        """Let a record be changed, then stamp it and tell of it; a refusal undoes the change.

        What stands inside a record is replaced, never changed in place.
        """
        before = dict(record)
        try:
            yield record
        except BaseException:
            record.clear()
            record.update(before)
            raise
        self.stamp_change(kind, record, actor)
        if not quietly:
            changed = _changed(before, record)
            self._tell(Change(kind=kind, event="edit", record=record, actor=actor, fields=changed))

    def stamp_change(self, kind: str, record: Fields, actor: Actor) -> None:
        """Note when and by whom a record was changed last."""
        record["last_modified_time"] = self.stamp()
        record["last_modified_by_id"] = actor.user_id
        self.tables[kind].put(record, self.second())

    def remove(self, kind: str, record: Fields, actor: Actor) -> None:
        """Let a record vanish; only a rule on deletion hears of it."""
        self.tables[kind].remove(record[self.tables[kind].id_field])
        self._tell(Change(kind=kind, event="delete", record=record, actor=actor))

    def tell_edit(self, kind: str, record: Fields, fields: frozenset[str]) -> None:
        """Tell of a change that time made; nothing is stamped."""
        actor = Actor(user_id="", name="system", road="person")
        self._tell(Change(kind=kind, event="edit", record=record, actor=actor, fields=fields))

    def new_id(self) -> str:
        return self.world.new_id(ID_PREFIX)

    def next_number(self, series: str) -> int:
        """Use up the next number of a series; it never comes again, whatever becomes of it."""
        self._numbers[series] = self._numbers.get(series, 0) + 1
        return self._numbers[series]

    def now(self) -> datetime:
        return self.world.clock.now().astimezone(self.zone)

    def second(self) -> int:
        return int(self.world.clock.now().timestamp())

    def today(self) -> date:
        """Give the day it is where the organisation is."""
        return self.now().date()

    def stamp(self) -> str:
        """Write the moment as the vendor does: `2026-03-02T10:15:04-0500`."""
        return self.now().strftime("%Y-%m-%dT%H:%M:%S%z")

    def midnight(self) -> datetime:
        """Give when the day ends where the organisation is."""
        tomorrow = self.today() + timedelta(days=1)
        return datetime.combine(tomorrow, datetime.min.time(), self.zone)

    def move_to_zone(self, time_zone: str) -> None:
        """Let the organisation be elsewhere: later stamps and days are those of that zone."""
        try:
            self.zone = ZoneInfo(time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise bad_value("time_zone") from None
        self.profile.time_zone = time_zone

    def owner(self) -> Fields:
        """Give the first of the users."""
        return next(iter(self.tables["users"].records.values()), {})

    def account_name(self, account_id: str) -> str:
        return next((name for name, one in self.accounts.items() if one == account_id), "")

    def base_currency(self) -> Fields:
        return self.currency_by_code(self.profile.currency_code)

    def currency_by_code(self, code: str) -> Fields:
        return self.tables["currencies"].find("currency_code", code)[0]

    def currency(self, currency_id: str) -> Fields:
        return self.find("currencies", currency_id, "Currency")

    def rate(self, currency_id: str) -> Decimal:
        """Give the newest known rate: base units for 1 of the currency; 0 is unknown."""
        rate: Decimal = self.currency(currency_id)["exchange_rate"]
        return rate

    def _tell(self, change: Change) -> None:
        self.on_change(self, change)


def _documents(key: str) -> Table:
    return Table(f"{key}_id", (f"{key}_number", "customer_id", "reference_number"))


def _changed(before: Fields, after: Fields) -> frozenset[str]:
    names = before.keys() | after.keys()
    return frozenset(name for name in names if before.get(name) != after.get(name)) - STAMPS
