"""P7: what was made, and whose answer was lost, is found: it says what was sent then, or what a
person has said since; never what is agreed by now."""

from __future__ import annotations

from itertools import permutations, product
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
import pytest

from hub.events import Answered, Event, Sending, event_of
from hub.flows.examples import seen_in
from hub.outbound.owed import Content
from tests.flows.judge.told import goes_on, scene_for, stage_of

if TYPE_CHECKING:
    from hub.flows.known import Key
    from hub.stories.play import Stage

VELM = (
    '10:00 account 3 Account_Name = "Velm", Website = "velm.example", Currency = "EUR", '
    'Billing_Street = "High Street 1", Billing_City = "Porto", Billing_Code = "1000", '
    'Billing_Country = "PT"'
)
ACCOUNT = ("crm", "Accounts", "3")

CRM_EDITS = '10:01 account 3 Billing_Street = "Mill Lane 8"'
BOOKS_EDITS = '10:01 books.contact 1 company_name = "Velm Tools"'
LOST, FOUND = "the answer is lost", "the record is found"
SEEN = "the record is seen"


@pytest.mark.parametrize("is_seen_with_the_answer", [True, False])
@pytest.mark.parametrize(
    "between",
    [
        [CRM_EDITS],
        [CRM_EDITS, SEEN],
        [SEEN, CRM_EDITS],
        *map(list, permutations([CRM_EDITS, BOOKS_EDITS])),
        [SEEN, BOOKS_EDITS, CRM_EDITS],
        [SEEN, CRM_EDITS, BOOKS_EDITS],
        [BOOKS_EDITS, SEEN],
        [BOOKS_EDITS, SEEN, CRM_EDITS],
        [BOOKS_EDITS, CRM_EDITS, SEEN],
        [CRM_EDITS, BOOKS_EDITS, SEEN],
    ],
    ids=", then ".join,
)
def test_an_edit_made_before_the_answer_reaches_what_was_made(
    *, between: list[str], is_seen_with_the_answer: bool
) -> None:
    stage = begun()
    made = is_made(stage)

    for each in between:
        happens(stage, each, made)
    is_found(stage, made, is_seen=is_seen_with_the_answer)
    rests(stage, made)

    if CRM_EDITS in between:
        assert street(stage, made) == ("Mill Lane 8", "Mill Lane 8")
    if BOOKS_EDITS in between:
        assert name(stage, made) == ("Velm Tools", "Velm Tools")


@pytest.mark.parametrize(("arrived", "is_seen"), list(product([1, 2], [True, False])))
def test_whichever_attempt_made_it_no_older_word_of_the_hub_is_taken_for_a_persons(
    *, arrived: int, is_seen: bool
) -> None:
    stage = begun()
    attempts = []
    for edit in (CRM_EDITS, '10:02 account 3 Billing_Street = "Low Street 2"'):
        attempts.append(is_sent(stage))
        see(stage, edit)
    id_, fields = attempts[arrived - 1]
    made = stage.sides.write(("books", "contacts", ""), fields, id_, stage.hub.now)

    if is_seen:
        stage.observe(made)
    is_found(stage, made, is_seen=True)
    rests(stage, made)

    assert street(stage, made) == ("Low Street 2", "Low Street 2")


def test_what_a_person_wrote_into_it_before_it_was_found_is_no_rendering() -> None:
    stage = begun()
    made = is_made(stage)

    stage.sides.put(made, {"company_name": "Velm Tools"}, at=stage.hub.now, created=stage.hub.now)
    is_found(stage, made, is_seen=True)
    rests(stage, made)

    assert name(stage, made) == ("Velm Tools", "Velm Tools")


@pytest.mark.parametrize("seen_first", [True, False])
@pytest.mark.parametrize(
    ("city", "then"), [("Por", "Porto"), ("Braga", "Braga")], ids=["cut", "edited"]
)
def test_a_part_of_an_address_that_was_cut_is_no_edit_of_a_person(
    *, city: str, then: str, seen_first: bool
) -> None:
    stage = begun()
    made = is_made(stage)
    address = {**stage.sides.fields(made)["billing_address"], "city": city}

    now = stage.hub.now
    stage.sides.put(made, {"billing_address": address}, at=now, created=now)
    if seen_first:
        stage.observe(made)
    is_found(stage, made, is_seen=True)
    rests(stage, made)

    assert stage.sides.fields(ACCOUNT)["Billing_City"] == then


