"""A CRM and books that keep whatever they are given, to see what seeding and traffic give them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from hub.sandbox.accounts import Accounts
from hub.sandbox.seed import Seeding, seed
from hub.sandbox.world import World
from tests.sandbox.conftest import START, Shop

if TYPE_CHECKING:
    from hub.sandbox.seed import Seeded
    from hub.sandbox.system import Fields


class Ledger(Shop):
    """Books in which an invoice begins as a draft, and is owed when it was sent."""

    def act(self, act: str, kind: str, record: str, details: Fields) -> Fields:
        done = super().act(act, kind, record, details)
        if kind == "invoices":
            done["status"] = "draft" if act == "create" else "sent"
            done["balance"] = Decimal("10.01")
        return done


class Sides:
    """A CRM and books that keep whatever they are given."""

    def __init__(self, customers: int = 0, number: int = 7) -> None:
        self.world = World(seed=1, start=START)
        accounts = Accounts(self.world)
        self.crm = Shop(self.world, accounts, "crm")
        self.books = Ledger(self.world, accounts, "books")
        self.crm.kinds.clear()
        self.books.kinds.clear()
        seeding = Seeding(customers=customers, seed=number)
        self.seeded: Seeded = seed([self.crm, self.books], seeding, START)

    def state(self) -> dict[str, dict[str, list[Fields]]]:
        return {"crm": self.crm.state(), "books": self.books.state()}
