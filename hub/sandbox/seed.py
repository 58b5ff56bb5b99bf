"""Seeding: the same customers on all sides, in the mess that real data is in.

Many customers that are on both sides bear each other's ids and say the same, as a tool that was
there before has left them; of most others a name with its postcode tells, of some only the name.
Who is who is known here, and told: `same` names, per customer, the records that stand for it. So a
matching can be judged by what it found.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import msgspec

from hub.errors import Refused
from hub.sandbox.customers import customers, products
from hub.sandbox.deals import deals
from hub.sandbox.into_books import IntoBooks
from hub.sandbox.into_crm import IntoCrm
from hub.sandbox.into_desk import IntoDesk
from hub.sandbox.into_salesforce import IntoSalesforce
from hub.sandbox.mess import happens

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from hub.sandbox.system import System
    from hub.sandbox.world import World

CUSTOMERS_MAX = 50_000
TIED = 0.7
"""The share of the companies that bear each other's ids."""

WHERE = ((("crm", "books"), ("crm",), ("books",)), (78, 14, 8))
SALES = "salesforce"
IN_SALESFORCE = 0.5
"""The share of the customers, companies all, that are known there too."""

PAST_SECONDS = 30 * 86_400


class Seeding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked for; the same numbers make the same records."""

    customers: int = 100
    seed: int = 1


class Seeded(msgspec.Struct, frozen=True, kw_only=True):
    """What was made: how many of each kind, and which records are the same customer."""

    made: dict[str, dict[str, int]]
    same: list[dict[str, list[str]]]


def seed_past(world: World, systems: Sequence[System], seeding: Seeding) -> Seeded:
    """Fill a world that was just made, as if it had been at work for a while."""
    clock, now = world.clock, world.clock.now()
    clock.set_back(PAST_SECONDS)
    step = PAST_SECONDS / (seeding.customers + 1)
    seeded = seed(systems, seeding, now, after_each=lambda: clock.advance(step))
    clock.advance(max((now - clock.now()).total_seconds(), 0))
    return seeded


def seed(
    systems: Sequence[System],
    seeding: Seeding,
    now: datetime,
    *,
    after_each: Callable[[], None] = lambda: None,
) -> Seeded:
    """Fill the systems that are there; what was in them stays."""
    if not 0 <= seeding.customers <= CUSTOMERS_MAX:
        raise Refused(f"customers: expected 0 to {CUSTOMERS_MAX}, found {seeding.customers}.")
    random = Random(seeding.seed)  # noqa: S311 - the same mess for every seed
    by_name = {system.name: system for system in systems}
    crm = IntoCrm(by_name["crm"], random, now.date()) if "crm" in by_name else None
    books = IntoBooks(by_name["books"], random, now.date()) if "books" in by_name else None
    sides = [side for side in (crm, books) if side]
    desk = IntoDesk(by_name["desk"], seeding.seed, now.date()) if "desk" in by_name else None
    goods = products(random)
    # By chances of its own: what the others are given does not depend on who else is there.
    third = Random(seeding.seed + 1)  # noqa: S311
    sales = IntoSalesforce(by_name[SALES], third, now.date()) if SALES in by_name else None
    filled = (*sides, *filter(None, (sales,)))
    for side in filled:
        side.products(goods)
    same = []
    for customer in customers(random, seeding.customers):
        bought = deals(random, goods)
        (where,) = random.choices(*WHERE)
        tied = len(where) == len(sides) and bool(customer.form) and happens(random, TIED)
        records = {
            side.system.name: side.customer(customer, bought, alike=tied)
            for side in sides
            if side.system.name in where
        }
        if tied:
            for side in sides:
                side.tie(records)
        if desk and desk.has():
            records["desk"] = desk.customer(customer)
        if sales and customer.form and happens(third, IN_SALESFORCE):
            records[SALES] = sales.customer(customer, bought)
        same.append(records)
        after_each()
    made = {side.system.name: side.made for side in (*filled, desk) if side}
    return Seeded(made=made, same=same)
