"""A customer that several syncs know is one link: each goes on with what another has begun."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import msgspec
import pytest

from hub.cli.flows_test import LIBRARY as WORLD
from hub.errors import ConfigFault
from hub.flows.examples import missed
from hub.flows.load.document import template
from hub.stories import play
from hub.stories.check import scene_of
from tests.flows.judge.told import texts

if TYPE_CHECKING:
    from hub.stories.scene import Scene

US = """
flow  = "us_customers"
about = "A company in the CRM of the American branch is a customer in Books."

[sides]
us    = "us.Accounts"
books = { kind = "books.contacts", only = 'it.contact_type == "customer"', part = "currency" }

[match]
sure  = ["name + address.code"]
maybe = ["name"]
new   = { us = "create in books", books = "ignore" }
gone  = { us = "unlink", books = "unlink" }

[fields]
display  = { us = "Account_Name", books = "contact_name", owner = "us", write = "on create" }
name     = { us = "Account_Name", books = "company_name",    owner = "books", as = "company" }
website  = { us = "Website",      books = "website",         owner = "books" }
address  = { us = "Billing_*",    books = "billing_address", owner = "books", as = "address" }
currency = { us = "Currency",     books = "currency_id", owner = "books", as = "currency" }

[people]
sides = { us = "us.Contacts by Account_Name", books = "books.contactpersons in contact_persons" }
match = { sure = ["email"], new = { us = "create in books", books = "ignore" } }
fields.last_name = { us = "Last_Name", books = "last_name", owner = "books", as = "name" }
fields.email     = { us = "Email",     books = "email",     owner = "books", as = "email" }
fields.phone     = { us = "Phone",     books = "phone",     owner = "books", as = "phone" }
"""

OURS = '10:00 crm.account 3 Account_Name = "Velm", Billing_Code = "1010", Website = "velm.example"'
THEIRS = '10:10 us.account 5 Account_Name = "Velm", Billing_Code = "1010"'
JOINED = (
    "books.contacts is made once",
    "crm.account 3 is linked with books.contact 1",
    "us.account 5 is linked with books.contact 1",
)


ANA = 'Last_Name = "Reis", Email = "ana@velm.example", Phone = "+351 21 000 0001"'


@cache
def scene(us: str = US) -> Scene:
    files = {"customers.toml": template("customers"), "us_customers.toml": us}
    account = WORLD.connections["crm"]
    world = msgspec.structs.replace(WORLD, connections={**WORLD.connections, "us": account})
    return scene_of(files, {}, world)


@cache
def library(*flows: str) -> Scene:
    return scene_of({f"{name}.toml": template(name) for name in flows}, {}, WORLD)


def follows(see: list[str], *expect: str, of: Scene | None = None) -> None:
    happened = play(see, of or scene())
    wrong = missed(expect, happened, (of or scene()).names())
    assert not wrong, "\n".join(["expected:", *wrong, "what happened:", *texts(happened)])


def test_the_second_sync_finds_the_customer_that_the_first_has_made() -> None:
    follows([OURS, THEIRS], *JOINED, 'us.account 5 gets Website = "velm.example"', "nothing else")


def test_what_is_said_in_one_system_reaches_all_others() -> None:
    for who, others in {"crm.account 3": "us.account 5", "us.account 5": "crm.account 3"}.items():
        follows(
            [OURS, THEIRS, f'10:20 {who} Website = "new.example"'],
            *JOINED,
            'books.contact 1 gets website = "new.example"',
            f'{others} gets Website = "new.example"',
        )


def test_what_is_said_in_the_middle_reaches_both_ends() -> None:
    follows(
        [OURS, THEIRS, '10:20 books.contact 1 website = "new.example"'],
        *JOINED,
        'crm.account 3 gets Website = "new.example"',
        'us.account 5 gets Website = "new.example"',
    )


def test_who_was_there_already_is_found_when_the_other_sync_makes_the_customer() -> None:
    follows(
        ['there was: us.account 5 Account_Name = "Velm", Billing_Code = "1010"', OURS],
        *JOINED,
    )


def test_two_who_are_new_in_the_same_minute_are_one_customer() -> None:
    follows([OURS, THEIRS.replace("10:10", "10:00")], *JOINED)


def test_a_name_alone_is_asked_about_by_the_second_sync_too_and_a_person_says_who_it_is() -> None:
    other_town = THEIRS.replace("1010", "2020")
    follows(
        [OURS, other_town, "10:30 ana says: link books.contacts/1"],
        "asked: us.Accounts/5 may be the same as books.contacts/1",
        *JOINED,
    )


def test_one_that_is_gone_leaves_the_others_together() -> None:
    follows(
        [OURS, THEIRS, "10:20 us.account 5 is gone", '10:30 crm.account 3 Website = "b.example"'],
        "books.contacts is made once",
        'books.contact 1 gets website = "b.example"',
        "crm.account 3 is linked with books.contact 1",
    )


def test_a_change_on_both_ends_at_once_ends_with_the_word_of_the_owner() -> None:
    follows(
        [
            OURS,
            THEIRS,
            '10:20 us.account 5 Website = "us.example"',
            '10:20 crm.account 3 Website = "ours.example"',
            "11:00 nothing happens",
        ],
        *JOINED,
        'us.account 5 gets Website = "ours.example"',
        'books.contact 1 gets website = "ours.example"',
    )


def test_a_person_whom_both_know_is_one_and_is_told_of_on_both_ends() -> None:
    follows(
        [
            OURS,
            THEIRS,
            f"10:20 crm.contact 7 Account_Name = crm.account 3, {ANA}",
            f"10:30 us.contact 8 Account_Name = us.account 5, {ANA}",
            '10:40 us.contact 8 Phone = "+351 21 000 0000"',
        ],
        "books.contactpersons is made once",
        'books.contactperson 1 gets phone = "+351210000000"',
        'crm.contact 7 gets Phone = "+351210000000"',
    )


def test_a_person_who_is_new_in_both_in_the_same_minute_is_one() -> None:
    follows(
        [
            OURS,
            THEIRS,
            f"10:20 crm.contact 7 Account_Name = crm.account 3, {ANA}",
            f"10:20 us.contact 8 Account_Name = us.account 5, {ANA}",
            '10:40 us.contact 8 Phone = "+351 21 000 0000"',
        ],
        "books.contactpersons is made once",
        'crm.contact 7 gets Phone = "+351210000000"',
        "nothing is asked",
    )


def test_two_who_only_share_a_name_are_two_though_they_are_new_in_the_same_minute() -> None:
    follows(
        [
            OURS,
            THEIRS,
            f"10:20 crm.contact 7 Account_Name = crm.account 3, {ANA}",
            f"10:20 us.contact 8 Account_Name = us.account 5, {ANA.replace('ana@', 'office@')}",
        ],
        'books.contactpersons is made with email = "ana@velm.example"',
        'books.contactpersons is made with email = "office@velm.example"',
    )


OTHER = '10:20 crm.account 4 Account_Name = "Dorn", Billing_Code = "3030"'
THEIR_OTHER = '10:21 us.account 6 Account_Name = "Dorn", Billing_Code = "3030"'
MERGED = [
    '10:30 crm.account 4 Account_Name = "Velm", Billing_Code = "1010"',
    "10:31 crm.account 3 is gone",
    "10:40 ana says: link crm.Accounts/4, books.contacts/2 stays",
]


def test_a_merge_in_one_system_takes_along_whom_another_sync_has_linked() -> None:
    follows(
        [OURS, THEIRS, OTHER, *MERGED, '10:50 us.account 5 Website = "new.example"'],
        "us.account 5 is linked with books.contact 2",
        "us.account 5 is linked with crm.account 4",
        'books.contact 2 gets website = "new.example"',
        'crm.account 4 gets Website = "new.example"',
    )


def test_where_a_merge_leaves_two_of_a_third_system_a_person_says_whose_the_place_is() -> None:
    follows(
        [OURS, THEIRS, OTHER, THEIR_OTHER, *MERGED],
        "asked: us.Accounts/5 would be linked with",
        "us.account 6 is linked with crm.account 4",
    )
    follows(
        [OURS, THEIRS, OTHER, THEIR_OTHER, *MERGED, "10:50 ana says: take us.Accounts/5"],
        "us.account 5 is linked with crm.account 4",
    )


def test_two_syncs_that_share_a_field_say_who_is_believed() -> None:
    with pytest.raises(ConfigFault, match='two syncs may share it where one says owner = "books"'):
        scene(US.replace('"website",         owner = "books"', '"website", owner = "us"'))


def test_two_syncs_tell_the_same_records_apart_in_the_same_way() -> None:
    with pytest.raises(ConfigFault, match=r"expected part = .currency_id., as customers.toml"):
        scene(US.replace(', part = "currency"', ""))


def test_a_customer_made_for_one_who_says_no_currency_is_found_by_the_one_it_has() -> None:
    known = 'Name = "Velm", BillingPostalCode = "1010", CurrencyIsoCode = "USD"'
    deal = 'AccountId = salesforce.account 5, OpportunityLineItems = [], CurrencyIsoCode = "USD"'
    follows(
        [
            '10:00 desk.account 3 accountName = "Velm", code = "1010"',
            '10:05 books.contact 1 currency_id = "USD"',
            f"10:10 salesforce.account 5 {known}",
            f'10:20 opportunity 7 Name = "Setup", IsWon = false, Amount = 100, {deal}',
            "10:30 opportunity 7 IsWon = true",
        ],
        "books.contacts is made once",
        "books.invoices is made once with customer_id = books.contact 1",
        of=library("desk_customers", "salesforce_customers", "invoice_from_won_opportunity"),
    )


def test_who_writes_in_and_belongs_to_no_account_is_nobodys_contact_person() -> None:
    follows(
        ['10:00 desk.contact 5 lastName = "Reis", email = "ana@velm.example"'],
        "nothing",
        "because: it names no company",
        of=library("desk_customers"),
    )


def test_however_often_a_person_edits_every_edit_reaches_the_far_end() -> None:
    edits = [f'10:20 crm.account 3 Website = "{number}.example"' for number in range(12)]
    follows(
        [OURS, THEIRS, *(edit.replace("20", str(20 + at)) for at, edit in enumerate(edits))],
        *JOINED,
        'us.account 5 gets Website = "11.example"',
        "nothing is asked",
    )
