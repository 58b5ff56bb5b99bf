"""Figures: what the hub makes of documents, held against the played Books' own sums."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.flows.figures import (
    FIGURES,
    Documents,
    SeveralCurrencies,
    figure,
    proof,
    standings,
)
from hub.sandbox.books import Books
from hub.sandbox.seed import Seeding, seed_past
from hub.sandbox.systems import all_systems
from hub.sandbox.world import World
from tests.sandbox.books.caller import ENCODER, Caller, Doorman

START = datetime(2026, 3, 2, 15, 15, 4, tzinfo=UTC)
TODAY = date(2026, 3, 2)
DAY = 86_400

Rows = list[dict[str, Any]]


def invoice(total: str, **fields: Any) -> dict[str, Any]:
    return {
        "invoice_id": "1",
        "status": "sent",
        "total": Decimal(total),
        "due_date": "2026-03-31",
        "currency_code": "EUR",
        **fields,
    }


def payment(amount: str, on: str = "1", **fields: Any) -> dict[str, Any]:
    row = {"invoice_id": on, "amount_applied": Decimal(amount)}
    return {
        "payment_id": "7",
        "amount": Decimal(amount),
        "date": "2026-03-01",
        "currency_code": "EUR",
        "invoices": [row],
        **fields,
    }


def worth(name: str, documents: Documents, today: date = TODAY, currency: str = "") -> Any:
    return figure(name, documents, today=today, as_of=START, currency=currency).value


def status(of: dict[str, Any], *payments: dict[str, Any], today: date = TODAY) -> str:
    (one,) = standings(Documents(invoices=[of], payments=payments), today)
    return one.status


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"status": "draft"}, "Draft"),
        ({"status": "pending_approval"}, "Draft"),
        ({}, "Sent"),
        ({"status": "viewed"}, "Sent"),
        ({"balance": Decimal(40)}, "Partly paid"),
        ({"balance": Decimal(0)}, "Paid"),
        ({"balance": Decimal(0), "write_off_amount": Decimal(5)}, "Written off"),
        ({"due_date": "2026-03-01"}, "Overdue"),
        ({"due_date": "2026-03-01", "balance": Decimal(0)}, "Paid"),
        ({"due_date": "2026-03-01", "status": "draft"}, "Draft"),
        ({"due_date": "2026-03-01", "status": "void"}, "Void"),
        ({"due_date": "", "status": "sent"}, "Sent"),
    ],
)
def test_an_invoice_has_one_of_seven_statuses(said: dict[str, Any], expected: str) -> None:
    assert status(invoice("100", **said)) == expected


def test_overdue_is_by_the_day_and_not_by_what_the_vendor_calls_it() -> None:
    last_day = invoice("100", due_date="2026-03-02", status="overdue")

    assert status(last_day, today=date(2026, 3, 2)) == "Sent"
    assert status(last_day | {"status": "sent"}, today=date(2026, 3, 3)) == "Overdue"


def test_a_payment_counts_although_its_invoice_was_not_read_again() -> None:
    stale = invoice("100", balance=Decimal(100))

    assert status(stale, payment("30")) == "Partly paid"
    assert status(stale, payment("100")) == "Paid"
    assert worth("balance", Documents(invoices=[stale], payments=[payment("30")])) == 70


def test_tax_that_was_withheld_settles_as_money_does() -> None:
    stale = invoice("100", balance=Decimal(100))
    row = {"invoice_id": "1", "amount_applied": 90, "tax_amount_withheld": 10}

    assert status(stale, payment("90", invoices=[row])) == "Paid"


def test_what_an_invoice_says_is_settled_counts_although_no_payment_is_known() -> None:
    documents = Documents(invoices=[invoice("100", balance=Decimal("12.34"))])

    assert worth("outstanding", documents) == Decimal("12.34")


def test_a_payment_that_failed_is_no_payment() -> None:
    documents = Documents(
        invoices=[invoice("100")], payments=[payment("100", payment_status="failed")]
    )

    assert worth("outstanding", documents) == 100
    assert worth("last payment date", documents) is None


def test_drafts_and_void_invoices_are_neither_invoiced_nor_owed() -> None:
    documents = Documents(
        invoices=[
            invoice("100"),
            invoice("50", invoice_id="2", status="draft", balance=Decimal(50)),
            invoice("25", invoice_id="3", status="void", balance=Decimal(25)),
        ]
    )

    assert worth("invoiced", documents) == 100
    assert worth("outstanding", documents) == 100
    assert worth("balance", documents) == 150


def test_the_last_payment_is_that_of_the_latest_day() -> None:
    payments = [
        payment("10", payment_id="99"),
        payment("20", payment_id="100"),
        payment("30", payment_id="101", date="2026-02-27"),
    ]
    documents = Documents(payments=payments)

    assert worth("last payment date", documents) == "2026-03-01"
    assert worth("last payment amount", documents) == 20


def test_of_one_invoice_a_payment_is_what_went_to_it() -> None:
    rows = [
        {"invoice_id": "1", "amount_applied": Decimal(60)},
        {"invoice_id": "2", "amount_applied": Decimal(40)},
    ]
    both = payment("100", invoices=rows)
    documents = Documents(invoices=[invoice("60"), invoice("40", invoice_id="2")], payments=[both])

    assert worth("last payment amount", documents) == 100
    assert worth("last payment amount", documents.of_invoice("2")) == 40
    assert worth("credits open", documents.of_invoice("2")) == 0


def test_days_overdue_are_counted_from_the_day_after_the_due_date() -> None:
    of = invoice("100", due_date="2026-03-01")

    def days(today: date, **fields: Any) -> int:
        (one,) = standings(Documents(invoices=[of | fields]), today)
        return one.days_overdue

    assert [days(date(2026, 3, day)) for day in (1, 2, 9)] == [0, 1, 8]
    assert days(date(2026, 3, 9), status="void") == 0
    assert days(date(2026, 3, 9), balance=Decimal(0)) == 0
    assert days(date(2026, 3, 9), status="draft") == 0


def test_several_currencies_are_never_added_up() -> None:
    pounds = invoice("7.50", invoice_id="2", currency_code="GBP", due_date="2026-01-01")
    documents = Documents(invoices=[invoice("100"), pounds])

    with pytest.raises(SeveralCurrencies, match="expected one currency, found EUR, GBP"):
        worth("outstanding", documents)

    found = figure("outstanding", documents, today=TODAY, as_of=START, currency="GBP")
    assert (found.value, found.currency, found.as_of) == (Decimal("7.50"), "GBP", START)
    assert worth("overdue count", documents) == 1
    assert worth("overdue amount", documents, currency="EUR") == 0


def test_what_is_about_no_documents_is_nothing_and_not_a_fault() -> None:
    found = {name: worth(name, Documents()) for name in FIGURES}

    assert found.pop("as of") == "2026-03-02T15:15:04+00:00"
    assert {name for name, value in found.items() if value is None} == {
        "currency",
        "payment status",
        "last payment date",
        "last payment amount",
    }
    assert {value for value in found.values() if value is not None} == {0}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (["draft", "void"], "Draft"),
        (["void"], "Void"),
        (["paid", "void"], "Paid"),
        (["paid", "sent"], "Partly paid"),
        (["sent", "draft"], "Sent"),
        (["paid", "sent", "late"], "Overdue"),
    ],
)
def test_several_invoices_have_one_word_together(said: list[str], expected: str) -> None:
    more: dict[str, dict[str, Any]] = {
        "paid": {"balance": Decimal(0)},
        "late": {"due_date": "2026-01-01"},
    }
    invoices = [invoice("10", invoice_id=word, status=word, **more.get(word, {})) for word in said]

    assert worth("payment status", Documents(invoices=invoices)) == expected


def test_a_proof_that_fails_names_both_sums() -> None:
    found = proof(
        Documents(invoices=[invoice("100", balance=Decimal(100))], payments=[payment("30")]), "EUR"
    )

    assert not found.holds
    assert "70.00 EUR" in found.sentence
    assert "100.00 EUR" in found.sentence


def test_the_seeded_books_agree_with_our_figures_to_the_cent() -> None:
    world = World(7)
    systems = all_systems(world)
    seed_past(world, systems, Seeding(customers=60, seed=7))
    (books,) = (system for system in systems if isinstance(system, Books))

    owing = sum(_agrees(books, one, world) for one in through_json(books.state()["contacts"]))

    assert owing > 5


ACTS = st.tuples(
    st.sampled_from(
        ["invoice", "draft", "pay", "pay", "credit", "apply", "void", "write off", "day", "late"]
    ),
    st.integers(0, 20),
    st.integers(1, 30_000),
)


@settings(max_examples=25, derandomize=True, deadline=None, database=None)
@given(st.lists(ACTS, min_size=4, max_size=14))
def test_whatever_is_done_in_the_books_our_figures_agree(acts: list[tuple[str, int, int]]) -> None:
    world = World(start=START)
    doorman = Doorman()
    call = Caller(world, Books(world, doorman), doorman)
    contact = call.contact()

    for name, which, cents in acts:
        _act(call, contact, name, which, Decimal(cents) / 100)

    _agrees(call.books, call.get(f"/contacts/{contact['contact_id']}"), world)


def _act(call: Caller, contact: Any, name: str, which: int, amount: Decimal) -> None:
    """Do something, if it can be done; what Books refuses did not happen."""
    known = call("GET", "/invoices")["invoices"]
    one = known[which % len(known)] if known else None
    if name in ("invoice", "draft"):
        tax = {"tax_id": call.tax("VAT 19")} if which % 3 == 0 else {}
        line = {"name": "Work", "rate": amount, "quantity": 1 + which, **tax}
        call.invoice(contact, line, sent=name == "invoice", payment_terms=which)
    elif name in ("day", "late"):
        call.world.clock.advance(DAY * (30 if name == "late" else 1))
    elif name == "credit":
        call.creditnote(contact, amount)
    elif one and name == "pay":
        part = min(amount, one["balance"])
        withheld = Decimal("0.01") if which % 4 == 0 else Decimal(0)
        row = {"invoice_id": one["invoice_id"], "amount_applied": part - withheld}
        call("POST", "/customerpayments", _payment(contact, amount, row, withheld))
    elif one and name == "apply":
        _apply(call, one, which)
    elif one:
        step = "status/void" if name == "void" else "writeoff"
        call("POST", f"/invoices/{one['invoice_id']}/{step}")


def _payment(contact: Any, amount: Decimal, row: dict[str, Any], withheld: Decimal) -> Any:
    return {
        "customer_id": contact["contact_id"],
        "payment_mode": "cash",
        "amount": amount,
        "date": "2026-03-20",
        "invoices": [row | {"tax_amount_withheld": withheld}],
    }


def _apply(call: Caller, one: Any, which: int) -> None:
    notes = call("GET", "/creditnotes")["creditnotes"]
    if notes:
        note = notes[which % len(notes)]
        part = min(note["balance"], one["balance"])
        rows = [{"invoice_id": one["invoice_id"], "amount_applied": part}]
        call("POST", f"/creditnotes/{note['creditnote_id']}/invoices", {"invoices": rows})


def _agrees(books: Books, contact: Any, world: World) -> bool:
    """Hold our figures of a customer against what Books says; tells whether he owes anything."""
    state = through_json(books.state())
    mine = {
        kind: [one for one in state[kind] if one["customer_id"] == contact["contact_id"]]
        for kind in ("invoices", "customerpayments", "creditnotes")
    }
    documents = Documents(
        invoices=mine["invoices"],
        payments=mine["customerpayments"],
        creditnotes=mine["creditnotes"],
    )
    home = next(one for one in books.organizations.values() if one.profile.is_default_org)
    today = home.today()
    assert worth("outstanding", documents, today) == contact["outstanding_receivable_amount"]
    assert worth("credits open", documents, today) == contact["unused_credits_receivable_amount"]
    for found, one in zip(standings(documents, today), mine["invoices"], strict=True):
        assert found.status in BOOKS_WORDS[one["status"]]
        assert found.status == "Void" or found.balance == one["balance"]
    for currency in documents.currencies:
        held = proof(documents, currency)
        assert held.holds, held.sentence
    return bool(contact["outstanding_receivable_amount"])


BOOKS_WORDS = {
    "draft": {"Draft"},
    "sent": {"Sent"},
    "viewed": {"Sent"},
    "partially_paid": {"Partly paid"},
    "overdue": {"Overdue"},
    "paid": {"Paid", "Written off"},
    "void": {"Void"},
}


def through_json(records: Any) -> Any:
    return json.loads(ENCODER.encode(records), parse_float=Decimal)
