"""Made-up companies that are in both systems and linked, and flows that are in force for them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from hub.conclusions import Member
from hub.events import Event, FlowInstalled, Linked, ModeSet, event_of, fixed_id, seen_id
from hub.flows.load.document import template
from hub.flows.load.installed import resolved

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ops.bench.ground import Ground

FLOWS = ("customers", "invoice_from_won_deal", "payment_status_to_crm")
HERE = "USD"
"""What the played Books counts in: a customer whom nobody gives another currency has this one."""

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


async def append(made: Ground, events: Iterable[Event]) -> None:
    """Append these, a thousand at a time."""
    batch: list[Event] = []
    for event in events:
        batch.append(event)
        if len(batch) == 1_000:  # noqa: PLR2004
            await made.appender.append(*batch)
            batch = []
    if batch:
        await made.appender.append(*batch)


def in_force() -> Iterator[Event]:
    """Put the flows that come with the hub in force, and their brakes out of reach."""
    for name in FLOWS:
        text = without_brake(name)
        values = resolved(text, name)
        yield event_of(FlowInstalled(flow=name, text=text, file=name, digest=name, resolved=values))
        yield event_of(ModeSet(flow=name, mode="on"))


def without_brake(flow: str) -> str:
    """Give the text of a flow that may do as much as it can."""
    assert "[guard]" in template(flow)
    return f'extends = "library/{flow}"\nguard.at_most = ["1000000000 per hour"]\n'


def agreed(count: int) -> Iterator[Event]:
    """Give companies as each system says them, linked, and then once more: so that the flows, which
    let a first sight be, agree on them. Their websites are at edit 1 then.
    """
    yield from companies(count)
    for number in range(count):
        yield contact(number, 1)
        yield account(number, 1)


def companies(count: int) -> Iterator[Event]:
    for number in range(count):
        yield account(number)
        yield contact(number)
        members = [
            Member(connection="crm", kind="Accounts", record=f"{number}"),
            Member(connection="books", kind="contacts", record=f"{number}", part="EUR"),
        ]
        yield event_of(Linked(link=fixed_id(None, "link", number), members=members))


def account(number: int, edit: int = 0) -> Event:
    """Say what an account is like in CRM; each edit changes its website."""
    data: dict[str, object] = {
        "id": f"{number}", "Account_Name": f"Velm {number} Ltd", "Phone": f"+49 30 {number:07}",
        "Website": website(number, edit), "Billing_Street": f"Elm {number}",
        "Billing_City": "Graz", "Billing_State": None, "Billing_Code": f"{8_000 + number}",
        "Billing_Country": "Austria", "Currency": "EUR", "Created_Time": BEGIN.isoformat(),
        "Owner": {"name": "Ana Prado", "id": "1"}, "Description": None, "Industry": "Logistics",
    }  # fmt: skip
    return _observed("crm", "Accounts", number, data, edit)


def contact(number: int, edit: int = 0) -> Event:
    """Say what a customer is like in Books; each edit changes its website."""
    data: dict[str, object] = {
        "contact_id": f"{number}", "contact_name": f"Velm {number} Ltd",
        "company_name": f"Velm {number} Ltd", "contact_type": "customer",
        "website": website(number, edit), "currency_id": "EUR", "phone": "",
        "billing_address": {"address": f"Elm {number}", "street2": "", "city": "Graz", "state": "",
                            "zip": f"{8_000 + number}", "country": "Austria"},
        "contact_persons": [],
    }  # fmt: skip
    return _observed("books", "contacts", number, data, edit)


def website(number: int, edit: int) -> str:
    return f"https://velm{number}.example/{edit}"


def entered(crm: Any, books: Any, number: int) -> tuple[str, str]:
    """Have a company in both played systems, which say the same of it; give its ids there."""
    name, street = f"Velm {number} Ltd", f"Elm {number}"
    city, code, country = "Graz", f"{8_000 + number}", "Austria"
    account = {
        "Account_Name": name, "Website": website(number, 0), "Currency": HERE,
        "Billing_Street": street, "Billing_City": city, "Billing_Code": code,
        "Billing_Country": country,
    }  # fmt: skip
    customer = {
        "contact_name": name, "company_name": name, "contact_type": "customer",
        "website": website(number, 0),
        "billing_address": {"address": street, "city": city, "zip": code, "country": country},
    }  # fmt: skip
    return crm.put("Accounts", account)["id"], books.put("contacts", customer)["contact_id"]


def _observed(connection: str, kind: str, number: int, data: dict[str, object], edit: int) -> Event:
    at = BEGIN + timedelta(seconds=edit)
    return Event(
        type="observed", id=seen_id(at, connection, kind, number), occurred_at=at,
        connection=connection, kind=kind, record=f"{number}", road="poll",
        data=json.dumps(data).encode(),
    )  # fmt: skip
