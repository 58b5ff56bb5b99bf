"""P6, P10, P16 and P17 for documents, and whether what is told of them is true."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from hub.simulate.companies import SIDES, company_of
from hub.simulate.oracle.sums import of_deal, of_invoice, of_opportunity, of_ticket
from hub.simulate.oracle.view import Broken
from hub.simulate.people import WON
from hub.simulate.support import CLOSED, invoiced_as, is_billable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from hub.sandbox.system import Fields
    from hub.simulate.oracle.sums import Sums
    from hub.simulate.oracle.view import View

UNSENT = ("draft", "void")


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """What is invoiced once: where it is, and what people did with it."""

    kind: tuple[str, str]
    id_field: str
    reference: Callable[[Fields], str]
    """What stands on the invoice of one."""
    is_due: Callable[[Fields], bool]
    account: Callable[[Fields], object]
    """The id of the company that it is of."""
    won: AbstractSet[str]
    history: AbstractSet[str]
    sums: Callable[[Fields], Sums]
    repriced: AbstractSet[str] = frozenset()
    """What was priced anew after it had been won: it may have been invoiced before."""


def sources(view: View, flows: AbstractSet[str]) -> Iterator[Source]:
    """Give what these flows invoice."""
    people = view.people
    if "invoice_from_won_deal" in flows:
        yield Source(
            kind=("crm", "Deals"),
            id_field="id",
            reference=lambda deal: str(deal["Deal_Name"]),
            is_due=lambda deal: bool(deal["Stage"] == WON),
            account=lambda deal: (deal["Account_Name"] or {}).get("id"),
            won=people.won,
            history=people.history,
            sums=partial(of_deal, view.ground),
        )
    if "invoice_from_resolved_ticket" in flows and "desk" in view.ground.sides:
        yield Source(
            kind=("desk", "tickets"),
            id_field="id",
            reference=invoiced_as,
            is_due=lambda ticket: ticket["statusType"] == CLOSED and is_billable(ticket),
            account=lambda ticket: ticket["accountId"],
            won=people.support.done,
            history=people.support.history,
            sums=of_ticket,
            repriced=people.support.repriced,
        )
    if "invoice_from_won_opportunity" in flows and "salesforce" in view.ground.sides:
        yield Source(
            kind=("salesforce", "Opportunity"),
            id_field="Id",
            reference=lambda one: str(one["Name"]),
            is_due=lambda one: bool(one["IsWon"]),
            account=lambda one: one["AccountId"],
            won=people.sales.won,
            history=people.sales.history,
            sums=partial(of_opportunity, view.ground),
            repriced=people.sales.repriced,
        )


def judged(view: View, flows: AbstractSet[str]) -> Iterator[Broken]:
    """Nothing is invoiced twice, nothing that is history, and nothing that was won is forgotten."""
    made = Counter(str(row["reference_number"]) for row in view.ground.rows("books", "invoices"))
    each = list(sources(view, flows))
    history = {name for one in each for name in one.history}
    for name, count in made.items():
        if count > 1:
            yield Broken(promise="P6", sentence=f"{name} was invoiced {count} times")
        if name in history:
            yield Broken(promise="P17", sentence=f"{name} is history, and was invoiced")
    for one in each:
        yield from _forgotten(view, one, made)


def _forgotten(view: View, source: Source, made: Mapping[str, int]) -> Iterator[Broken]:
    """What was won and is known to be is invoiced, or a person is asked."""
    side, kind = source.kind
    accounts, id_field = SIDES[side]
    companies = {row[id_field]: company_of(row) for row in view.ground.rows(side, accounts)}
    for record in view.ground.rows(side, kind):
        name, id_ = source.reference(record), record[source.id_field]
        if name not in source.won or not source.is_due(record) or made.get(name):
            continue
        by_hand = companies.get(source.account(record), "") in {"", *view.people.merged}
        if not by_hand and f"{side}.{kind}/{id_}" not in view.inbox:
            what = "is won, and neither invoiced nor in the inbox"
            yield Broken(promise="P10", sentence=f"{name} ({id_}) {what}")


def to_the_cent(view: View, flows: AbstractSet[str]) -> Iterator[Broken]:
    """Each invoice comes to what its source says, or a person is asked."""
    made = {str(one["reference_number"]): one for one in view.ground.rows("books", "invoices")}
    for source in sources(view, flows):
        side, kind = source.kind
        for record in view.ground.rows(side, kind):
            name, id_ = source.reference(record), record[source.id_field]
            if name not in made or name in source.repriced or f"{side}.{kind}/{id_}" in view.inbox:
                continue
            shown, said = of_invoice(made[name]), source.sums(record)
            if not shown.is_as(said):
                what = f"{name} ({id_}) comes to {said}, and its invoice to {shown}"
                yield Broken(promise="P16", sentence=what)


def numbered(view: View) -> Iterator[Broken]:
    """What a ticket and an opportunity say of their invoice is what Books says."""
    made = {
        str(one["reference_number"]): str(one["invoice_number"])
        for one in view.ground.rows("books", "invoices")
    }
    said = {
        invoiced_as(one): one["cf"].get("cf_books_invoice_number")
        for one in view.ground.rows("desk", "tickets")
    } | {
        str(one["Name"]): one.get("Books_Invoice_Number__c")
        for one in view.ground.rows("salesforce", "Opportunity")
    }
    for name, shown in said.items():
        if name in made and shown != made[name]:
            what = f"{name} shows the invoice {shown}, and it is {made[name]}"
            yield Broken(promise="P11", sentence=what)


def told(view: View) -> Iterator[Broken]:
    """What a deal and an account say of invoices is what Books says."""
    invoices = {str(one["invoice_id"]): one for one in view.ground.rows("books", "invoices")}
    for deal in view.ground.rows("crm", "Deals"):
        invoice = invoices.get(str(deal.get("Books_Invoice_Id") or ""))
        if invoice is not None and invoice["status"] != "draft":
            yield from _differs(f"deal {deal['Deal_Name']}", deal, _balance(invoice))
    for company, rows in view.alone().items():
        own = [
            one for one in invoices.values() if one["customer_id"] == rows["books"]["contact_id"]
        ]
        if any(one["status"] != "draft" for one in own):
            owed = sum((_balance(one) for one in own if one["status"] not in UNSENT), Decimal(0))
            yield from _differs(company, rows["crm"], owed)


def _differs(whose: str, record: Fields, balance: Decimal) -> Iterator[Broken]:
    shown = record.get("Books_Balance")
    if shown is None or Decimal(str(shown)) != balance:
        what = f"{whose}: Books_Balance shows {shown}, and Books says {balance}"
        yield Broken(promise="P11", sentence=what, company=whose.removeprefix("deal "))


def _balance(invoice: Fields) -> Decimal:
    return Decimal(0) if invoice["status"] == "void" else Decimal(str(invoice["balance"]))
