"""`hub inbox` lists what needs a person, and what a person says is done."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import msgspec
import pytest

from hub.app import running
from hub.console.standing import standings
from hub.events import Answered, ModeSet, Sending, event_of
from tests.cli.flowing import BUYERS, FLOW, account, contact, person, put_in_force
from tests.inbound.played_hub import until

if TYPE_CHECKING:
    from uuid import UUID

    from hub.events import Event
    from tests.cli.conftest import Desk, Ended

STATE_OF = "select state from deliveries where record = $1"
LINK_OF = "select link from links where record = $1"


@pytest.fixture
def proposal(desk: Desk) -> str:
    """An item that asks whether an account and a contact of one name are the same."""
    put_in_force(desk)
    desk.keep(contact("b1", company_name="Lumen"), account("a1", Account_Name="Lumen"))
    desk.apply()
    found = desk.run("inbox", "list", "--reason", "proposal", "--json").result
    return str(found[0]["item"])


def refused(delivery: UUID, *alike: str) -> list[Event]:
    about: dict[str, Any] = {"connection": "books", "kind": "contacts", "flow": "customers"}
    said = "phone is not a phone number"
    sent = Sending(delivery=delivery, attempt=1, fields={})
    answer = Answered(
        delivery=delivery, attempt=1, outcome="refused", sentence=said, because="data",
        alike=list(alike),
    )  # fmt: skip
    return [event_of(sent, **about), event_of(answer, **about)]


def test_what_waits_is_listed_with_the_commands_that_answer_it(desk: Desk, proposal: str) -> None:
    listed = desk.run("inbox", "list")
    shown = desk.run("inbox", "show", proposal[:8])

    assert "crm.Accounts/a1 may be the same as books.contacts/b1" in listed.out
    assert f'hub inbox resolve {proposal[:8]} --choose "link books.contacts/b1"' in shown.out
    assert desk.run("inbox", "list", "--flow", "nobody").out == "Nothing waits for a person.\n"


def test_records_are_linked_when_a_person_says_so(desk: Desk, proposal: str) -> None:
    said = desk.run(
        "inbox", "resolve", proposal, "--choose", "link books.contacts/b1", "--by", "eve"
    )
    desk.apply()

    assert said.code == 0
    assert desk.execute(LINK_OF, "a1") == desk.execute(LINK_OF, "b1") is not None
    shown = desk.run("inbox", "show", proposal, "--json").result
    assert (shown["settled_by"], shown["data"]["choice"]) == (
        "operator:eve",
        "link books.contacts/b1",
    )
    assert desk.run("inbox", "list", "--json").result == []


def test_a_record_of_its_own_is_made_when_a_person_says_so(desk: Desk, proposal: str) -> None:
    desk.run("inbox", "resolve", proposal, "--choose", "create")
    desk.apply()

    assert desk.execute("select count(*) from deliveries where record = ''") == 1
    assert desk.execute(LINK_OF, "b1") is None


def test_what_is_left_is_not_asked_again_in_the_same_words(desk: Desk, proposal: str) -> None:
    desk.run("inbox", "resolve", proposal, "--choose", "leave")
    desk.keep(account("a1", Account_Name="Lumen", Phone="+32 2 555 01 01", minutes=1))
    desk.apply()
    left = desk.run("inbox", "list", "--reason", "proposal", "--json").result
    desk.keep(contact("b2", company_name="Lumen"), account("a1", Account_Name="Lumen", minutes=2))
    desk.apply()

    assert left == []
    (again,) = [
        one
        for one in desk.run("inbox", "list", "--reason", "proposal", "--json").result
        if one["item"] == proposal
    ]
    assert "link books.contacts/b2" in again["choices"]


def test_a_conflict_is_what_the_person_takes(desk: Desk) -> None:
    put_in_force(desk)
    desk.keep(
        contact("b1", code="7", company_name="Lumen", phone="+32 2 555 01 01"),
        account("a1", Code="7", Account_Name="Lumen", Phone="+32 2 555 01 01"),
    )
    desk.apply()
    desk.keep(
        account("a1", Code="7", Account_Name="Lumen", Phone="+32 2 555 02 02", minutes=1),
        contact("b1", code="7", company_name="Lumen", phone="+32 2 555 03 03", minutes=1),
    )
    desk.apply()
    (item,) = desk.run("inbox", "list", "--reason", "conflict", "--json").result

    desk.run("inbox", "resolve", item["item"], "--choose", item["choices"][-1])
    desk.apply()

    assert desk.run("inbox", "list", "--json").result == []
    assert desk.execute("select count(*) from deliveries where state = 'owed'") == 1


def test_a_refused_write_is_skipped_edited_or_tried_again(desk: Desk) -> None:
    put_in_force(desk)
    desk.keep(account("a1", Account_Name="Lumen", Phone="+32 2 555 01 01"))
    desk.apply()
    delivery = desk.execute("select id from deliveries")

    for how in (("skip",), ("retry",), ("edit", "--set", "phone=+32 2 555 09 09")):
        desk.keep(*refused(delivery))
        desk.apply()
        command, *more = how
        settled = desk.run("inbox", command, str(delivery), *more)
        desk.apply()
        assert settled.code == 0, settled.err
        expected = "skipped" if command == "skip" else "owed"
        assert desk.execute(STATE_OF, "") == expected
    agreed = desk.execute("select convert_from(fields, 'UTF8') from agreements")

    assert "+3225550909" in agreed


def test_what_cannot_be_answered_so_is_said(desk: Desk, proposal: str) -> None:
    wrong = desk.run("inbox", "resolve", proposal, "--choose", "marry")
    nobody = desk.run("inbox", "show", "ffff")
    desk.run("inbox", "resolve", proposal, "--choose", "leave")
    desk.apply()

    assert wrong.code == nobody.code == 1
    assert "Expected one of: 'link books.contacts/b1', 'create', 'leave'" in wrong.err
    assert "There is nothing in the inbox whose id begins with 'ffff'" in nobody.err
    assert "is settled already" in desk.run("inbox", "skip", proposal).err


def test_a_flow_that_is_paused_would_not_hear_of_an_answer(desk: Desk, proposal: str) -> None:
    desk.keep(event_of(ModeSet(flow="customers", mode="paused")))
    desk.apply()

    said = desk.run("inbox", "resolve", proposal, "--choose", "leave")

    assert said.code == 1
    assert "hub flows start customers" in said.err


def test_p6_none_is_made_while_a_person_is_asked_who_it_is(desk: Desk) -> None:
    put_in_force(desk)
    desk.keep(contact("b1", company_name="Velm"), account("a1", Account_Name="Velm"))
    desk.apply()

    # when it is called otherwise by now, and is like nobody
    desk.keep(account("a1", Account_Name="Ulme", minutes=1))
    desk.apply()

    # then the question stands, and the answer is what has it made
    (asked,) = desk.run("inbox", "list", "--reason", "proposal", "--json").result
    assert not desk.execute("select count(*) from deliveries")
    desk.run("inbox", "resolve", asked["item"], "--choose", "create")
    desk.apply()
    assert desk.execute("select count(*) from deliveries where state = 'owed'") == 1


def test_what_is_refused_because_one_is_there_may_be_linked_with_that_one(desk: Desk) -> None:
    put_in_force(desk)
    desk.keep(account("a1", Account_Name="Lumen"))
    desk.apply()
    delivery = desk.execute("select id from deliveries")

    # given one of that name whom nothing else tells to be the same
    desk.keep(*refused(delivery, "b1"), contact("b1", company_name="Aurora"))
    desk.apply()
    shown = desk.run("inbox", "show", str(delivery)).out
    said = desk.run("inbox", "resolve", str(delivery), "--choose", "link books.contacts/b1")
    desk.apply()

    assert f'hub inbox resolve {str(delivery)[:8]} --choose "link books.contacts/b1"' in shown
    assert f"hub inbox retry {str(delivery)[:8]}" in shown
    assert said.code == 0, said.err
    assert desk.execute(LINK_OF, "a1") == desk.execute(LINK_OF, "b1") is not None
    assert desk.execute("select state from deliveries where id = $1", delivery) == "done"
    assert not desk.run("inbox", "list", "--reason", "refused", "--json").result


@pytest.mark.parametrize("meets_first", [True, False])
def test_of_one_pair_a_person_is_asked_once(desk: Desk, *, meets_first: bool) -> None:
    put_in_force(desk)
    desk.keep(account("a1", Account_Name="Lumen"))
    desk.apply()
    delivery = desk.execute("select id from deliveries")
    there, answer = [contact("b1", company_name="Lumen")], refused(delivery, "b1")

    # when one like it is seen before, or after, what was to be made is refused for it
    for events in (there, answer) if meets_first else (answer, there):
        desk.keep(*events)
        desk.apply()

    # then that is one question, and none is made for either until it is answered
    (asked,) = desk.run("inbox", "list", "--json").result
    assert asked["item"] == str(delivery)
    desk.keep(contact("b1", company_name="Other", minutes=1))
    desk.apply()
    (asked,) = desk.run("inbox", "list", "--json").result
    desk.run("inbox", "resolve", asked["item"], "--choose", "link books.contacts/b1")
    desk.apply()
    assert desk.run("inbox", "list", "--json").result == []
    assert desk.execute(LINK_OF, "a1") == desk.execute(LINK_OF, "b1") is not None


def test_what_was_linked_by_a_person_meanwhile_is_not_tried_again(desk: Desk) -> None:
    put_in_force(desk)
    desk.keep(account("a1", Account_Name="Lumen"))
    desk.apply()
    delivery = desk.execute("select id from deliveries")
    desk.keep(*refused(delivery, "b1"), contact("b1", company_name="Aurora"))
    desk.apply()
    desk.run("inbox", "resolve", str(delivery), "--choose", "link books.contacts/b1")

    # when an answer comes for which nothing was sent
    late = Answered(delivery=delivery, attempt=2, outcome="retry_at", sentence="later")
    desk.keep(event_of(late, connection="books", kind="contacts", flow="customers"))
    desk.apply()

    assert desk.execute("select state from deliveries where id = $1", delivery) == "done"


def test_one_whom_another_flow_has_linked_is_linked_once_nothing_is_under_way(desk: Desk) -> None:
    """Two systems had one customer made at once: the second is refused, for the first is there."""
    put_in_force(desk, "on", FLOW, BUYERS)
    desk.keep(account("a1", Code="7", Account_Name="Lumen"))
    desk.apply()
    delivery = desk.execute("select id from deliveries")

    # given a customer that another flow's person has, seen while that of the account is sent
    desk.keep(person("p1", "a1", Email="lu@men.example"))
    desk.keep(refused(delivery)[0])
    desk.keep(contact("b1", code="7", company_name="Lumen", email="lu@men.example"))
    desk.apply()
    asked = desk.run("inbox", "list", "--json").result

    desk.keep(refused(delivery, "b1")[1])
    desk.apply()

    assert [one["reason"] for one in asked] == ["proposal"]
    assert desk.run("inbox", "list", "--json").result == []
    assert desk.execute(LINK_OF, "a1") == desk.execute(LINK_OF, "b1") == desk.execute(LINK_OF, "p1")
    assert desk.execute("select state from deliveries where id = $1", delivery) == "skipped"


def test_an_answer_that_comes_too_late_is_told_so(desk: Desk, proposal: str) -> None:
    gone = account("a1", minutes=1)
    desk.keep(msgspec.structs.replace(gone, type="gone", id=uuid4(), data=b"{}"))
    desk.apply()

    said = run_beside_a_hub(
        desk, "inbox", "resolve", proposal, "--choose", "link books.contacts/b1"
    )

    assert "Nothing was done: the answer came too late" in said.out
    assert "Done." not in said.out


def test_an_answer_that_cannot_come_about_is_told_what_waits_now(desk: Desk) -> None:
    put_in_force(desk, "on", FLOW, BUYERS)
    desk.keep(account("a1", Code="7", Account_Name="Lumen"))
    desk.apply()
    delivery = desk.execute("select id from deliveries")
    desk.keep(person("p1", "a1", Email="lu@men.example"))
    desk.keep(refused(delivery)[0])
    desk.keep(contact("b1", company_name="Lumen", email="lu@men.example"))
    desk.apply()
    (asked,) = desk.run("inbox", "list", "--json").result
    choice = asked["choices"][0]

    said = run_beside_a_hub(desk, "inbox", "resolve", asked["item"], "--choose", choice)

    assert "Now waits: " in said.out
    assert "hub links merge" in said.out
    assert "Done." not in said.out


def test_an_answer_that_comes_about_is_done(desk: Desk, proposal: str) -> None:
    said = run_beside_a_hub(
        desk, "inbox", "resolve", proposal, "--choose", "link books.contacts/b1"
    )

    assert said.out.endswith("Done.\n")


def run_beside_a_hub(desk: Desk, *words: str) -> Ended:
    """Type a command while a hub runs."""

    async def typed() -> Ended:
        async with running(desk.database.settings, {}) as hub, hub.database.connected() as db:

            async def is_at_work() -> bool:
                return bool((await standings(db, ["sync"]))[0].holder)

            await until(is_at_work)
            return await asyncio.to_thread(desk.run, *words)

    return asyncio.run(typed())


def test_who_matched_nobody_is_asked_about_with_the_one_that_may_be_the_same(desk: Desk) -> None:
    put_in_force(desk)
    desk.keep(contact("b1", company_name="Lumen"))
    desk.apply()
    alone = desk.run("inbox", "list", "--json").result
    desk.keep(account("a1", Account_Name="Lumen"))
    desk.apply()

    (asked,) = desk.run("inbox", "list", "--json").result
    assert [one["reason"] for one in alone] == ["newcomer"]
    assert (asked["reason"], asked["subject"]) == ("proposal", "crm.Accounts/a1")

    # when a person says that they are two, then the other is asked about by itself again
    desk.run("inbox", "resolve", asked["item"], "--choose", "create")
    desk.apply()
    (asked,) = desk.run("inbox", "list", "--json").result
    assert (asked["reason"], asked["subject"]) == ("newcomer", "books.contacts/b1")
