"""P1 of what Zoho Desk tells nobody of: it is found by polling, and known then as it is there."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from tests.inbound.ground import a_ground, connected
from tests.inbound.played_hub import NEVER, a_hub_on, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hub.settings import Settings
    from tests.inbound.ground import Ground
    from tests.inbound.played_hub import PlayedHub

KINDS = {"desk": ("tickets", "contacts")}


async def test_a_tag_that_comes_and_goes_is_known_as_it_is_and_read_no_more_than_that(
    place: Settings,
) -> None:
    # given a ticket that bears a tag which is looked for, and waits for somebody
    async with a_ground() as ground, untold(ground, place, tags=["refund"]) as hub:
        ticket = put(ground, tags=["refund"])
        await knows(hub, ticket, tags=["refund"])

        # when it is taken off and put on again, while nothing else of the ticket changes
        for act, tags in (("untag", []), ("tag", ["refund"]), ("untag", [])):
            ground.systems["desk"].act(act, "tickets", ticket, {"tags": ["refund"]})
            await knows(hub, ticket, tags=tags)

        # then each had it read once, and rounds of which nothing moved had nobody read
        rounds = len(ground.calls("/ticketTags"))
        await until(lambda: is_so(len(ground.calls("/ticketTags")) > rounds + 5))
        read = [call for call in ground.calls(f"/tickets/{ticket}") if call.path.endswith(ticket)]
        assert len(read) <= 6
        await hub.nothing_is_kept_twice()


async def test_a_breach_an_escalation_and_who_did_what_are_known_without_a_webhook(
    place: Settings,
) -> None:
    async with (
        a_ground() as ground,
        untold(ground, place, tags=["late"], history_rows=5) as hub,
    ):
        ticket = put(ground, priority="High")
        await knows(hub, ticket, isOverDue=False, isEscalated=False)

        ground.world.clock.advance(86_400)
        await knows(hub, ticket, isOverDue=True, isEscalated=True)
        ground.systems["desk"].act("tag", "tickets", ticket, {"tags": ["late"]})
        await knows(hub, ticket, tags=["late"])

        said = (await known(hub, ticket))["history"]
        assert [(one["eventName"], one["actor"]["type"]) for one in said[:3]] == [
            ("TagsAdded", "Agent"),
            ("TicketEscalated", "SLA"),
            ("OvershotDueTime", "SLA"),
        ]


async def test_a_merge_is_found_by_the_scan_and_the_tickets_that_wait_name_the_survivor(
    place: Settings,
) -> None:
    async with a_ground() as ground, untold(ground, place, scan_seconds=1) as hub:
        desk = ground.systems["desk"]
        kept, gone = (desk.put("contacts", {"lastName": name})["id"] for name in ("A", "B"))
        ticket = put(ground, contactId=gone)
        child = put(ground, contactId=kept)
        await knows(hub, ticket, contactId=gone)
        await knows(hub, child, contactId=kept)

        desk.act("merge", "contacts", kept, {"ids": [gone]})
        desk.act("merge", "tickets", ticket, {"ids": [child]})

        await knows(hub, ticket, contactId=kept)
        await hub.agreed()
        assert await known(hub, child) == {}


async def test_a_ticket_that_leaves_the_chosen_departments_is_gone_until_it_is_back(
    place: Settings,
) -> None:
    async with a_ground() as ground, untold(ground, place, departments=["Support"]) as hub:
        desk: Any = ground.systems["desk"]
        desk.quirks = msgspec.structs.replace(desk.quirks, search_lag_seconds=0)
        support, billing = (department(ground, name) for name in ("Support", "Billing"))
        ticket = put(ground, departmentId=support)
        other = put(ground, departmentId=billing)
        await knows(hub, ticket, departmentId=support)

        desk.edit("tickets", ticket, {"departmentId": billing})
        await until(lambda: is_gone(hub, ticket))
        desk.edit("tickets", ticket, {"departmentId": support, "subject": "Back"})
        await knows(hub, ticket, departmentId=support, subject="Back")

        assert await known(hub, other) == {}


async def test_settings_that_choose_fewer_departments_or_more_again_are_followed(
    place: Settings,
) -> None:
    async with a_ground() as ground:
        support, billing = (department(ground, name) for name in ("Support", "Billing"))
        here, there = (put(ground, departmentId=one) for one in (support, billing))
        async with untold(ground, place) as hub:
            await knows(hub, there, departmentId=billing)
        async with untold(ground, place, departments=["Support"]) as hub:
            await until(lambda: is_gone(hub, there))
            await knows(hub, here, departmentId=support)
        async with untold(ground, place) as hub:
            await knows(hub, there, departmentId=billing)


@asynccontextmanager
async def untold(
    ground: Ground, place: Settings, *, scan_seconds: float = NEVER, **how: Any
) -> AsyncIterator[PlayedHub]:
    """Run a hub that Desk tells of nothing, and that reads what waits whenever it polls."""
    desk = connected(ground, "desk", open_tickets_seconds=0.01, **how)
    async with a_hub_on(
        ground,
        place,
        kinds=KINDS,
        told=False,
        scan_seconds=scan_seconds,
        connections={"desk": desk},
    ) as hub:
        if "departments" not in how:
            await hub.agreed()
        yield hub


async def knows(hub: PlayedHub, ticket: str, **fields: object) -> None:
    """Wait until the hub knows this of a ticket."""
    found: dict[str, Any] = {}

    async def does() -> bool:
        nonlocal found
        found = await known(hub, ticket)
        return {name: found.get(name) for name in fields} == fields

    await until(does, lambda: f"{ {name: found.get(name) for name in fields} }, not {fields}")


async def known(hub: PlayedHub, ticket: str) -> dict[str, Any]:
    fields = await hub.value(
        "select fields from records where connection = 'desk' and kind = 'tickets' "
        "and record = $1 and gone is null", ticket,
    )  # fmt: skip
    return dict(json.loads(fields)) if fields else {}


def put(ground: Ground, **fields: object) -> str:
    return str(ground.systems["desk"].put("tickets", {"subject": "Help", **fields})["id"])


def department(ground: Ground, name: str) -> str:
    found = ground.systems["desk"].state()["departments"]
    return next(str(one["id"]) for one in found if one["name"] == name)


async def is_gone(hub: PlayedHub, ticket: str) -> bool:
    return not await known(hub, ticket)


async def is_so(so: bool) -> bool:  # noqa: FBT001
    return so
