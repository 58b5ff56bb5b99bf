"""Whether two records are the same is one question, from whichever side it comes up."""

from __future__ import annotations

from hub.events import Reviewed
from hub.operate.act import act
from hub.stories.happen import happened_in
from tests.flows.judge.test_one_place import waiting
from tests.flows.judge.told import goes_on, stage_of, texts

ACCOUNT = 'there was: account 3 Account_Name = "Velm", Billing_Code = "2020", Currency = "EUR"'
CUSTOMER = 'there was: books.contact 9 company_name = "Velm", billing_address.zip = "1010"'
LIKE_IT = 'there was: books.contact 8 company_name = "Velm", billing_address.zip = "3030"'


def test_a_first_sync_asks_once_about_two_that_may_be_the_same() -> None:
    stage = stage_of(ACCOUNT, CUSTOMER, "first sync", "10:00 nothing happens")

    (item,) = waiting(stage)
    assert item.subject == "crm.Accounts/3"
    said = texts(happened_in(stage.hub.log, stage.hub.linked_with))
    assert any("whether it is the same as crm.Accounts/3 is asked there" in each for each in said)


def test_what_a_person_left_is_not_asked_from_the_other_side() -> None:
    stage = stage_of(ACCOUNT, "10:00 nothing happens")
    goes_on(stage, CUSTOMER.replace("there was:", "10:01"), "10:02 ana says: leave")

    goes_on(stage, "first sync")

    assert waiting(stage) == []


def test_one_who_may_be_either_of_two_is_asked_about_with_both() -> None:
    stage = stage_of(ACCOUNT, CUSTOMER, LIKE_IT, "first sync", "10:00 nothing happens")

    (item,) = waiting(stage)
    assert item.choices[:2] == ["link books.contacts/8", "link books.contacts/9"]


def test_who_was_passed_over_for_a_question_about_another_is_asked_about_once_they_differ() -> None:
    stage = stage_of(ACCOUNT, CUSTOMER, "first sync", "10:00 ana says: create")

    (item,) = waiting(stage)
    assert (item.reason, item.subject) == ("newcomer", "books.contacts/9")


def test_an_account_that_a_person_says_is_another_than_the_customer_gets_its_own() -> None:
    stage = stage_of(ACCOUNT, CUSTOMER, "10:00 nothing happens")
    for connection, kind, record in (("books", "contacts", "9"), ("crm", "Accounts", "3")):
        what = Reviewed(flow="customers", records=[record])
        stage.hub.tell(act(what, "ana", connection=connection, kind=kind, flow="customers"))
    (item,) = waiting(stage)
    assert item.subject == "books.contacts/9"

    goes_on(stage, "10:01 ana says: create")

    assert stage.hub.linked_with(("crm", "Accounts", "3")) == (
        ("books", "contacts", "10"),
        ("crm", "Accounts", "3"),
    )
    assert ("crm", "Accounts", "4") in stage.hub.linked_with(("books", "contacts", "9"))
    assert waiting(stage) == []
