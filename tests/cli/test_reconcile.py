"""`hub reconcile` says where a side shows something else than was agreed, and has it mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.events import ModeSet, event_of
from tests.cli.flowing import account, contact, put_in_force

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


def linked(desk: Desk) -> None:
    put_in_force(desk)
    desk.keep(
        contact("b1", code="7", company_name="Lumen", phone="+32 2 555 01 01"),
        account("a1", Code="7", Account_Name="Lumen", Phone="02 555 01 01"),
        account("a2", Account_Name="Aurora"),
    )
    desk.apply()


def test_sides_that_agree_have_the_same_digests(desk: Desk) -> None:
    linked(desk)

    told = desk.run("reconcile", "customers")
    found = desk.run("reconcile", "customers", "--json").result["found"]

    assert told.code == 0, told.out
    assert told.out.endswith("Nothing has drifted.\n")
    assert {one["kind"]: one["linked"] for one in found["sides"]} == {
        "crm.Accounts": 2,
        "books.contacts": 1,
    }
    (code,) = [one for one in found["fields"] if one["field"] == "code"]
    assert code["digests"]["crm"] == code["digests"]["books"]


def test_what_drifted_is_told_and_mended_when_a_person_says_so(desk: Desk) -> None:
    linked(desk)
    desk.keep(event_of(ModeSet(flow="customers", mode="paused")))
    desk.keep(contact("b1", code="7", company_name="Lumen", phone="+32 2 555 09 09", minutes=1))
    desk.keep(event_of(ModeSet(flow="customers", mode="on")))
    desk.apply()

    found = desk.run("reconcile", "customers", "--json")
    mended = desk.run("reconcile", "customers", "--mend", "--yes")
    desk.apply()

    (drift,) = found.result["found"]["drift"]
    assert (drift["record"], drift["field"], found.code) == ("books.contacts/b1", "phone", 1)
    assert mended.code == 0, mended.out
    assert (
        desk.execute("select record from deliveries where state = 'owed' and record <> ''") == "a1"
    )
    assert desk.execute("select record from notices") == "b1"
    assert "settled" in desk.run("reconcile", "customers").out
