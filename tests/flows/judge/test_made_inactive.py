"""When a record is gone, what it was linked with is made inactive: once, and never deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.conclusions import Member
from hub.events import Linked, ModeSet, Reviewed
from hub.flows.examples import seen_in
from hub.operate.act import act
from tests.flows.judge.told import VELM, follows, goes_on, scene_for, stage_of

if TYPE_CHECKING:
    from hub.stories.play import Stage

INACTIVE = 'match.gone.crm = "deactivate"'
GONE = "10:10 account 3 is gone"
AGAIN = '10:20 account 3 Account_Name = "Velm", Website = "velm.example", Currency = "EUR"'
LIKE_IT = 'there was: account 4 Account_Name = "Velm", Billing_Code = "1010", Currency = "EUR"'
CONTACT = ("books", "contacts", "1")


def test_the_customer_of_a_company_that_is_gone_is_made_inactive() -> None:
    follows(
        [VELM, GONE],
        'books.contact 1 gets status = "inactive"',
        "because: crm.Accounts/3 is gone",
        "nothing is asked",
        above=INACTIVE,
    )


def test_seen_gone_again_it_is_not_made_inactive_twice() -> None:
    stage = stage_of(VELM, GONE, above=INACTIVE)
    goes_on(stage, '10:20 books.contact 1 status = "active"', above=INACTIVE)

    (gone,) = [one for one in stage.hub.log if one.type == "gone"]
    stage.hub.tell(gone)
    stage.settle()

    assert written(stage) == 1
    assert stage.sides.fields(CONTACT)["status"] == "active"


def test_there_again_it_is_left_inactive_and_that_is_said() -> None:
    follows(
        [VELM, GONE, AGAIN],
        'books.contact 1 gets status = "inactive"',
        "because: it is there again, and books.contacts/1 is left inactive",
        "nothing is asked",
        above=INACTIVE,
    )


@pytest.mark.parametrize("paused", [False, True])
def test_what_waits_for_a_person_is_not_done_once_it_is_there_again(*, paused: bool) -> None:
    stage = stage_of(VELM, above=INACTIVE)
    set_mode(stage, "hold")
    goes_on(stage, GONE, above=INACTIVE)
    assert len(stage.hub.owed()) == 1

    # when it comes back while the flow decides, or while it is paused and is then looked at again
    if paused:
        set_mode(stage, "paused")
    goes_on(stage, AGAIN, above=INACTIVE)
    if paused:
        set_mode(stage, "hold")
        what = Reviewed(flow="customers", records=["3"])
        stage.hub.tell(act(what, "ana", connection="crm", kind="Accounts", flow="customers"))

    assert stage.hub.owed() == []
    set_mode(stage, "on")
    stage.settle()
    assert written(stage) == 0


def test_one_that_may_have_been_merged_is_asked_about() -> None:
    follows(
        [LIKE_IT, f'{VELM}, Billing_Code = "1010"', GONE],
        "asked: It may have been merged into crm.Accounts/4",
        "books.contact 1 gets nothing",
        above=INACTIVE,
    )


def test_what_was_inactive_already_is_left_alone() -> None:
    follows(
        [VELM, '10:05 books.contact 1 status = "inactive"', GONE],
        "because: books.contacts/1 is inactive already",
        "books.contact 1 gets nothing",
        above=INACTIVE,
    )


def test_one_that_is_in_no_link_makes_nothing_inactive() -> None:
    follows(
        [
            'there was: books.contact 9 company_name = "Velm", billing_address.zip = "2020"',
            f'{VELM}, Billing_Code = "1010"', GONE,
        ],
        "books.contact 9 gets nothing",
        above=INACTIVE,
    )  # fmt: skip


def test_a_company_with_a_customer_for_each_currency_makes_all_of_them_inactive() -> None:
    stage = stage_of(
        'there was: books.contact 8 company_name = "Velm US", currency_id = "USD"', VELM,
        above=INACTIVE,
    )  # fmt: skip
    link = stage.hub.known.link_of(("crm", "Accounts", "3"))
    assert link is not None
    other = Member(connection="books", kind="contacts", record="8", part="USD")
    stage.hub.tell(act(Linked(link=link, members=[other]), "ana"))

    goes_on(stage, GONE, above=INACTIVE)

    said = [stage.sides.fields((*CONTACT[:2], record))["status"] for record in ("8", "9")]
    assert said == ["inactive", "inactive"]


@pytest.mark.parametrize("count", [20, 21])
def test_so_many_at_once_are_not_made_inactive(count: int) -> None:
    many = [f'10:00 account {n} Account_Name = "Velm {n}"' for n in range(1, count + 1)]
    stage = stage_of(*many, above=INACTIVE)
    gone = [f"10:10 account {n} is gone" for n in range(1, count + 1)]

    # when they vanish in one page
    for one in seen_in(gone, scene_for("customers", INACTIVE).names()):
        stage.see(one)
    stage.settle()

    is_held = count > 20
    assert stage.hub.known.flows["customers"].mode == ("hold" if is_held else "on")
    assert written(stage) == (0 if is_held else count)


def set_mode(stage: Stage, mode: str) -> None:
    stage.hub.tell(act(ModeSet(flow="customers", mode=mode), "ana", flow="customers"))  # type: ignore[arg-type]


def written(stage: Stage) -> int:
    """Count the writes by which something was made inactive."""
    return sum(
        one.type == "sending" and b'"status":"inactive"' in one.data for one in stage.hub.log
    )
