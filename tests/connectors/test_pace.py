"""Whose call goes next, where several wait: documents before the rest, and nobody starves."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hub.connectors.budget.pace import TURNS, Line

if TYPE_CHECKING:
    from hub.connectors.budget.window import Share


async def went(*waiting: Share, leaving: int | None = None) -> list[Share]:
    """Let these wait behind one that is under way; give the order in which they go."""
    line = Line()
    order: list[Share] = []
    await line.first("backfill", 1)

    async def wait(share: Share) -> None:
        await line.first(share, 1)
        order.append(share)
        line.next()

    tasks = [asyncio.create_task(wait(share)) for share in waiting]
    await asyncio.sleep(0)
    if leaving is not None:
        tasks[leaving].cancel()
        await asyncio.sleep(0)
    line.next()
    await asyncio.gather(*tasks, return_exceptions=True)
    return order


async def test_a_document_goes_before_the_reads_that_came_before_it() -> None:
    reads: list[Share] = ["contacts"] * 9

    assert (await went(*reads, "documents"))[0] == "documents"


async def test_what_a_person_changed_goes_before_what_is_read_once_more() -> None:
    again: list[Share] = ["readings"] * 5

    assert (await went(*again, "contacts"))[0] == "contacts"


async def test_while_documents_wait_the_others_have_their_turns() -> None:
    waiting: list[Share] = [share for share in TURNS for _ in range(60)]

    order = await went(*waiting)

    first = order[:60]
    assert [first.count(share) for share in TURNS] == [36, 18, 3, 3]


async def test_those_of_one_share_go_in_the_order_in_which_they_came() -> None:
    assert await went("backfill", "backfill") == ["backfill", "backfill"]


async def test_one_that_waits_no_longer_holds_nobody_up() -> None:
    assert await went("documents", "contacts", leaving=0) == ["contacts"]


async def test_a_share_whose_calls_gave_up_is_as_far_to_the_front_as_before() -> None:
    line = Line()
    await line.first("backfill", 1)
    for _ in range(20):
        gives_up = asyncio.create_task(line.first("contacts", 1))
        await asyncio.sleep(0)
        gives_up.cancel()
        await asyncio.gather(gives_up, return_exceptions=True)
    order: list[Share] = []

    async def wait(share: Share) -> None:
        await line.first(share, 1)
        order.append(share)
        line.next()

    tasks = [asyncio.create_task(wait("documents")) for _ in range(5)]
    tasks.append(asyncio.create_task(wait("contacts")))
    await asyncio.sleep(0)
    line.next()
    await asyncio.gather(*tasks)

    assert order.index("contacts") <= 2
