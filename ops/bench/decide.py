"""decide: observations through all four folds of the sync projector, with the flows judging each.

Companies are in both systems and linked; every observation says something new about one of them, so
that each is agreed anew and a write to the other side is owed. Yardstick: the same log through the
same folds with no flow in force.
"""

from __future__ import annotations

import json
import statistics
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hub.conclusions import Member
from hub.events import Event, FlowInstalled, Linked, ModeSet, event_of, fixed_id, seen_id
from hub.flows.load.document import template
from hub.flows.load.installed import resolved
from ops.bench.following import catch_up_rate
from ops.bench.ground import Ground, ground, memory_mb, ratio, tell

if TYPE_CHECKING:
    from collections.abc import Iterator

FLOWS = ("customers", "invoice_from_won_deal", "payment_status_to_crm")
COMPANIES = 2_000
EVENTS = 20_000
ROUNDS = 3
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


async def main() -> None:
    with_flows, without = [], []
    for number in range(ROUNDS):
        without.append(await _rate(flows=False))
        with_flows.append(await _rate(flows=True))
        print(f"round {number + 1}: {with_flows[-1]:.0f}/s judged, {without[-1]:.0f}/s not")
    tell(
        "decide",
        ratio=ratio(with_flows, without),
        rate=int(statistics.median(with_flows)),
        rate_without=int(statistics.median(without)),
        events=EVENTS,
        companies=COMPANIES,
        memory_mb=int(memory_mb()),
    )


async def _rate(*, flows: bool) -> float:
    async with ground() as made:
        await _append(made, list(_in_force()) if flows else [])
        await _append(made, list(_companies()))
        begun = await _follow(made)
        await _append(made, list(_edits()))
        return await catch_up_rate(made, EVENTS, after=begun)


async def _follow(made: Ground) -> int:
    """Have all companies known, linked and agreed; give how far the log has come."""
    await catch_up_rate(made, made.wake.head)
    return made.wake.head


async def _append(made: Ground, events: list[Event]) -> None:
    for first in range(0, len(events), 1_000):
        await made.appender.append(*events[first : first + 1_000])


def _in_force() -> Iterator[Event]:
    for name in FLOWS:
        text = template(name)
        values = resolved(text, name)
        yield event_of(
            FlowInstalled(flow=name, text=text, file=name, digest=name, resolved=values)
        )
        yield event_of(ModeSet(flow=name, mode="on"))


def _companies() -> Iterator[Event]:
    for number in range(COMPANIES):
        yield _account(number, 0)
        yield _contact(number)
        members = [
            Member(connection="crm", kind="Accounts", record=f"{number}"),
            Member(connection="books", kind="contacts", record=f"{number}", part="EUR"),
        ]
        yield event_of(Linked(link=fixed_id(None, "link", number), members=members))


def _edits() -> Iterator[Event]:
    for number in range(EVENTS):
        yield _account(number % COMPANIES, 1 + number // COMPANIES)


def _account(number: int, edit: int) -> Event:
    at = BEGIN + timedelta(seconds=edit)
    data = {
        "id": f"{number}", "Account_Name": f"Velm {number} Ltd", "Phone": f"+49 30 {number:07}",
        "Website": f"https://velm{number}.example/{edit}", "Billing_Street": f"Elm {number}",
        "Billing_City": "Graz", "Billing_State": None, "Billing_Code": f"{8_000 + number}",
        "Billing_Country": "Austria", "Currency": "EUR", "Created_Time": BEGIN.isoformat(),
        "Owner": {"name": "Ana Prado", "id": "1"}, "Description": None, "Industry": "Logistics",
    }  # fmt: skip
    return _observed("crm", "Accounts", number, data, at)


def _contact(number: int) -> Event:
    data = {
        "contact_id": f"{number}", "contact_name": f"Velm {number} Ltd",
        "company_name": f"Velm {number} Ltd", "contact_type": "customer",
        "website": f"https://velm{number}.example/0", "currency_id": "EUR", "phone": "",
        "billing_address": {"address": f"Elm {number}", "street2": "", "city": "Graz", "state": "",
                            "zip": f"{8_000 + number}", "country": "Austria"},
        "contact_persons": [],
    }  # fmt: skip
    return _observed("books", "contacts", number, data, BEGIN)


def _observed(
    connection: str, kind: str, number: int, data: dict[str, object], at: datetime
) -> Event:
    return Event(
        type="observed", id=seen_id(at, connection, kind, number), occurred_at=at,
        connection=connection, kind=kind, record=f"{number}", road="poll",
        data=json.dumps(data).encode(),
    )  # fmt: skip
