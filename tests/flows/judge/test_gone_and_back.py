"""A record that was gone and comes back under another name: where it was, or a person is asked."""

from __future__ import annotations

from hub.conclusions import Member
from hub.events import Linked, Unlinked
from hub.operate.act import act
from hub.stories.happen import happened_in
from tests.flows.judge.test_joint_links import JOINED, OURS, THEIRS, follows
from tests.flows.judge.told import VELM, goes_on, stage_of, texts
from tests.flows.judge.told import follows as of_one_flow

GONE = "10:20 us.account 5 is gone"
RENAMED = (
    '10:30 us.account 5 Account_Name = "Velm Group", Billing_Code = "9999", '
    'Website = "back.example"'
)


def test_who_was_deleted_and_restored_under_another_name_is_in_its_link_again() -> None:
    follows(
        [OURS, THEIRS, GONE, RENAMED, '10:40 us.account 5 Website = "later.example"'],
        *JOINED,
        "books.contacts is made once",
        "nothing is asked",
        'crm.account 3 gets Website = "later.example"',
    )


def test_what_was_said_of_the_others_meanwhile_reaches_who_is_back() -> None:
    follows(
        [
            OURS, THEIRS, GONE, '10:25 crm.account 3 Website = "meanwhile.example"',
            '10:30 us.account 5 Account_Name = "Velm Group", Billing_Code = "1010"',
        ],
        "books.contacts is made once",
        'us.account 5 gets Website = "meanwhile.example"',
    )  # fmt: skip


def test_who_finds_another_in_its_place_is_asked_about() -> None:
    follows(
        [
            OURS, THEIRS, GONE, '10:25 us.account 6 Account_Name = "Velm", Billing_Code = "1010"',
            RENAMED, '10:40 us.account 5 Website = "later.example"',
        ],
        "books.contacts is made once",
        "asked: us.Accounts/5 was gone and is there again",
        "us.account 6 is linked with books.contact 1",
    )  # fmt: skip


def test_who_finds_nobody_there_any_more_is_asked_about_and_made_anew_on_a_word() -> None:
    lone = [
        '10:00 us.account 5 Account_Name = "Velm", Billing_Code = "1010"',
        "10:20 us.account 5 is gone",
        "10:22 books.contact 1 is gone",
        RENAMED,
    ]

    follows(lone, "books.contacts is made once", "asked: us.Accounts/5 was gone and is there again")
    follows(
        [*lone, "10:40 ana says: create", "11:00 nothing happens"],
        'books.contacts is made with company_name = "Velm Group"',
        "us.account 5 is linked with books.contact 2",
    )


def test_who_a_person_unlinked_when_it_was_gone_is_asked_about_when_it_is_back() -> None:
    of_one_flow(
        [
            VELM, "10:10 account 3 is gone", "10:20 ana says: unlink",
            '10:30 account 3 Account_Name = "Other", Currency = "EUR"',
        ],
        "books.contacts is made once",
        "asked: crm.Accounts/3 was gone and is there again",
    )  # fmt: skip


def test_what_a_person_has_linked_and_unlinked_since_does_not_go_back_by_itself() -> None:
    stage = stage_of(
        VELM, "10:10 account 3 is gone", "10:20 ana says: unlink", "10:21 nothing happens"
    )
    members = [
        Member(connection="crm", kind="Accounts", record="3"),
        Member(connection="books", kind="contacts", record="1", part="EUR"),
    ]
    link = stage.hub.known.link_of(("books", "contacts", "1"))
    assert link is not None
    goes_on(stage, '10:30 account 3 Account_Name = "Other"')

    stage.hub.tell(act(Linked(link=link, members=members), "ana"))
    waits = len(stage.hub.waiting())
    stage.hub.tell(act(Unlinked(link=link, members=members[:1]), "ana"))
    goes_on(stage, '11:00 account 3 Website = "new.example"')

    told = texts(happened_in(stage.hub.log, stage.hub.linked_with))
    assert waits == 0
    assert not [one for one in told if "it is there again" in one]
