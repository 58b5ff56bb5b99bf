"""P6: a hub that is killed while it carries out what is owed makes each thing once."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.crash.lives import lives
from tests.crash.mortal import Moment, Where
from tests.crash.stories import Story, flows_in_force
from tests.inbound.conftest import logging_as_it_was, place

__all__ = ["logging_as_it_was", "place"]

if TYPE_CHECKING:
    from hub.settings import Settings
    from tests.crash.lives import Lives

CUSTOMER, INVOICE, DEAL = "contacts", "invoices", "Deals"
PLACES = {CUSTOMER: "/books/v3/contacts", INVOICE: "/books/v3/invoices", DEAL: "/crm/v8/Deals"}

REBUILD_EVERY = 4
ON_THE_WAY = "never arrives", "arrives"
"""The vendor does not get the call; it gets it and applies it, and answers nobody."""

PAGE: tuple[Where, ...] = ("before the page", "in the page", "after the page")
TOLD: tuple[Where, ...] = ("before it is told of", "after it is told of", *PAGE)
DECIDED = ("Accounts", DEAL, INVOICE)
MOMENTS = [
    *(Moment(where=where, type="decided", kind=kind) for where in PAGE for kind in DECIDED),
    *(
        Moment(where=where, type=type_, kind=kind)
        for type_ in ("sending", "answered")
        for where in TOLD
        for kind in PLACES
    ),
    *(Moment(where="when it is answered", kind=kind) for kind in PLACES),
    *(Moment(type=how, kind=kind) for how in ON_THE_WAY for kind in PLACES),
]
FEW = [
    Moment(where="in the page", type="decided", kind="Accounts"),
    Moment(where="after it is told of", type="sending", kind=CUSTOMER),
    Moment(type="arrives", kind=INVOICE),
    Moment(where="before it is told of", type="answered", kind=CUSTOMER),
    Moment(where="after the page", type="answered", kind=DEAL),
]


@pytest.mark.slow
@pytest.mark.parametrize("moments", [FEW, MOMENTS])
async def test_p6_killed_at_any_moment_of_a_delivery_it_makes_one_customer_and_one_invoice(
    place: Settings, moments: list[Moment]
) -> None:
    async with lives(place) as hub:
        await hub.begin()
        await flows_in_force(hub.work)
        hub.kill()
        await hub.death()

        for number, moment in enumerate(moments):
            # given a hub that dies while a company and its won deal are carried to finance
            await hub.begin(moment)
            await hub.work.at_rest()
            story = Story(hub.work, number)
            await dies(hub, moment, story)
            if number % REBUILD_EVERY == 0:
                await hub.work.p5_rebuilds()

            # when it lives again, then all is there once
            await hub.begin()
            await story.is_told_once(moment)
            hub.kill()
            await hub.death()

        await hub.work.p5_rebuilds()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
async def test_p6_killed_again_and_again_with_a_rebuild_after_each_death(
    place: Settings, seed: int
) -> None:
    random = Random(seed)
    async with lives(place) as hub:
        await hub.begin()
        await flows_in_force(hub.work)
        stories = []
        for number in range(20):
            hub.kill()
            await hub.death()
            if number % REBUILD_EVERY == 0:
                await hub.work.p5_rebuilds()
            moment = random.choice(MOMENTS)
            await hub.begin(moment)
            hub.arm()
            stories.append(Story(hub.work, number))
            stories[-1].begin()
            if moment.where != "never":
                await hub.death(moment)
                await hub.begin()

        for story in stories:
            await story.is_told_once(seed)
        await hub.work.p5_rebuilds()


async def dies(hub: Lives, moment: Moment, story: Story) -> None:
    """Have the hub die at a moment of a story."""
    if moment.where != "never":
        hub.arm()
        story.begin()
        await hub.death(moment)
        return
    system = "crm" if moment.kind == DEAL else "books"
    if moment.type == "never arrives":
        hub.work.ground.fault(
            system, "connection_refused", PLACES[moment.kind], method="PUT", count=1
        )
    with hub.killed_by_call(PLACES[moment.kind], system):
        story.begin()
        await hub.death(moment)
