"""The demo tells what a person did at the hub, and what waits for a person."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from hub.cli.demo.acts import act, held
from hub.cli.demo.story import Story
from hub.console.deliveries import deliveries
from hub.events import Approved, ModeSet, Resolved, WritesStopped, event_of
from tests.cli.invoicing import INVOICES, held_invoice
from tests.cli.test_demo_story import observed

if TYPE_CHECKING:
    from hub.console.deliveries import Delivery
    from tests.cli.conftest import Desk

BY = "operator:root"
ITEM = UUID(int=7)


@pytest.mark.parametrize(
    ("what", "told"),
    [
        (
            ModeSet(flow="customers", mode="hold"),
            ("customers", "is hold from here on, set by root"),
        ),
        (Resolved(item=ITEM, choice="create"), ("crm.Accounts/1", "answered 'create' by root")),
        (WritesStopped(stopped=True), ("books", "writes to it are stopped by root")),
    ],
)
def test_an_act_is_told_with_what_was_done(what: object, told: tuple[str, str]) -> None:
    event = event_of(what, connection="books", origin=BY)  # type: ignore[arg-type]

    assert act(event, "crm.Accounts/1", []) == told


def test_what_waits_for_a_person_is_told_with_the_command_and_what_was_let_go_is_counted(
    desk: Desk,
) -> None:
    held_invoice(desk)
    waits = asyncio.run(waiting(desk))
    story = Story(observed(waits[0].owed, "d1"), "crm.Deals/d1", "its time has come", 0)
    other = Story(observed(1, "d1"), "crm.Deals/d1", "x", 0)

    (told,) = held(story, waits)
    approved = event_of(Approved(deliveries=[waits[0].id]), origin=BY)

    assert told.text == (
        f"books.invoices (to be made) waits for a person: {INVOICES} is in hold "
        f"(hub approve --flow {INVOICES})"
    )
    assert list(held(other, waits)) == []
    assert act(approved, "", waits) == (
        "approved",
        f"1 books.invoices of {INVOICES} let go by root",
    )


async def waiting(desk: Desk) -> list[Delivery]:
    async with desk.database.connected() as db:
        return await deliveries(db, state="held")
