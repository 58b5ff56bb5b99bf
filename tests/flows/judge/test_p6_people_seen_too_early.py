"""P6: a person who was made is seen before the answer tells that: nobody is made for that one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.events import Answered, Sending, event_of
from hub.flows.examples import seen_in
from hub.flows.judge.reasons import ADOPTED
from hub.outbound.owed import Content
from tests.flows.judge.told import scene_for, stage_of

if TYPE_CHECKING:
    from uuid import UUID

    from hub.events import Event
    from hub.flows.known import Key
    from hub.projectors.sync.delivery_rows import Delivery
    from hub.stories.play import Stage

VELM = '10:00 account 3 Account_Name = "Velm", Currency = "EUR"'
IN_BOOKS = (
    '10:10 books.contact 1 contact_persons = [{"contact_person_id": "70", "first_name": "Ana", '
    '"last_name": "Reis", "email": "ana@velm.example"}]'
)
IN_CRM = (
    '10:10 crm.contact 7 Account_Name = account 3, First_Name = "Ana", Last_Name = "Reis", '
    'Email = "ana@velm.example"'
)
BOTH_WAYS = 'people.match.new.books = "create in crm"'


@pytest.mark.parametrize("line", [IN_BOOKS, IN_CRM], ids=["made in crm", "made in books"])
def test_p6_who_was_made_and_is_seen_before_the_answer_is_made_nowhere_else(line: str) -> None:
    stage = stage_of(VELM, above=BOTH_WAYS)
    see(stage, line, above=BOTH_WAYS)

    answer = is_sent_and_seen(stage)
    assert not stage.hub.owed()
    stage.hub.tell(answer)
    stage.settle()

    (customer,) = stage.sides.of_kind("books", "contacts")
    in_books = stage.sides.fields(("books", "contacts", customer))["contact_persons"]
    assert [one["last_name"] for one in in_books] == ["Reis"]
    assert len(stage.sides.of_kind("crm", "Contacts")) == 1
    assert not stage.hub.waiting()


def test_p7_one_without_a_mark_who_is_found_by_what_was_sent_says_nothing_new() -> None:
    stage = stage_of(VELM)
    see(stage, IN_CRM)
    [(id_, row)] = stage.hub.owed()
    _, written = is_sent(stage, id_, row)
    lost = Answered(delivery=id_, attempt=1, outcome="unknown", sentence="", record="")
    stage.hub.tell(event_of(lost, connection=row.connection, kind=row.kind, flow=row.flow))

    see(stage, '10:12 crm.contact 7 Email = "reis@velm.example"')
    found = Answered(
        delivery=id_, attempt=1, outcome="done", sentence="It was there already: same email.",
        because=ADOPTED, record=written[2], was_there=True,
    )  # fmt: skip
    stage.hub.tell(
        event_of(found, connection=row.connection, kind=row.kind, record=written[2], flow=row.flow)
    )
    stage.observe(("books", "contacts", "1"))
    stage.settle()

    (ana,) = stage.sides.fields(("books", "contacts", "1"))["contact_persons"]
    assert ana["email"] == "reis@velm.example"
    assert stage.sides.fields(("crm", "Contacts", "7"))["Email"] == "reis@velm.example"


def see(stage: Stage, line: str, above: str = "") -> None:
    for one in seen_in([line], scene_for("customers", above).names()):
        stage.see(one)


def is_sent(stage: Stage, id_: UUID, row: Delivery) -> tuple[Content, Key]:
    """Have it sent that a person is to be made, and made; no answer comes."""
    whole = stage.sides.whole(("books", "contacts", "1")) if row.kind == "contactpersons" else ""
    content = stage.hub.content(id_, row, whole=whole, empty=stage.sides.empty(row.connection))
    assert isinstance(content, Content)
    sending = Sending(
        delivery=id_, attempt=1, fields=dict(content.fields),
        agreed={flow: dict(values) for flow, values in content.agreed.items()},
    )  # fmt: skip
    stage.hub.tell(event_of(sending, connection=row.connection, kind=row.kind, flow=row.flow))
    key = (row.connection, row.kind, "")
    return content, stage.sides.write(key, content.fields, id_, stage.hub.now)


def is_sent_and_seen(stage: Stage) -> Event:
    """Have made what is owed, and the record be seen; give the answer, which is late."""
    [(id_, row)] = stage.hub.owed()
    content, written = is_sent(stage, id_, row)
    stage.observe(stage.sides.seen_as(written, content.fields))
    done = Answered(
        delivery=id_, attempt=1, outcome="done", sentence="", record=written[2], at=stage.hub.now
    )
    return event_of(
        done, connection=row.connection, kind=row.kind, record=written[2], flow=row.flow
    )
