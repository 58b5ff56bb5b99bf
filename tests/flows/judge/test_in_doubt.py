"""What is said otherwise at one stamp is in doubt: what a read decides is judged, as a change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from uuid import UUID

import msgspec

from hub.events import Answered, Event, Sending, event_of
from hub.flows.examples import seen_in
from hub.outbound.owed import Content
from tests.flows.judge.told import SETUP, VELM, scene_for, stage_of

if TYPE_CHECKING:
    from hub.flows.known import Key
    from hub.stories.play import Stage

INVOICE, AT_ONCE = "invoice_from_won_deal", 'when.stays = "0s"'
DEAL = ("crm", "Deals", "7")
ACCOUNT, CUSTOMER = ("crm", "Accounts", "3"), ("books", "contacts", "1")
IN_PORTO = 'Billing_Street = "High Street 1", Billing_City = "Porto", Billing_Code = "1000"'


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


def test_p7_an_edit_that_a_write_of_the_same_second_went_over_is_carried_once_that_is_sure() -> (
    None
):
    stage = stage_of(f"{VELM}, {IN_PORTO}")
    for one in seen_in(
        ['10:05 account 3 Billing_Street = "Mill Lane 2"'], scene_for("customers").names()
    ):
        stage.see(one)
    [(id_, row)] = stage.hub.owed()
    content = stage.hub.content(id_, row, whole="", empty=stage.sides.empty("books"))
    assert isinstance(content, Content)
    agreed = {flow: dict(values) for flow, values in content.agreed.items()}
    answers(stage, Sending(delivery=id_, attempt=1, fields=dict(content.fields), agreed=agreed))

    # when a person says otherwise in the second in which it is written, and no answer comes
    for street in ("Ring 5", "Mill Lane 2"):
        address = stage.sides.fields(CUSTOMER)["billing_address"] | {"address": street}
        now = stage.hub.now
        stage.sides.put(CUSTOMER, {"billing_address": address}, at=now, created=now)
        stage.observe(CUSTOMER)
    answers(stage, answered(id_, "unknown"))
    answers(stage, answered(id_, "retry_at"))
    says(stage, CUSTOMER, cause=len(stage.hub.log))
    answers(stage, answered(id_, "retry_at"))
    stage.settle()

    shown = stage.sides.fields(CUSTOMER)["billing_address"]["address"]
    assert (shown, stage.sides.fields(ACCOUNT)["Billing_Street"]) == ("Ring 5", "Ring 5")


def answers(stage: Stage, what: Sending | Answered) -> None:
    id_ = UUID(int=len(stage.hub.log) + 1)
    connection, kind, record = CUSTOMER
    stage.hub.tell(
        event_of(what, id=id_, connection=connection, kind=kind, record=record, flow="customers")
    )


def answered(id_: UUID, outcome: Literal["unknown", "retry_at"]) -> Answered:
    return Answered(delivery=id_, attempt=1, outcome=outcome, sentence="", record=CUSTOMER[2])


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
