"""P6, P10 and P17 for documents, and whether what is told of them is true."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from hub.simulate.companies import company_of
from hub.simulate.oracle.view import Broken
from hub.simulate.people import WON

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hub.sandbox.system import Fields
    from hub.simulate.oracle.view import View

UNSENT = ("draft", "void")


def judged(view: View) -> Iterator[Broken]:
    """No deal is invoiced twice, none that is history, and none that was won is forgotten."""
    made = Counter(str(row["reference_number"]) for row in view.ground.rows("books", "invoices"))
    for name, count in made.items():
        if count > 1:
            yield Broken(promise="P6", sentence=f"{name} was invoiced {count} times")
        if name in view.people.history:
            yield Broken(promise="P17", sentence=f"{name} is history, and was invoiced")
    yield from _forgotten(view, made)


def _forgotten(view: View, made: Mapping[str, int]) -> Iterator[Broken]:
    """A deal that was won and is known to be is invoiced, or a person is asked."""
    companies = {row["id"]: company_of(row) for row in view.ground.rows("crm", "Accounts")}
    for deal in view.ground.rows("crm", "Deals"):
        name, account = str(deal["Deal_Name"]), deal["Account_Name"] or {}
        if name not in view.people.won or deal["Stage"] != WON or made.get(name):
            continue
        by_hand = companies.get(account.get("id"), "") in {"", *view.people.merged}
        if not by_hand and f"crm.Deals/{deal['id']}" not in view.inbox:
            what = "is won, and neither invoiced nor in the inbox"
            yield Broken(promise="P10", sentence=f"{name} ({deal['id']}) {what}")


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
