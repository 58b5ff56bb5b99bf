"""`hub why` tells in plain words how every observation ended."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from hub.conclusions import Cased
from hub.events import (
    Answered,
    Decided,
    Event,
    ModeSet,
    Resolved,
    Sending,
    event_of,
    new_id,
    payload,
)
from hub.flows.told import digest_of
from tests.cli.flowing import BEGAN, BUYERS, FLOW, account, contact, deal, person, put_in_force

if TYPE_CHECKING:
    from typing import Any

    from tests.cli.conftest import Desk

PHONE, OTHER_PHONE = "+3225550101", "+3225550202"


def linked(desk: Desk) -> None:
    """Have an account and a contact linked that agree."""
    put_in_force(desk)
    desk.keep(
        contact("b1", code="7", company_name="Lumen", phone=PHONE),
        account("a1", Code="7", Account_Name="Lumen", Phone=PHONE),
    )


def written(desk: Desk, flow: str = "customers", **fields: Any) -> list[Event]:
    """Make the events of a write to the contact that was owed."""
    delivery = desk.execute("select id from deliveries where record = 'b1'")
    about: dict[str, Any] = {
        "connection": "books",
        "kind": "contacts",
        "record": "b1",
        "flow": flow,
    }
    agreed = {flow: {"phone": fields["phone"]}}
    sent = Sending(delivery=delivery, attempt=1, fields=fields, agreed=agreed)
    done = Answered(delivery=delivery, attempt=1, outcome="done", sentence="", record="b1")
    sent_at = desk.execute("select max(position) + 1 from events")
    echo = contact("b1", code="7", company_name="Lumen", minutes=2, by=f"hub:{delivery}", **fields)
    return [event_of(sent, **about), event_of(done, cause=sent_at, **about), echo]


def hows(desk: Desk, record: str) -> list[list[str]]:
    told = desk.run("why", record, "--json").result
    return [[each["how"] for each in seen["endings"]] for seen in told]


def test_every_observation_ends_somewhere(desk: Desk) -> None:
    linked(desk)
    desk.keep(account("a1", Code="7", Account_Name="Lumen", Phone=OTHER_PHONE, minutes=1))
    desk.apply()
    owed = desk.run("why", "crm.Accounts/a1")
    desk.keep(*written(desk, phone=OTHER_PHONE))
    desk.apply()

    assert "waiting: phone to books.contacts/b1 waits for its turn" in owed.out
    assert "    linked with books.contacts/b1: same code" in owed.out
    assert hows(desk, "crm.Accounts/a1")[-1] == ["delivered"]
    assert hows(desk, "books.contacts/b1")[-1] == ["nothing to change"]


def test_a_word_that_was_overtaken_before_it_was_sent_is_not_said_to_have_gone_there(
    desk: Desk,
) -> None:
    linked(desk)
    for minutes, phone in enumerate(("+3225550909", OTHER_PHONE), start=1):
        desk.keep(account("a1", Code="7", Account_Name="Lumen", Phone=phone, minutes=minutes))
    desk.apply()
    desk.keep(*written(desk, phone=OTHER_PHONE))
    desk.apply()

    *_, first, second = desk.run("why", "crm.Accounts/a1", "--json").result
    overtaken = ": of phone it was a later word that went there"
    assert first["endings"][0]["sentence"].endswith(overtaken)
    assert overtaken not in second["endings"][0]["sentence"]


def test_a_word_is_not_said_to_have_gone_where_that_of_another_flow_went(desk: Desk) -> None:
    put_in_force(desk, "on", FLOW, BUYERS)
    desk.keep(
        contact("b1", code="7", company_name="Lumen", phone=PHONE, email="lu@men.example"),
        account("a1", Code="7", Account_Name="Lumen", Phone=PHONE),
        person("p1", "a1", Email="lu@men.example", Phone=PHONE),
    )
    desk.keep(person("p1", "a1", minutes=1, Email="lu@men.example", Phone="+3225550909"))
    desk.keep(account("a1", Code="7", Account_Name="Lumen", Phone=OTHER_PHONE, minutes=2))
    desk.apply()
    desk.keep(*written(desk, phone=OTHER_PHONE))
    desk.apply()

    (ending,) = desk.run("why", "crm.Contacts/p1", "--json").result[-1]["endings"]

    assert (
        "of phone it was another word that went there, on which customers agreed"
        in ending["sentence"]
    )


def test_what_a_person_left_unwritten_is_said_to_be_left(desk: Desk) -> None:
    linked(desk)
    desk.keep(account("a1", Code="7", Account_Name="Lumen", Phone=OTHER_PHONE, minutes=1))
    desk.apply()
    sent, done, _ = written(desk, phone=OTHER_PHONE)
    what = payload(done)
    refused = msgspec.structs.replace(what, outcome="refused", because="data", sentence="Too odd.")
    desk.keep(sent, msgspec.structs.replace(done, data=event_of(refused).data))
    desk.apply()
    asked = desk.run("why", "crm.Accounts/a1")
    desk.keep(event_of(Resolved(item=what.delivery, choice="skip"), origin="operator:ana"))
    desk.apply()

    assert "inbox: refused: data: Too odd." in asked.out
    left = desk.run("why", "crm.Accounts/a1").out
    assert "nothing to change: phone to books.contacts/b1: a person left it unwritten" in left


def test_what_was_made_inactive_is_told_from_both_sides(desk: Desk) -> None:
    put_in_force(desk, "on", FLOW.replace('crm = "ask"', 'crm = "deactivate"'))
    met: dict[str, Any] = {"Code": "7", "Account_Name": "Lumen"}
    desk.keep(contact("b1", code="7", company_name="Lumen"), account("a1", **met))
    seen = account("a1", minutes=1, **met)
    desk.keep(msgspec.structs.replace(seen, type="gone", data=b"{}", origin=None))
    desk.apply()
    owed = desk.run("why", "crm.Accounts/a1")
    desk.keep(*made_inactive(desk))
    desk.keep(account("a1", minutes=5, **met))
    desk.apply()

    assert "waiting: status to books.contacts/b1 waits for its turn" in owed.out
    done = desk.run("why", "crm.Accounts/a1").out
    assert "delivered: status to books.contacts/b1, at #" in done
    assert "nothing to change: it is there again, and books.contacts/b1 is left inactive" in done
    field = desk.run("why", "books.contacts/b1.status").out
    assert 'status is "inactive"' in field
    assert "written by the hub" in field


def made_inactive(desk: Desk) -> list[Event]:
    """Make the events of the write by which the contact was made inactive, and of its echo."""
    delivery = desk.execute("select id from deliveries where record = 'b1'")
    about: dict[str, Any] = {
        "connection": "books", "kind": "contacts", "record": "b1", "flow": "customers",
    }  # fmt: skip
    fields = {"status": "inactive"}
    sent = Sending(
        delivery=delivery, attempt=1, fields=fields, told={"customers": digest_of(fields)}
    )
    done = Answered(delivery=delivery, attempt=1, outcome="done", sentence="", record="b1")
    sent_at = desk.execute("select max(position) + 1 from events")
    echo = contact("b1", code="7", company_name="Lumen", minutes=2, status="inactive")
    return [event_of(sent, **about), event_of(done, cause=sent_at, **about), echo]


def test_what_no_flow_is_about_or_that_came_too_soon_is_said(desk: Desk) -> None:
    desk.keep(account("a1", Account_Name="Lumen"))
    desk.keep(
        Event(
            type="observed", id=new_id(), connection="crm", kind="Leads", record="l1", road="push"
        )
    )
    desk.apply()
    before = desk.run("why", "crm.Accounts/a1")
    put_in_force(desk)
    desk.apply()

    assert "no flow wants it: no flow in force is about crm.Accounts" in before.out
    assert "customers had not begun then" in desk.run("why", "crm.Accounts/a1").out
    assert "no flow in force is about crm.Leads" in desk.run("why", "crm.Leads/l1").out


def test_what_waits_for_a_person_names_the_person_s_command(desk: Desk) -> None:
    put_in_force(desk, "hold")
    desk.keep(contact("b1", company_name="Lumen"), account("a1", Account_Name="Lumen"))
    desk.keep(account("a2", Account_Name="Other"))
    desk.apply()
    proposed = desk.run("why", "crm.Accounts/a1")
    held = desk.run("why", "crm.Accounts/a2")
    desk.keep(event_of(ModeSet(flow="customers", mode="paused")))
    desk.keep(account("a2", Account_Name="Others", minutes=1))
    desk.apply()

    assert "inbox: proposal: crm.Accounts/a1 may be the same" in proposed.out
    assert "(hub inbox show " in proposed.out
    assert "waits for a person: customers is in hold (hub approve " in held.out
    assert (
        "waiting: customers, which is paused (hub flows start customers)"
        in desk.run("why", "crm.Accounts/a2").out
    )


def test_what_a_flow_had_judged_before_it_was_paused_does_not_wait_for_it(desk: Desk) -> None:
    linked(desk)
    desk.keep(account("a1", Code="7", Account_Name="Lumen", Phone=PHONE, Website="l", minutes=1))
    desk.keep(event_of(ModeSet(flow="customers", mode="paused")))
    desk.keep(account("a1", Code="7", Account_Name="Lumen", Phone=PHONE, Website="m", minutes=2))
    desk.apply()

    assert hows(desk, "crm.Accounts/a1")[-2:] == [["nothing to change"], ["waiting"]]


BILLS = """
flow  = "bills"
about = "A deal that is won gives an invoice."
[when]
deal    = "crm.Deals"
becomes = 'deal.Stage == "Won"'
stays   = "10m"
[make."books.invoices"]
reference_number = "deal.Deal_Name"
[guard]
go_live = "hold"
"""


def test_of_an_event_it_is_told_what_followed_then_and_what_stands_today_only_as_such(
    desk: Desk,
) -> None:
    put_in_force(desk, "on", BILLS)
    desk.keep(sold("Open", 0), sold("Won", 1))
    desk.keep(msgspec.structs.replace(sold("Won", 2), type="gone", data=b"{}", origin=None))
    desk.keep(sold("Won", 3))
    desk.apply()
    data = {"record": "i1"}
    made = Cased(flow="bills", case="d1", state="made", data=data, why="books.invoices/i1 was made")
    desk.keep(event_of(Decided(conclusions=[made])))
    desk.apply()

    _, won, gone, back = desk.run("why", "crm.Deals/d1", "--json").result
    assert [one["endings"][0]["how"] for one in (won, gone, back)] == [
        "nothing to change", "nothing to change", "delivered",
    ]  # fmt: skip
    ended = "ended: it was so no longer, before the time was over"
    assert f"then, at #{gone['position']}: {ended}" in won["endings"][0]["sentence"]
    assert gone["endings"][0]["sentence"].startswith(f"{ended}; by now, since #")
    assert back["endings"][0]["sentence"] == "by now made: books.invoices/i1 was made"


def sold(stage: str, minutes: int) -> Event:
    seen = deal("d1", Deal_Name="Setup", Stage=stage)
    return msgspec.structs.replace(seen, occurred_at=BEGAN + timedelta(minutes=minutes))
