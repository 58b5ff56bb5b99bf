"""Who on the other side is the same: proof links, likeness only asks, and strangers stay apart."""

from __future__ import annotations

import pytest

from hub.conclusions import Joined
from hub.events import payload
from tests.flows.judge.told import follows, stage_of

VELM_9 = 'there was: books.contact 9 company_name = "Velm", billing_address.zip = "1010"'


def test_a_sure_key_links_whoever_speaks_first() -> None:
    follows(
        [
            'there was: account 3 Account_Name = "Velm", Billing_Code = "1010"',
            '10:00 books.contact 9 company_name = "Velm", billing_address.zip = "1010"',
        ],
        "account 3 is linked with books.contact 9",
        "nothing is asked",
    )


def test_the_vendors_own_id_of_the_other_is_proof() -> None:
    follows(
        [
            'there was: books.contact 9 company_name = "Velm Tools", zcrm_account_id = "3"',
            '10:00 account 3 Account_Name = "Velm Tools"',
        ],
        "account 3 is linked with books.contact 9",
        "books.contacts is not made",
    )


@pytest.mark.parametrize("said", ['Account_Name = "Velm", Billing_Code = "2020"'])
def test_a_name_alone_only_proposes(said: str) -> None:
    follows([VELM_9, f"10:00 account 3 {said}"], "asked: same name", "nothing")


def test_a_person_may_say_that_they_are_the_same() -> None:
    follows(
        [
            VELM_9,
            '10:00 account 3 Account_Name = "Velm"',
            "10:10 ana says: link books.contacts/9",
        ],
        "account 3 is linked with books.contact 9",
        "books.contacts is not made",
    )


def test_a_place_that_is_taken_is_proposed_and_nothing_is_made() -> None:
    follows(
        [
            VELM_9,
            '10:00 account 3 Account_Name = "Velm", Billing_Code = "1010"',
            '10:10 account 4 Account_Name = "Velm", Billing_Code = "1010"',
        ],
        "account 3 is linked with books.contact 9",
        "asked: crm.Accounts/4 may be the same as books.contacts/9",
        "books.contacts is not made",
    )


def test_a_company_that_matches_nobody_in_crm_is_asked_about() -> None:
    follows(
        ['10:00 books.contact 9 company_name = "Velm"'],
        "asked: books.contacts/9 matches nobody in crm.Accounts",
        "nothing",
    )


def test_a_vendor_is_found_by_nobody() -> None:
    follows(
        [
            (
                'there was: books.contact 9 company_name = "Velm", billing_address.zip = "1010", '
                'contact_type = "vendor"'
            ),
            '10:00 account 3 Account_Name = "Velm", Billing_Code = "1010"',
        ],
        "books.contacts is made once",
        "account 3 is linked with books.contact 10",
    )


def test_a_record_that_bears_the_mark_is_linked_at_once() -> None:
    stage = stage_of('10:00 account 3 Account_Name = "Velm"')

    mark = stage.sides.fields(("books", "contacts", "1"))["cf_hub_id"]

    assert stage.hub.linked_with(("books", "contacts", "1")) == (
        ("books", "contacts", "1"),
        ("crm", "Accounts", "3"),
    )
    assert len(mark) == 36


def test_a_person_is_looked_for_among_the_people_of_the_same_company_alone() -> None:
    follows(
        [
            '10:00 account 3 Account_Name = "Velm"',
            '10:00 account 4 Account_Name = "Oriel"',
            '10:10 crm.contact 5 Account_Name = account 3, Last_Name = "A", Email = "a@x.example"',
            '10:20 crm.contact 6 Account_Name = account 4, Last_Name = "A", Email = "a@x.example"',
        ],
        'books.contactpersons is made with contact_id = "1"',
        'books.contactpersons is made with contact_id = "2"',
    )


def test_a_person_with_the_same_address_at_the_linked_company_is_the_same() -> None:
    follows(
        [
            (
                'there was: books.contact 9 company_name = "Velm", billing_address.zip = "1010", '
                'contact_persons = [{"contact_person_id": "50", "email": "ana@velm.example"}]'
            ),
            '10:00 account 3 Account_Name = "Velm", Billing_Code = "1010"',
            '10:10 crm.contact 5 Account_Name = account 3, Email = "Ana@Velm.example"',
        ],
        "crm.contact 5 is linked with books.contactperson 50",
        "books.contactpersons is not made",
    )


def test_with_a_customer_that_a_person_had_made_come_the_people_who_are_in_it() -> None:
    ana = '{"contact_person_id": "4", "first_name": "Ana", "last_name": "Reis"}'
    follows(
        [
            (
                '10:00 books.contact 1 contact_type = "customer", company_name = "Velm", '
                f"contact_persons = [{ana}]"
            ),
            "10:05 ana says: create",
            '10:10 books.contact 1 website = "velm.example"',
            "10:15 ana says: create",
        ],
        'crm.Accounts is made once with Account_Name = "Velm"',
        'crm.Contacts is made once with First_Name = "Ana", Last_Name = "Reis"',
    )


def test_the_people_of_both_sides_are_each_found_once() -> None:
    stage = stage_of(
        'there was: books.contact 9 company_name = "Velm", billing_address.zip = "1010", '
        'contact_persons = [{"contact_person_id": "50", "email": "ana@velm.example"}]',
        'there was: account 3 Account_Name = "Velm", Billing_Code = "1010"',
        'there was: crm.contact 5 Account_Name = account 3, Email = "ana@velm.example"',
        "first sync",
        "10:00 nothing happens",
    )

    decided = [payload(event) for event in stage.hub.log if event.type == "decided"]
    joined = [one for each in decided for one in each.conclusions if isinstance(one, Joined)]
    subjects = [member.subject for one in joined for member in one.members]
    assert sorted(subjects) == [
        "books.contactpersons/50", "books.contacts/9", "crm.Accounts/3", "crm.Contacts/5",
    ]  # fmt: skip
