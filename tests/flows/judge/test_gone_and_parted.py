"""Records that are gone, and links that people have taken apart or put together."""

from __future__ import annotations

from uuid import UUID

from hub.conclusions import Member
from hub.events import Linked, Unlinked
from hub.operate.act import act
from tests.flows.judge.told import VELM, follows, goes_on, stage_of

ACCOUNT = Member(connection="crm", kind="Accounts", record="3")
CONTACT = Member(connection="books", kind="contacts", record="1", part="EUR")


def test_nothing_is_deleted_when_a_record_is_gone() -> None:
    follows(
        [VELM, "10:10 account 3 is gone", '10:20 books.contact 1 website = "new.example"'],
        "asked: crm.Accounts/3 is gone",
        "account 3 gets nothing",
        "books.contact 1 gets nothing",
    )


def test_a_customer_that_is_gone_in_books_leaves_its_link_by_itself() -> None:
    follows(
        [VELM, "10:10 books.contact 1 is gone", '10:20 account 3 Website = "new.example"'],
        "nothing is asked",
        "because: it is gone",
        "books.contact 1 gets nothing",
    )


def test_what_a_person_unlinks_goes_its_own_way() -> None:
    stage = stage_of(VELM)
    link = stage.hub.known.link_of(("crm", "Accounts", "3"))
    assert link is not None

    stage.hub.tell(act(Unlinked(link=link, members=[CONTACT]), "ana"))
    goes_on(stage, '11:00 account 3 Website = "new.example"')

    assert stage.sides.fields(("books", "contacts", "1"))["website"] == "velm.example"


def test_what_a_person_links_agrees_from_the_next_word_on() -> None:
    stage = stage_of(
        'there was: account 3 Account_Name = "Velm", Website = "velm.example"',
        'there was: books.contact 1 company_name = "Velm Lda", website = ""',
        "10:00 nothing happens",
    )

    stage.hub.tell(act(Linked(link=UUID(int=1), members=[ACCOUNT, CONTACT]), "ana"))
    goes_on(stage, '11:00 account 3 Phone = "1"', '11:01 books.contact 1 notes = "x"')

    contact = stage.sides.fields(("books", "contacts", "1"))
    assert (contact["company_name"], contact["website"]) == ("Velm", "velm.example")


def test_the_first_edit_after_a_person_has_linked_is_carried() -> None:
    stage = stage_of(
        'there was: account 3 Account_Name = "Velm", Website = "velm.example"',
        'there was: books.contact 1 company_name = "Velm", website = "velm.example"',
        "10:00 nothing happens",
    )

    stage.hub.tell(act(Linked(link=UUID(int=1), members=[ACCOUNT, CONTACT]), "ana"))
    goes_on(stage, '11:00 books.contact 1 website = "new.example"')

    assert stage.sides.fields(("crm", "Accounts", "3"))["Website"] == "new.example"
