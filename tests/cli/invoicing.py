"""A log in which a deal is won, and its invoice waits for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.events import Event, Fetched, event_of, new_id
from hub.flows.load.document import template
from tests.cli.flowing import account, contact, deal, put_in_force

if TYPE_CHECKING:
    from tests.cli.conftest import Desk

INVOICES = "invoice_from_won_deal"
WON: dict[str, Any] = {
    "Deal_Name": "Acme renewal", "Stage": "Closed Won", "Amount": 120.5, "Currency": "EUR",
    "Account_Name": {"id": "a1"},
}  # fmt: skip


def held_invoice(desk: Desk) -> None:
    """Have a deal won whose customer is linked; nothing is to stay so for any while."""
    at_once = template(INVOICES).replace('stays   = "10m"', 'stays   = "0s"')
    put_in_force(desk, "hold", template("customers"), at_once)
    customer: dict[str, Any] = {
        "contact_id": "b1", "contact_name": "Acme", "company_name": "Acme",
        "contact_type": "customer", "currency_id": "c1", "currency_code": "EUR",
    }  # fmt: skip
    desk.keep(
        Event(
            type="observed",
            id=new_id(),
            data=b'{"currency_code": "EUR"}',
            road="poll",
            connection="books",
            kind="currencies",
            record="c1",
        ),
        contact("b1", **customer),
        account("a1", Account_Name="Acme", Currency="EUR", Books_Contact_Id="b1"),
        deal("d1", **WON | {"Stage": "Proposal"}),
    )
    desk.apply()
    desk.keep(deal("d1", minutes=1, **WON))
    desk.apply()
    at = desk.execute("select max(position) from events")
    desk.keep(event_of(Fetched(records={"d1": at}), connection="crm", kind="Deals"))
    desk.apply()
