"""What operators did is in the log alone: tables that are made anew are the same, row for row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.events import Event, new_id
from tests.cli.flowing import account, contact, put_in_force

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