def test_what_a_list_has_shown_of_it_first_is_edited_as_what_was_sent() -> None:
    stage = begun()
    made = is_made(stage)
    see(stage, CRM_EDITS)
    address = {**stage.sides.fields(made)["billing_address"], "city": "Braga"}
    now = stage.hub.now
    stage.sides.put(made, {"billing_address": address}, at=now, created=now)

    is_listed(stage, made)
    stage.observe(made)
    rests(stage, made)

    assert street(stage, made) == ("Mill Lane 8", "Mill Lane 8")
    assert stage.sides.fields(ACCOUNT)["Billing_City"] == "Braga"


def is_listed(stage: Stage, made: Key) -> None:
    """Have a list tell of it: its name and its mark, and no address."""
    fields = stage.sides.fields(made)
    told = {name: fields[name] for name in fields if name not in ("billing_address", "website")}
    row = Event(
        type="observed", id=UUID(int=len(stage.hub.log) + 1), connection=made[0], kind=made[1],
        record=made[2], data=msgspec.json.encode(told), road="poll", occurred_at=stage.hub.now,
    )  # fmt: skip
    stage.hub.tell(row)


def begun() -> Stage:
    stage = stage_of("09:00 nothing happens")
    see(stage, VELM)
    return stage


def see(stage: Stage, line: str) -> None:
    for one in seen_in([line], scene_for("customers").names()):
        stage.see(one)


def happens(stage: Stage, what: str, made: Key) -> None:
    if what == SEEN:
        stage.observe(made)
    elif what == BOOKS_EDITS:  # and no word comes of it
        later = stage.hub.now
        stage.sides.put(made, {"company_name": "Velm Tools"}, at=later, created=later)
    else:
        see(stage, what)


def is_sent(stage: Stage) -> tuple[UUID, dict[str, Any]]:
    """Have it sent to Books that the customer is to be made; no answer comes."""
    [(id_, row)] = [each for each in stage.hub.owed() if not each[1].record]
    content = stage.hub.content(id_, row, whole="", empty=stage.sides.empty("books"))
    assert isinstance(content, Content)
    agreed = {flow: dict(values) for flow, values in content.agreed.items()}
    sending = Sending(
        delivery=id_, attempt=row.attempt + 1, fields=dict(content.fields), agreed=agreed
    )
    tell(stage, sending)
    lost = Answered(
        delivery=id_, attempt=sending.attempt, outcome="unknown", sentence="", record=""
    )
    tell(stage, lost)
    return id_, dict(content.fields)


def is_made(stage: Stage) -> Key:
    id_, fields = is_sent(stage)
    return stage.sides.write(("books", "contacts", ""), fields, id_, stage.hub.now)


def is_found(stage: Stage, made: Key, *, is_seen: bool) -> None:
    """Have it looked for by its mark before it is made again."""
    waiting = [each for each in stage.hub.owed() if not each[1].record]
    if not waiting:
        return
    [(id_, row)] = waiting
    content = stage.hub.content(id_, row, whole="", empty=stage.sides.empty("books"))
    assert isinstance(content, Content)
    agreed = {flow: dict(values) for flow, values in content.agreed.items()}
    attempt = row.attempt + 1
    tell(stage, Sending(delivery=id_, attempt=attempt, fields=dict(content.fields), agreed=agreed))
    found = Answered(
        delivery=id_, attempt=attempt, outcome="done", sentence="", record=made[2],
        was_there=True, at=stage.hub.now if is_seen else None, tells=is_seen,
    )  # fmt: skip
    tell(stage, found)
    if is_seen:
        stage.observe(made, origin=f"hub:{id_}")


def rests(stage: Stage, made: Key) -> None:
    stage.settle()
    goes_on(stage, "11:00 nothing happens")
    stage.observe(made)
    stage.settle()
    assert not stage.hub.waiting()


def tell(stage: Stage, what: Sending | Answered) -> None:
    id_ = UUID(int=len(stage.hub.log) + 1)
    record = what.record or None if isinstance(what, Answered) else None
    stage.hub.tell(
        event_of(what, id=id_, connection="books", kind="contacts", record=record, flow="customers")
    )


def street(stage: Stage, made: Key) -> tuple[str, str]:
    books = stage.sides.fields(made)["billing_address"]["address"]
    return stage.sides.fields(ACCOUNT)["Billing_Street"], books


def name(stage: Stage, made: Key) -> tuple[str, str]:
    return stage.sides.fields(ACCOUNT)["Account_Name"], stage.sides.fields(made)["company_name"]
