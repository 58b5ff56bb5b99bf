"""What operators did is in the log alone: tables that are made anew are the same, row for row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.events import Event, new_id
from tests.cli.flowing import FLOW, PEOPLE, account, contact, person, put_in_force

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


def item_of(desk: Desk, reason: str) -> str:
    found = desk.run("inbox", "list", "--reason", reason, "--json").result
    return str(found[0]["item"])


def test_p5_tables_made_anew_hold_every_answer_and_approval(desk: Desk) -> None:
    put_in_force(desk, "hold")
    desk.keep(
        contact("b1", company_name="Lumen"),
        account("a1", Account_Name="Lumen"),
        account("a2", Account_Name="Aurora"),
        contact("b3", code="3", company_name="Vega"),
        account("a3", Code="3", Account_Name="Vega"),
    )
    desk.apply()
    desk.run("inbox", "resolve", item_of(desk, "proposal"), "--choose", "link books.contacts/b1")
    desk.run("approve", "--flow", "customers", "--all", "--yes")
    desk.run("links", "split", "books.contacts/b3", "--yes")
    desk.run("stop", "writes", "books")
    desk.keep(
        Event(type="gone", id=new_id(), connection="crm", kind="Accounts", record="a2"),
        account("a3", Code="3", Account_Name="Vega & Co", minutes=1),
    )
    desk.apply()
    desk.run("redeliver", "--flow", "customers", "--since", "2020-01-01", "--yes")
    desk.apply()

    rebuilt = desk.run("replay", "rebuild", "--projector", "sync")

    assert rebuilt.code == 0, rebuilt.out


def test_p5_who_joins_a_link_whose_records_are_not_at_hand_is_told_by_an_event(desk: Desk) -> None:
    # given a customer with a person, folded by a process that is gone
    put_in_force(desk, "on", FLOW + PEOPLE)
    ana = {"contact_person_id": "cp1", "email": "ana@velm.example", "city": "Porto"}
    desk.keep(
        account("a1", Code="1", Account_Name="Velm"),
        contact("b1", code="1", company_name="Velm", contact_persons=[ana]),
    )
    desk.apply()

    # when the next one sees the same person in the CRM, where she is of another city
    desk.keep(person("p1", "a1", Email="ana@velm.example", Mailing_City="Lisboa"))
    desk.apply()

    # then what follows is in the log, and owed
    decided = (
        "select count(*) from events d join events c on d.cause = c.position where c.record = $1"
    )
    assert desk.execute(decided, "p1") == 1
    owed = "select count(*) from deliveries where record = 'cp1' and state = 'owed'"
    assert desk.execute(owed) == 1
    rebuilt = desk.run("replay", "rebuild", "--projector", "sync")
    assert rebuilt.code == 0, rebuilt.out
