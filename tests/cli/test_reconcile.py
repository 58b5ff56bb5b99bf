"""`hub reconcile` says where a side shows something else than was agreed, and has it mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.cli.reconcile import lines
from hub.events import ModeSet, event_of
from hub.replay.reconcile import Reconciled
from hub.replay.tally import Count, Held
from tests.cli.flowing import FLOW, PEOPLE, account, contact, person, put_in_force

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
    for field in found["fields"]:
        assert field["digests"]["crm"] == field["digests"]["books"], field
    assert "differs" not in told.out
    assert {one["kind"]: one["alone"] for one in found["sides"]} == {
        "crm.Accounts": ["crm.Accounts/a2"],
        "books.contacts": [],
    }
    assert "1 linked with nobody there, and held against none: crm.Accounts/a2" in told.out


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


def test_people_are_held_against_what_is_agreed_too(desk: Desk) -> None:
    put_in_force(desk, "on", FLOW + PEOPLE)
    desk.keep(
        contact("b1", code="7", company_name="Lumen", contact_persons=[ana("Porto"), bo()]),
        account("a1", Code="7", Account_Name="Lumen"),
        person("p1", "a1", Email="ana@lumen.example", Mailing_City="Porto"),
    )
    desk.apply()
    desk.keep(event_of(ModeSet(flow="customers", mode="paused")))
    desk.keep(contact("b1", company_name="Lumen", contact_persons=[ana("Faro"), bo()], minutes=1))
    desk.keep(event_of(ModeSet(flow="customers", mode="on")))
    desk.apply()

    told = desk.run("reconcile", "customers", "--json")
    mended = desk.run("reconcile", "customers", "--mend", "--yes")
    desk.apply()

    found = told.result["found"]
    counts = {one["kind"]: (one["taking_part"], one["linked"]) for one in found["sides"]}
    assert counts["crm.Contacts"] == (1, 1)
    assert counts["books.contactpersons"] == (2, 1)
    fields = {one["field"]: one for one in found["fields"]}
    assert len(set(fields["people.email"]["digests"].values())) == 1
    assert len(set(fields["people.city"]["digests"].values())) == 2
    (drift,) = found["drift"]
    assert (drift["record"], drift["field"]) == ("books.contactpersons/1", "people.city")
    assert mended.code == 0, mended.out
    assert desk.execute("select record from notices") == "b1"


def test_the_columns_are_as_wide_as_the_longest_name() -> None:
    found = Reconciled(
        flow="customers",
        sides=[Count(kind="crm.Accounts"), Count(kind="salesforce.Custom_Site_Visit__c")],
        fields=[Held(field="name"), Held(field="people.mailing_address")],
        drift=[],
        pending=0,
    )

    accounts, visits, name, address, _ = lines(found)

    assert accounts.index("take part") == visits.index("take part")
    assert name.index("the same") == address.index("the same")


def ana(city: str) -> dict[str, str]:
    return {"contact_person_id": "1", "email": "ana@lumen.example", "city": city}


def bo() -> dict[str, str]:
    return {"contact_person_id": "2", "email": "bo@lumen.example", "city": ""}
