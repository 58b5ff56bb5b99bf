"""What is said otherwise at one stamp is in doubt: what a read decides is judged, as a change."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from hub.events import Event
from hub.flows.examples import seen_in
from tests.flows.judge.told import SETUP, VELM, scene_for, stage_of

if TYPE_CHECKING:
    from hub.flows.known import Key
    from hub.stories.play import Stage

INVOICE, AT_ONCE = "invoice_from_won_deal", 'when.stays = "0s"'
DEAL = ("crm", "Deals", "7")


def test_a_deal_that_is_won_in_the_second_of_another_edit_has_its_invoice() -> None:
    stage = stage_of(VELM, SETUP, flow=INVOICE, above=AT_ONCE)
    (edit,) = seen_in(["10:05 deal 7 Amount = 120"], scene_for(INVOICE, AT_ONCE).names())
    stage.see(edit)
    stage.settle()

    # when it is won in that second, and a read that nobody asked for tells of it
    stage.sides.put(DEAL, {"Stage": "Closed Won"}, at=stage.hub.now, created=stage.hub.now)
    says(stage, DEAL)
    assert not invoices(stage)
    # then it is in doubt; and when a read decides, it is a change
    says(stage, DEAL, cause=len(stage.hub.log))
    stage.settle()

    assert len(invoices(stage)) == 1


def says(stage: Stage, key: Key, cause: int | None = None) -> None:
    """Have a record be seen at the stamp that is known already."""
    connection, kind, record = key
    known = next(one for one in reversed(stage.hub.log) if one.record == record and one.occurred_at)
    stage.hub.tell(
        Event(
            type="observed",
            id=UUID(int=len(stage.hub.log) + 1),
            connection=connection,
            kind=kind,
            record=record,
            data=msgspec.json.encode(stage.sides.fields(key)),
            road="fetch",
            occurred_at=known.occurred_at,
            cause=cause,
        )
    )


def invoices(stage: Stage) -> list[str]:
    return stage.sides.of_kind("books", "invoices")
