"""People at work: a lively, seeded stream of what they do at the vendors' own screens."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

import msgspec

from hub.errors import Refused
from hub.sandbox.customers import customers
from hub.sandbox.deals import CLOSED, OPEN_STAGES
from hub.sandbox.side import id_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hub.sandbox.customers import Customer
    from hub.sandbox.system import Fields, System
    from hub.sandbox.world import World

SEEN_SECONDS_MIN = 10.0
SEEN_TIMES = 20
"""What took so long to list is gone by for so many times as long, and for some seconds at least."""

TRIES_MAX = 20
LOOK_SECONDS = 0.1
BEHIND_SECONDS_MAX = 1.0

_log = logging.getLogger(__name__)


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """Something a person did."""

    system: str
    act: str
    kind: str
    record: str


class NothingToDo(Exception):
    """No record is there that this could be done to."""


class Traffic:
    """The people; the same seed has them do the same in the same world."""

    def __init__(self, world: World, systems: Sequence[System]) -> None:
        self._world = world
        self._systems = {system.name: system for system in systems}
        self.forget()

    async def flow(self) -> None:
        """Do one thing after the other at the pace that the world sets, until cancelled."""
        clock = time.monotonic
        last = clock()
        while True:
            pace = self._world.acts_per_minute
            due = max(last + 60 / pace, clock() - BEHIND_SECONDS_MAX) if pace else math.inf
            if due > clock():
                await asyncio.sleep(min(due - clock(), LOOK_SECONDS))  # the pace may change
                continue
            last = due
            if clock() >= self._good_until:
                self.look_again()
            self._try_step()
            await asyncio.sleep(0)

    def look_again(self) -> None:
        """See what others have done; until then people go by what they saw and did themselves."""
        self._seen.clear()
        self._good_until = time.monotonic() + SEEN_SECONDS_MIN

    def forget(self) -> None:
        """Begin anew, as people who have never been there."""
        # The same people for every seed.
        self._random = Random(f"traffic {self._world.seed}")  # noqa: S311
        self._seen: dict[str, dict[str, list[Fields]]] = {}
        self._good_until = 0.0
        self.acts = 0

    def _try_step(self) -> None:
        try:
            self.step()
        except Exception:  # noqa: BLE001 - the others work on when one fails
            _log.exception("A person's act failed, which is a mistake of the sandbox.")

    def step(self) -> Done | None:
        """Do one thing; None when there was nothing that anybody could do."""
        self.acts += 1
        acts = [(act, weight) for name, act, weight in self._ways() if name in self._systems]
        for _ in range(TRIES_MAX if acts else 0):
            (act,) = self._random.choices([act for act, _ in acts], [weight for _, weight in acts])
            try:
                return act()
            except NothingToDo:
                continue
            except Refused as refused:  # somebody else was there first
                _log.debug("A person could not do it: %s", refused)
        return None

    def _ways(self) -> tuple[tuple[str, Callable[[], Done], int], ...]:
        """Give what people do, and how often."""
        return (
            ("crm", self._new_account, 3),
            ("crm", self._new_deal, 6),
            ("crm", self._edit_account, 8),
            ("crm", self._edit_contact, 8),
            ("crm", self._move_deal, 14),
            ("crm", self._win_deal, 6),
            ("crm", self._lose_deal, 2),
            ("books", self._new_contact, 2),
            ("books", self._edit_books_contact, 6),
            ("books", self._new_invoice, 4),
            ("books", self._send_invoice, 6),
            ("books", self._pay_invoice, 10),
            ("desk", self._new_ticket, 4),
            ("desk", self._edit_desk_account, 3),
            ("desk", self._close_ticket, 4),
            ("salesforce", self._edit_salesforce_account, 3),
            ("salesforce", self._move_opportunity, 4),
            ("salesforce", self._win_opportunity, 2),
        )

    def _new_account(self) -> Done:
        customer = self._somebody()
        done = self._create(
            "crm", "Accounts", {"Account_Name": customer.full_name, "Phone": customer.phone}
        )
        person = customer.people[0]
        self._create(
            "crm",
            "Contacts",
            {
                "First_Name": person.first_name,
                "Last_Name": person.last_name,
                "Email": person.email,
                "Account_Name": {"id": done.record},
            },
        )
        return done

    def _new_deal(self) -> Done:
        account = self._pick("crm", "Accounts")
        product = self._pick("crm", "Products")
        quantity = self._random.randrange(1, 20)
        return self._create(
            "crm",
            "Deals",
            {
                "Deal_Name": f"{account['Account_Name']} {product['Product_Name']}",
                "Stage": OPEN_STAGES[0],
                "Amount": Decimal(str(product.get("Unit_Price") or 100)) * quantity,
                "Closing_Date": self._day(self._random.randrange(10, 90)),
                "Account_Name": {"id": account["id"]},
            },
        )

    def _edit_account(self) -> Done:
        customer = self._somebody()
        fields: tuple[Fields, ...] = (
            {"Phone": customer.phone},
            {"Billing_Street": customer.street, "Billing_City": customer.city},
            {"Website": f"https://{customer.domain}"},
        )
        return self._edit("crm", "Accounts", self._random.choice(fields))

    def _edit_contact(self) -> Done:
        person = self._somebody().people[0]
        fields: tuple[Fields, ...] = (
            {"Phone": person.phone},
            {"Email": person.email},
            {"Title": person.title or "Owner"},
        )
        return self._edit("crm", "Contacts", self._random.choice(fields))

    def _move_deal(self) -> Done:
        deal = self._pick("crm", "Deals", _is_open)
        stages = [stage for stage in OPEN_STAGES if stage != deal["Stage"]]
        return self._change("crm", "Deals", deal, {"Stage": self._random.choice(stages)})

    def _win_deal(self) -> Done:
        return self._act("crm", "close", "Deals", self._pick("crm", "Deals", _is_open))

    def _lose_deal(self) -> Done:
        return self._act("crm", "lose", "Deals", self._pick("crm", "Deals", _is_open))

    def _new_contact(self) -> Done:
        customer = self._somebody()
        person = customer.people[0]
        return self._create(
            "books",
            "contacts",
            {
                "contact_name": customer.full_name,
                "company_name": customer.full_name if customer.form else "",
                "contact_type": "customer",
                "contact_persons": [
                    {
                        "first_name": person.first_name,
                        "last_name": person.last_name,
                        "email": person.email,
                        "is_primary_contact": True,
                    }
                ],
            },
        )

    def _edit_books_contact(self) -> Done:
        customer = self._somebody()
        fields: tuple[Fields, ...] = (
            {"website": customer.domain},
            {"notes": f"Asked for {customer.people[0].first_name} in future."},
            {"payment_terms": self._random.choice((0, 15, 30, 45))},
        )
        return self._edit("books", "contacts", self._random.choice(fields))

    def _new_invoice(self) -> Done:
        contact = self._pick("books", "contacts", _is_customer)
        item = self._pick("books", "items")
        quantity = self._random.randrange(1, 20)
        return self._create(
            "books",
            "invoices",
            {
                "customer_id": id_of("contacts", contact),
                "date": self._day(0),
                "line_items": [{"item_id": id_of("items", item), "quantity": quantity}],
            },
        )

    def _send_invoice(self) -> Done:
        invoice = self._pick("books", "invoices", lambda one: one.get("status") == "draft")
        return self._act("books", "send", "invoices", invoice)

    def _pay_invoice(self) -> Done:
        invoice = self._pick("books", "invoices", _is_owed)
        balance = Decimal(str(invoice["balance"]))
        part = self._random.choice((1, 1, 1, 2))
        amount = (balance / part).quantize(Decimal("0.01"))
        return self._act("books", "pay", "invoices", invoice, {"amount": amount})

    def _new_ticket(self) -> Done:
        contact = self._pick("desk", "contacts")
        department = self._pick("desk", "departments")
        fields = {"contactId": contact["id"], "departmentId": department["id"]}
        subject = f"Question of {contact['lastName']}"
        return self._create("desk", "tickets", {**fields, "subject": subject, "priority": "Medium"})

    def _edit_desk_account(self) -> Done:
        return self._edit("desk", "accounts", {"phone": self._somebody().phone})

    def _close_ticket(self) -> Done:
        ticket = self._pick("desk", "tickets", lambda one: one["statusType"] != "Closed")
        return self._act("desk", self._random.choice(("close", "resolve")), "tickets", ticket)

    def _edit_salesforce_account(self) -> Done:
        return self._edit("salesforce", "Account", {"Phone": self._somebody().phone})

    def _move_opportunity(self) -> Done:
        found = self._pick("salesforce", "Opportunity", lambda one: not one["IsClosed"])
        stage = self._random.choice(("Qualification", "Value Proposition", "Negotiation/Review"))
        return self._change("salesforce", "Opportunity", found, {"StageName": stage})

    def _win_opportunity(self) -> Done:
        found = self._pick("salesforce", "Opportunity", lambda one: not one["IsClosed"])
        return self._act("salesforce", "close", "Opportunity", found)

    def _create(self, system: str, kind: str, fields: Fields) -> Done:
        made = self._systems[system].act("create", kind, "", fields)
        self._see(system).setdefault(kind, []).append(made)
        return Done(system=system, act="create", kind=kind, record=id_of(kind, made))

    def _edit(self, system: str, kind: str, fields: Fields) -> Done:
        return self._change(system, kind, self._pick(system, kind), fields)

    def _change(self, system: str, kind: str, record: Fields, fields: Fields) -> Done:
        which = id_of(kind, record)
        record.update(self._systems[system].edit(kind, which, fields))
        return Done(system=system, act="edit", kind=kind, record=which)

    def _act(
        self, system: str, act: str, kind: str, record: Fields, details: Fields | None = None
    ) -> Done:
        which = id_of(kind, record)
        record.update(self._systems[system].act(act, kind, which, details or {}))
        return Done(system=system, act=act, kind=kind, record=which)

    def _pick(
        self, system: str, kind: str, fits: Callable[[Fields], bool] = lambda _: True
    ) -> Fields:
        fitting = [record for record in self._see(system).get(kind, ()) if fits(record)]
        if not fitting:
            raise NothingToDo
        return self._random.choice(fitting)

    def _see(self, system: str) -> dict[str, list[Fields]]:
        if system not in self._seen:
            begun = time.monotonic()
            self._seen[system] = self._systems[system].state()
            listed = time.monotonic()
            self._good_until = max(self._good_until, listed + SEEN_TIMES * (listed - begun))
        return self._seen[system]

    def _somebody(self) -> Customer:
        return customers(self._random, 1)[0]

    def _day(self, days: int) -> str:
        return (self._world.clock.now().date() + timedelta(days=days)).isoformat()


def _is_open(deal: Fields) -> bool:
    return deal.get("Stage") not in CLOSED


def _is_customer(contact: Fields) -> bool:
    return contact.get("contact_type") == "customer" and contact.get("status") != "inactive"


def _is_owed(invoice: Fields) -> bool:
    owed = invoice.get("status") in ("sent", "overdue", "partially_paid", "unpaid", "viewed")
    return owed and Decimal(str(invoice.get("balance") or 0)) > 0
