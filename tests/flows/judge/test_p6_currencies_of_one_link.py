"""P6: a customer has one record in Books per currency, whichever system it was known in first."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from hub.cli.flows_test import LIBRARY
from hub.events import Answered, ModeSet, event_of
from hub.flows.examples import missed, seen_in
from hub.flows.load.document import template
from hub.operate.act import act
from hub.stories import play
from hub.stories.check import scene_of
from hub.stories.play import AHEAD, Stage
from tests.flows.judge.told import texts

if TYPE_CHECKING:
    from hub.stories.scene import Scene

BOOKS_IN_USD = (
    '10:00 books.contact 1 contact_name = "Velm", company_name = "Velm", '
    'billing_address.zip = "1010", currency_id = "USD"'
)
DESK = '10:05 desk.account 9 accountName = "Velm", code = "1010"'
CRM = '10:10 crm.account 3 Account_Name = "Velm", Billing_Code = "1010", Currency = "EUR"'
DEAL = (
    '10:20 deal 7 Deal_Name = "Setup", Stage = "Proposal", Amount = 100, Currency = "EUR", '
    "Account_Name = crm.account 3"
)
IN_USD = DEAL.replace("EUR", "USD")
WON = '10:30 deal 7 Stage = "Closed Won"'


@cache
def scene() -> Scene:
    names = ("customers", "desk_customers", "invoice_from_won_deal")
    return scene_of({f"{name}.toml": template(name) for name in names}, {}, LIBRARY)


def follows(see: list[str], *expect: str) -> None:
    happened = play(see, scene())
    wrong = missed(expect, happened, scene().names())
    assert not wrong, "\n".join(["expected:", *wrong, "what happened:", *texts(happened)])


def held(see: list[str], then: list[str]) -> Stage:
    """Play a story in which `customers` goes to hold before the last lines."""
    seen = seen_in([*see, *then], scene().names())
    stage = Stage(scene(), next(one.at for one in seen if one.at is not None) - AHEAD)
    stage.begin([])
    for one in seen[: len(see)]:
        stage.see(one)
        stage.settle()

    stage.hub.tell(act(ModeSet(flow="customers", mode="hold"), "ana", flow="customers"))
    for one in seen[len(see) :]:
        stage.see(one)
        stage.settle()
    return stage


def test_a_customer_that_was_known_in_desk_first_is_the_one_of_its_currency() -> None:
    books = (
        '10:00 books.contact 1 contact_name = "Velm Trading", company_name = "Velm", '
        'billing_address.zip = "1010", currency_id = "EUR"'
    )
    follows(
        [books, DESK, CRM, DEAL, WON],
        "books.contacts is not made",
        "books.invoices is made once with customer_id = books.contact 1",
    )


def test_an_account_that_says_no_currency_has_the_customer_in_that_of_books() -> None:
    follows(
        [CRM.replace(', Currency = "EUR"', ""), DEAL, WON],
        "books.contacts is made once",
        "books.invoices is made once with customer_id = books.contact 1",
    )


def test_the_second_currency_is_told_by_the_name_though_other_systems_have_one() -> None:
    follows(
        [CRM, DESK.replace("10:05", "10:15"), IN_USD, WON],
        'books.contacts is made with contact_name = "Velm (USD)", currency_id = "USD"',
        "books.invoices is made once with customer_id = books.contact 2",
    )


def test_the_currency_of_crm_is_the_second_where_books_has_another() -> None:
    follows(
        [BOOKS_IN_USD, CRM, DEAL, WON],
        'books.contacts is made once with contact_name = "Velm (EUR)", currency_id = "EUR"',
        "books.invoices is made once with customer_id = books.contact 2",
    )


def test_what_is_refused_is_told_of_whom_it_was_to_be_made_for() -> None:
    stage = held([BOOKS_IN_USD, DESK, CRM], [DEAL, WON, "11:00 nothing happens"])
    (delivery,) = [id_ for id_, row in stage.hub.owed() if row.kind == "contacts"]

    answer = Answered(
        delivery=delivery, attempt=1, outcome="refused", sentence="3062", because="data"
    )
    about = event_of(answer, connection="books", kind="contacts", flow="customers")
    stage.hub.tell(about)

    item = stage.hub.ask(lambda: stage.hub.known.item(delivery))
    assert item is not None
    assert item.subject == "crm.Accounts/3"


def test_what_a_flow_in_hold_is_to_make_waits_though_another_has_words_for_it() -> None:
    stage = held([CRM, DESK.replace("10:05", "10:15")], [IN_USD, WON, "11:00 nothing happens"])

    assert stage.sides.of_kind("books", "contacts") == ["1"]
    assert stage.sides.of_kind("books", "invoices") == []


def test_a_refused_customer_is_moot_when_a_person_links_one_of_another_currency() -> None:
    lines = [CRM, '10:20 books.contact 5 contact_name = "Velm", currency_id = "USD"']
    was, there, says, deal, won = seen_in(
        [*lines, "10:25 ana says: link crm.Accounts/3", DEAL.replace("10:20", "10:26"), WON],
        scene().names(),
    )
    assert was.at is not None
    stage = Stage(scene(), was.at - AHEAD)
    stage.begin([])

    # given a customer that Books does not take, and one of that name in another currency
    stage.see(was)
    ((delivery, row),) = stage.hub.owed()
    answer = Answered(
        delivery=delivery, attempt=1, outcome="refused", sentence="3062", because="data"
    )
    stage.hub.tell(event_of(answer, connection=row.connection, kind=row.kind, flow=row.flow))
    stage.see(there)
    assert len(stage.hub.waiting()) == 2

    # when a person says that the two are the same
    stage.see(says)
    stage.settle()

    # then nobody is asked any more, and the other currency is made once it is needed
    assert stage.hub.waiting() == []
    assert stage.sides.of_kind("books", "contacts") == ["5"]
    for one in (deal, won):
        stage.see(one)
        stage.settle()
    stage.run_on()
    assert len(stage.sides.of_kind("books", "contacts")) == 2
    assert len(stage.sides.of_kind("books", "invoices")) == 1
