"""`hub links` shows who is the same real thing, and lets a person put it right."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from hub.cli.agreed import agreed_lines
from hub.conclusions import Member
from hub.console.link import Agreed
from hub.events import Linked, Unlinked
from hub.operate.act import act
from tests.cli.flowing import account, contact, put_in_force
from tests.cli.test_inbox import refused

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


@pytest.fixture
def linked(desk: Desk) -> Desk:
    put_in_force(desk)
    desk.keep(
        contact("b1", code="7", company_name="Lumen"),
        account("a1", Code="7", Account_Name="Lumen"),
        account("a2", Code="8", Account_Name="Aurora"),
    )
    desk.apply()
    return desk


def test_a_record_is_found_by_what_it_is_called(linked: Desk) -> None:
    found = linked.run("links", "find", "lume", "--json").result

    assert {each["record"] for each in found} == {"a1", "b1"}
    assert len({each["link"] for each in found}) == 1
    for words in ("Lumen Ltd", "LUMEN"):
        assert len(linked.run("links", "find", words, "--json").result) == len(found)
    assert "Nobody is called so" in linked.run("links", "find", "%").out


def test_a_link_shows_its_members_what_they_agree_on_and_its_history(linked: Desk) -> None:
    shown = linked.run("links", "show", "books.contacts/b1")
    by_id = linked.run("links", "show", shown.out.split()[1], "--json").result

    assert "crm.Accounts/a1" in shown.out
    assert "Lumen  (customers, since #" in shown.out
    assert "joined" in shown.out
    assert [each["record"] for each in by_id["members"]] == ["b1", "a1"]
    assert linked.run("links", "show", "crm.Accounts/nobody").code == 1


def test_what_was_parted_is_put_together_again_by_a_person(linked: Desk) -> None:
    parted = linked.run("links", "split", "books.contacts/b1", "--yes", "--by", "eve")
    linked.apply()
    apart = linked.execute("select count(distinct link) from links where record in ('a1', 'b1')")
    merged = linked.run("links", "merge", "books.contacts/b1", "crm.Accounts/a1", "--yes")
    linked.apply()

    assert (parted.code, apart, merged.code) == (0, 2, 0)
    assert (
        linked.execute("select count(distinct link) from links where record in ('a1', 'b1')") == 1
    )
    assert "by operator:eve" in linked.run("links", "show", "crm.Accounts/a1").out


def test_a_merge_tells_first_what_it_would_write(
    linked: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    linked.run("links", "split", "books.contacts/b1", "--yes")
    linked.apply()
    linked.keep(contact("b1", code="7", company_name="Aurora", minutes=9))
    linked.apply()

    told = linked.run("links", "merge", "books.contacts/b1", "crm.Accounts/a1")

    would = "would say Lumen as its name, where it says Aurora  (customers)"
    assert f"books.contacts/b1 {would}" in told.out
    apart = "select count(distinct link) from links where record in ('a1', 'b1')"
    assert linked.execute(apart) == 2


def test_what_was_to_be_made_is_moot_once_a_person_says_who_it_is(linked: Desk) -> None:
    linked.run("links", "split", "books.contacts/b1", "--yes")
    linked.keep(account("a3", Account_Name="Nova"))
    linked.apply()
    delivery = linked.execute(
        "select id from deliveries where link = (select link from links where record = 'a3')"
    )
    linked.keep(*refused(delivery))
    linked.apply()

    merged = linked.run("links", "merge", "crm.Accounts/a3", "books.contacts/b1", "--yes")
    linked.apply()

    assert merged.code == 0
    why = "select state || ' as ' || because || ': ' || reason from deliveries where id = $1"
    assert linked.execute(why, delivery).startswith(
        "skipped as withdrawn: its link went into another"
    )
    assert linked.run("inbox", "list", "--reason", "refused", "--json").result == []


def test_two_of_one_kind_and_part_are_not_put_into_one_link(linked: Desk) -> None:
    linked.keep(
        contact("b2", code="8", company_name="Aurora"),
        account("a2", Code="8", Account_Name="Aurora"),
    )
    linked.apply()

    refused = linked.run("links", "merge", "books.contacts/b1", "crm.Accounts/a2", "--yes")

    assert refused.code == 1
    assert "books.contacts/b1 and books.contacts/b2" in refused.err


def test_whom_to_take_out_is_never_one_that_is_alone(linked: Desk) -> None:
    linked.run("links", "split", "books.contacts/b1", "--yes")
    linked.keep(contact("b2", code="8", company_name="Aurora"))
    linked.apply()

    refused = linked.run("links", "merge", "crm.Accounts/a1", "books.contacts/b2", "--yes")

    assert "crm.Accounts/a1 and crm.Accounts/a2" in refused.err
    assert "hub links split books.contacts/b2" in refused.err


@pytest.mark.parametrize("parted", ["b1", "b2"])
def test_a_duplicate_is_one_no_more_once_it_is_parted_from_whose_it_was(
    linked: Desk, parted: str
) -> None:
    linked.keep(contact("b2", code="9", company_name="Lumen"))
    linked.apply()
    link = linked.execute("select link from links where record = 'a1'")
    member = Member(connection="books", kind="contacts", record="b2", part="duplicate b2")
    apart = linked.execute("select link from links where record = 'b2'")
    own = [Unlinked(link=apart, members=[msgspec.structs.replace(member, part="")])]
    linked.keep(
        *(act(one, "eve") for one in own if apart), act(Linked(link=link, members=[member]), "eve")
    )
    linked.apply()
    assert linked.execute("select part from links where record = 'b2'") == "duplicate b2"

    linked.run("links", "split", f"books.contacts/{parted}", "--yes")
    linked.apply()

    assert linked.execute("select part from links where record = 'b2'") == ""
    assert (
        linked.execute("select count(distinct link) from links where record in ('b1', 'b2')") == 2
    )


def test_what_makes_no_sense_is_refused(linked: Desk) -> None:
    one = linked.run("links", "merge", "books.contacts/b1", "crm.Accounts/a1", "--yes")
    all_of_it = linked.run("links", "split", "books.contacts/b1", "crm.Accounts/a1", "--yes")
    strangers = linked.run("links", "split", "books.contacts/b1", "crm.Accounts/a2", "--yes")

    assert "in one link already" in one.err
    assert "nothing is to be split" in all_of_it.err
    assert "crm.Accounts/a2 is not in the link" in strangers.err


def test_what_flows_agree_on_is_shown_once_and_in_words() -> None:
    address = {"street": "Rua 1", "city": "Faro", "state": ""}
    lines = list(
        agreed_lines(
            [
                on("customers", "address", address, 8),
                on("customers", "phone", None, 0),
                on("customers", "website", "faro.example", 8),
                on("desk_customers", "address", address, 12),
                on("desk_customers", "website", "faro.example", 9, shown="old.example"),
            ]
        )
    )

    assert [" ".join(one.split()) for one in lines] == [
        "address street Rua 1, city Faro (customers, since #8; desk_customers, since #12)",
        "website faro.example (customers, since #8)",
        "website faro.example (desk_customers, since #9) desk.accounts/1 shows old.example",
        "nothing on any side: phone",
    ]


def on(flow: str, field: str, value: Any, since: int, shown: str = "") -> Agreed:
    differing = {"desk.accounts/1": shown} if shown else {}
    return Agreed(
        flow=flow, field=field, value=value, by="", since=since, asks=False, differing=differing
    )
