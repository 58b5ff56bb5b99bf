"""`hub flows try` shows the exact call for one record, and does just that one on yes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.flowing import account, contact, put_in_force

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


def a_shadowed_shop(desk: Desk) -> None:
    desk.keep(
        contact("b1", code="7", company_name="Lumen Ltd"),
        account("a1", Code="7", Account_Name="Lumen"),
        account("a2", Account_Name="Aurora", Phone="+32 2 555 01 01"),
    )
    put_in_force(desk, "shadow")
    desk.apply()


def test_what_would_be_written_is_shown_and_nothing_is_kept(desk: Desk) -> None:
    a_shadowed_shop(desk)

    linked = desk.run("flows", "try", "customers", "crm.Accounts/a1", "--json", "--yes").result
    desk.apply()
    made = desk.run("flows", "try", "customers", "crm.Accounts/a2")

    (call,) = linked["calls"]
    assert (call["kind"], call["record"]) == ("contacts", "b1")
    assert call["fields"] == {"company_name": "Lumen"}
    assert "books.contacts: make one" in made.out
    assert '"Aurora"' in made.out
    assert desk.execute("select count(*) from links where record = 'a2'") == 0


def test_on_yes_just_that_one_is_let_go(desk: Desk) -> None:
    a_shadowed_shop(desk)

    done = desk.run("flows", "try", "customers", "crm.Accounts/a2", "--yes", "--by", "eve")
    desk.apply()

    assert done.code == 0, done.err
    assert desk.execute("select count(*) from deliveries") == 1
    assert desk.execute("select approved is not null from deliveries")
    assert desk.execute("select mode from flows") == "shadow"


def test_a_record_that_the_flow_is_not_about_or_nobody_knows_is_refused(desk: Desk) -> None:
    a_shadowed_shop(desk)

    strange = desk.run("flows", "try", "customers", "crm.Leads/1")
    unknown = desk.run("flows", "try", "customers", "crm.Accounts/999")

    assert "customers is not about crm.Leads, but books.contacts, crm.Accounts" in strange.err
    assert "Nothing is known of crm.Accounts/999" in unknown.err
