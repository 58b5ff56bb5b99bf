"""Whatever is done in whatever order, the books balance: owed, paid, credited and unused."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

import pytest

from hub.errors import Refused
from tests.sandbox.books.caller import HOME

if TYPE_CHECKING:
    from hub.sandbox.books import Books
    from tests.sandbox.books.caller import Caller, Json

ACTS = {
    "invoices": ("send", "pay", "pay", "pay", "void", "draft", "write_off", "cancel_write_off"),
    "creditnotes": ("apply", "apply", "refund", "void", "draft", "open"),
    "customerpayments": ("refund",),
}


@pytest.mark.parametrize("seed", range(3))
def test_the_books_balance_after_any_acts(call: Caller, seed: int) -> None:
    random, books = Random(seed), call.books
    contacts = [books.put("contacts", {"contact_name": name}) for name in ("Larkspur", "Aster")]
    item = books.put("items", {"name": "Work", "rate": 33})

    done = sum(step(random, books, contacts, item) for _ in range(150))

    assert done > 50
    for invoice in books.state()["invoices"]:
        assert_settled(invoice)
    for note in books.state()["creditnotes"]:
        used = note["total_credits_used"] + note["total_refunded_amount"]
        assert note["balance"] == note["total"] - used >= 0
        assert (note["status"] == "closed") == (note["balance"] == 0)
    assert_customers_agree(books.state())


def step(random: Random, books: Books, contacts: list[Json], item: Json) -> bool:
    """Do one thing; False when the books refused it."""
    kind = random.choice(("invoices", "invoices", "creditnotes", "customerpayments"))
    known = ids(books, kind)
    try:
        if len(known) < 3 or random.random() < 0.2:
            books.act("create", kind, "", entered(random, contacts, item))
        elif random.random() < 0.1:
            books.act("delete", kind, random.choice(known), {})
        else:
            act = random.choice(ACTS[kind])
            details: Json = {"amount": random.randint(1, 60)}
            if act == "apply":
                details["invoice_id"] = random.choice(ids(books, "invoices"))
            books.act(act, kind, random.choice(known), details)
    except Refused:
        return False
    return True


def entered(random: Random, contacts: list[Json], item: Json) -> Json:
    """Give what makes a document or a payment alike."""
    return {
        "customer_id": random.choice(contacts)["contact_id"],
        "date": "2026-03-02",
        "line_items": [{"item_id": item["item_id"], "quantity": random.randint(1, 3)}],
        "payment_mode": "cash",
        "amount": random.randint(1, 90),
    }


def ids(books: Books, kind: str) -> list[str]:
    return list(books.organizations[HOME].tables[kind].records)


def assert_settled(invoice: Json) -> None:
    settled = invoice["payment_made"] + invoice["credits_applied"] + invoice["write_off_amount"]
    assert invoice["balance"] == invoice["total"] - settled >= 0
    assert settled == 0 or invoice["status"] not in ("draft", "void")
    assert (invoice["status"] == "paid") == (invoice["balance"] == 0)


def assert_customers_agree(state: Json) -> None:
    """What each customer owes and has left is what his documents say."""
    for contact in state["contacts"]:
        mine = {
            kind: [one for one in state[kind] if one["customer_id"] == contact["contact_id"]]
            for kind in ("invoices", "creditnotes", "customerpayments")
        }
        owed = [one for one in mine["invoices"] if one["status"] not in ("draft", "void", "paid")]
        notes = [one for one in mine["creditnotes"] if one["status"] == "open"]
        unused = [one["unused_amount"] for one in mine["customerpayments"]]
        assert contact["outstanding_receivable_amount"] == total(one["balance"] for one in owed)
        assert contact["unused_credits_receivable_amount"] == total(
            [*unused, *(one["balance"] for one in notes)]
        )
        assert all(amount >= 0 for amount in unused)


def total(amounts: Json) -> Decimal:
    return sum(amounts, Decimal(0))
