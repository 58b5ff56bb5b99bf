"""In whatever order it comes to be known what a customer owes, and which account it is, the account
is told in the end."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from hub.events import Answered, Resolved, Sending, event_of, payload
from hub.flows.examples import seen_in
from hub.operate.act import act
from hub.outbound.owed import Content
from tests.flows.judge.told import scene_for, stage_of

if TYPE_CHECKING:
    from hub.flows.known import Key
    from hub.projectors.sync.delivery_rows import Delivery
    from hub.stories.play import Stage

PAYMENT = "payment_status_to_crm"
CUSTOMER = '10:00 books.contact 1 company_name = "Velm", currency_id = "EUR"'
INVOICE = (
    '10:00 invoice 8 customer_id = books.contact 1, currency_id = "EUR", total = 50, '
    'due_date = "2026-03-16", status = '
)

SENT, PAID = "sent", "paid"
MADE, ANSWERED, SEEN = "the account is made", "that is answered", "the account is seen"
LINES = {
    SENT: f'{INVOICE}"sent"',
    PAID: '10:00 invoice 8 status = "paid", balance = 0',
}
AFTER = {PAID: SENT, ANSWERED: MADE, SEEN: MADE}


def in_order(steps: tuple[str, ...]) -> bool:
    return all(
        steps.index(before) < steps.index(after)
        for after, before in AFTER.items()
        if after in steps and before in steps
    )


ORDERS = [each for each in permutations([SENT, PAID, MADE, ANSWERED, SEEN]) if in_order(each)]


@pytest.mark.parametrize(
    "is_lost", [False, True], ids=["answered", "found after its answer was lost"]
)
def test_an_account_is_told_in_whatever_order_things_come_to_be_known(*, is_lost: bool) -> None:
    wrong = [each for each in ORDERS if told(each, is_lost=is_lost) != 0]

    assert not wrong, "\n".join(", ".join(each) for each in wrong)


def told(order: tuple[str, ...], *, is_lost: bool) -> object:
    stage = stage_of("09:00 nothing happens", flow=PAYMENT)
    see(stage, CUSTOMER)
    [item] = stage.hub.waiting()
    stage.hub.tell(act(Resolved(item=item, choice="create"), "ana"))
    account: Key = ("crm", "Accounts", "")
    for each in order:
        if each in LINES:
            see(stage, LINES[each])
        elif each == MADE:
            account = made(stage, is_lost=is_lost)
        elif each == ANSWERED:
            answered(stage, account, is_lost=is_lost)
        elif each == SEEN:
            stage.observe(account)
    stage.settle()
    return stage.sides.fields(account).get("Books_Balance")


def made(stage: Stage, *, is_lost: bool) -> Key:
    [(id_, row)] = waiting(stage)
    fields = sent(stage, id_, row)
    if is_lost:
        tell(stage, Answered(delivery=id_, attempt=1, outcome="unknown", sentence="", record=""))
    return stage.sides.write(("crm", "Accounts", ""), fields, id_, stage.hub.now)


def answered(stage: Stage, account: Key, *, is_lost: bool) -> None:
    if is_lost:
        if not waiting(stage):
            return  # it was seen meanwhile, and is not made again
        [(id_, row)] = waiting(stage)
        sent(stage, id_, row)
    else:
        [id_] = [one.delivery for one in sendings(stage)]
    done = Answered(
        delivery=id_, attempt=1 + is_lost, outcome="done", sentence="", record=account[2],
        was_there=is_lost, at=None if is_lost else stage.hub.now,
    )  # fmt: skip
    tell(stage, done)


def waiting(stage: Stage) -> list[tuple[UUID, Delivery]]:
    return [each for each in stage.hub.owed() if not each[1].record]


def sendings(stage: Stage) -> list[Sending]:
    return [payload(each) for each in stage.hub.log if each.type == "sending"]


def sent(stage: Stage, id_: UUID, row: Delivery) -> dict[str, Any]:
    content = stage.hub.content(id_, row, whole="", empty=stage.sides.empty("crm"))
    assert isinstance(content, Content)
    agreed = {flow: dict(values) for flow, values in content.agreed.items()}
    fields = dict(content.fields)
    tell(stage, Sending(delivery=id_, attempt=row.attempt + 1, fields=fields, agreed=agreed))
    return fields


def see(stage: Stage, line: str) -> None:
    for one in seen_in([line], scene_for(PAYMENT).names()):
        stage.see(one)


def tell(stage: Stage, what: Sending | Answered) -> None:
    id_ = UUID(int=len(stage.hub.log) + 1)
    record = what.record or None if isinstance(what, Answered) else None
    stage.hub.tell(
        event_of(what, id=id_, connection="crm", kind="Accounts", record=record, flow="customers")
    )
