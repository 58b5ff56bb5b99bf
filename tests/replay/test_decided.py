"""What flows concluded holds again in a rebuild, from its cause on; nothing is decided twice."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from hub.events import Event, FlowInstalled, ModeSet, event_of, seen_id
from hub.flows.load.document import template
from hub.flows.load.installed import resolved
from hub.projectors import PROJECTORS

if TYPE_CHECKING:
    from tests.replay.live import Live

ACCOUNTS = 40


async def test_p5_decisions_are_folded_again_and_never_taken_again(live: Live) -> None:
    await live.has_seen(*a_shop())
    before = await live.rows()
    events = await live.execute("select count(*) from events")

    rebuilt = [await live.rebuild(each) for each in PROJECTORS]

    assert all(table.is_same for each in rebuilt for table in each.tables)
    assert await live.rows() == before
    assert len(before["agreements"]) == len(before["deliveries"]) == ACCOUNTS
    assert await live.execute("select count(*) from events") == events


async def test_p5_decisions_are_found_in_archives_before_they_are_come_to(live: Live) -> None:
    await live.has_seen(*a_shop())
    before = await live.rows()
    assert await live.archived()
    async with live.following():
        pass

    rebuilt = [await live.rebuild(each) for each in PROJECTORS]

    assert all(table.is_same for each in rebuilt for table in each.tables)
    assert await live.rows() == before


async def test_tables_that_are_begun_anew_decide_nothing_again(live: Live) -> None:
    await live.has_seen(*a_shop())
    before = await live.rows()
    decided = await live.execute("select count(*) from events where type = 'decided'")

    assert await live.afresh() == before
    assert await live.execute("select count(*) from events where type = 'decided'") == decided


def a_shop() -> list[Event]:
    """Put the customers flow in force, and enter companies that are in no other system."""
    text = template("customers")
    installed = FlowInstalled(
        flow="customers", text=text, file="customers.toml", digest="1",
        resolved=resolved(text, "customers.toml"),
    )  # fmt: skip
    begun = [event_of(installed), event_of(ModeSet(flow="customers", mode="on"))]
    return [*begun, *(account(number) for number in range(ACCOUNTS))]


def account(number: int) -> Event:
    at = datetime.now(UTC) + timedelta(hours=1, seconds=number)
    name = f"Velm {uuid4().hex[:12]} Ltd"
    data = {
        "id": f"{number}", "Account_Name": name, "Billing_Code": f"{10_000 + number}",
        "Website": None, "Currency": "EUR", "Created_Time": at.isoformat(),
    }  # fmt: skip
    return Event(
        type="observed", id=seen_id(at, number), data=json.dumps(data).encode(),
        connection="crm", kind="Accounts", record=f"{number}", road="poll", occurred_at=at,
    )  # fmt: skip
