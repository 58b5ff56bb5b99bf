"""Two records claim one place in a link, as after a merge: a person says whose it is, once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from hub.conclusions import Member
from hub.events import Answered, Linked, Sending, event_of
from hub.flows.examples import seen_in
from hub.flows.known import slot_of
from hub.operate.act import act
from tests.flows.judge.told import SETUP, VELM, follows, goes_on, scene_for, stage_of

if TYPE_CHECKING:
    from hub.flows.known import Item
    from hub.stories.play import Stage

OLD = 'there was: account 4 Account_Name = "Velm", Billing_Code = "1010", Currency = "EUR"'
LINKED = VELM + ', Billing_Code = "1010"'
DEAL = SETUP.replace("account 3", "account 4")


def test_a_deal_of_the_one_that_a_merge_left_is_invoiced_once_a_person_has_named_it() -> None:
    follows(
        [
            OLD, LINKED, DEAL, "10:05 account 3 is gone",
            '10:10 deal 7 Stage = "Closed Won"',
            "10:30 ana says: link books.contacts/1",
        ],
        "asked: crm.Accounts/4 may be the same as books.contacts/1",
        "books.contacts is made once",
        "account 4 is linked with books.contact 1",
        "books.invoices is made once with customer_id = books.contact 1",
        flow="invoice_from_won_deal",
    )  # fmt: skip


def test_a_deal_goes_on_as_soon_as_its_customer_is_linked() -> None:
    follows(
        [
            'there was: account 3 Account_Name = "Velm", Currency = "EUR"',
            'there was: books.contact 1 company_name = "Velm"',
            SETUP, '10:10 deal 7 Stage = "Closed Won"',
            "10:30 ana says: link books.contacts/1",
        ],
        "books.contacts is not made",
        "books.invoices is made once with customer_id = books.contact 1",
        flow="invoice_from_won_deal",
    )  # fmt: skip


def test_one_that_bears_the_mark_of_another_is_asked_about_once() -> None:
    stage = a_second_bearer('10:05 books.contact 1 notes = "merged"')
    asked = len(stage.hub.log)

    goes_on(stage, '10:20 books.contact 8 notes = "seen again"')

    (item,) = waiting(stage)
    assert item.reason == "duplicate"
    assert item.choices == ["take books.contacts/8", "create", "leave"]
    assert "that place is books.contacts/1's" in item.sentence
    assert [one.type for one in stage.hub.log[asked:]] == ["observed"]


@pytest.mark.parametrize("meanwhile", ['notes = "merged"', "is gone"])
def test_a_person_has_it_take_the_place(meanwhile: str) -> None:
    stage = a_second_bearer(f"10:05 books.contact 1 {meanwhile}", above='match.gone.books = "ask"')

    goes_on(stage, "10:30 ana says: take books.contacts/8", '10:40 account 3 Website = "new"')

    assert waiting(stage) == []
    assert stage.sides.fields(("books", "contacts", "8"))["website"] == "new"
    members = stage.hub.linked_with(("crm", "Accounts", "3"))
    assert {record for _, _, record in members} == {"3", "8"}


def test_one_that_was_made_while_another_took_its_place_is_told_of() -> None:
    stage = stage_of("10:00 nothing happens")
    for one in seen_in([VELM], scene_for("customers").names()):
        stage.see(one)
    ((slot, row),) = stage.hub.owed()
    assert row.link is not None
    sending = Sending(delivery=slot, attempt=1, fields={})
    stage.hub.tell(event_of(sending, connection="books", kind="contacts"))
    other = Member(connection="books", kind="contacts", record="9", part="EUR")
    stage.hub.tell(act(Linked(link=row.link, members=[other]), "ana"))

    done = Answered(delivery=slot, attempt=1, outcome="done", sentence="", record="10")
    stage.hub.tell(event_of(done, connection="books", kind="contacts", record="10"))

    (item,) = waiting(stage)
    assert (item.reason, item.subject) == ("duplicate", "books.contacts/10")
    assert "was made while books.contacts/9 was linked in its place" in item.sentence


def a_second_bearer(meanwhile: str, above: str = "") -> Stage:
    """Have a customer that the hub made, and another that bears its mark from a merge on."""
    stage = stage_of(VELM, meanwhile, above=above)
    link = stage.hub.known.link_of(("crm", "Accounts", "3"))
    assert link is not None
    mark = slot_of(link, "books", "contacts", "EUR")
    goes_on(stage, f'10:10 books.contact 8 company_name = "Velm", cf_hub_id = "{mark}"')
    return stage


def waiting(stage: Stage) -> list[Item]:
    known = stage.hub.known
    found = (stage.hub.ask(partial(known.item, each)) for each in stage.hub.waiting())
    return [one for one in found if one is not None]
