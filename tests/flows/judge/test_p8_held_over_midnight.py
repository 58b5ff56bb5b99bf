"""P8: what is held, or waits for room, bears the day on which it is sent, not that of its owing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from hub.events import DayBegan, ModeSet, event_of
from hub.operate.act import act
from tests.flows.judge.told import SETUP, VELM, WON, goes_on, stage_of

if TYPE_CHECKING:
    from hub.projectors.sync.delivery_rows import Delivery
    from hub.stories.play import Stage

INVOICE, AT_ONCE = "invoice_from_won_deal", 'when.stays = "0s"'


def test_an_invoice_that_is_held_over_midnight_is_dated_anew_and_counted_once() -> None:
    stage = stage_of(VELM, SETUP, flow=INVOICE, above=AT_ONCE)
    stage.hub.tell(act(ModeSet(flow=INVOICE, mode="hold"), "ana", flow=INVOICE))
    goes_on(stage, WON, flow=INVOICE, above=AT_ONCE)
    (first,) = held(stage)
    spent = counted(stage)

    tomorrow = stage.hub.now.date() + timedelta(days=1)
    stage.hub.now += timedelta(days=1)
    morning(stage)

    (second,) = held(stage)
    assert first.fields is not None
    assert second.fields is not None
    assert first.fields["date"] < second.fields["date"] == tomorrow.isoformat()
    assert counted(stage) == spent


def test_what_bears_no_day_is_left_as_it_was_owed() -> None:
    undated = f'{AT_ONCE}\n[make."books.invoices"]\ndate = {{ is = "2026-03-31" }}'
    stage = stage_of(VELM, SETUP, flow=INVOICE, above=undated)
    stage.hub.tell(act(ModeSet(flow=INVOICE, mode="hold"), "ana", flow=INVOICE))
    goes_on(stage, WON, flow=INVOICE, above=undated)
    (first,) = held(stage)

    morning(stage)

    assert held(stage) == [first]


def held(stage: Stage) -> list[Delivery]:
    return [row for _, row in stage.hub.owed() if row.kind == "invoices"]


def counted(stage: Stage) -> Any:
    return stage.hub.known.flows[INVOICE].spent


def morning(stage: Stage) -> None:
    began = DayBegan(day=stage.hub.now.date(), zone="UTC")
    id_ = UUID(int=len(stage.hub.log) + 1)
    stage.hub.tell(event_of(began, id=id_, connection="books", kind="all"))
    stage.settle()
