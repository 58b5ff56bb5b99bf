"""`hub status` tells how everything stands, and by its exit code whether it needs a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.conclusions import Member
from hub.events import Linked, event_of, new_id
from tests.cli.test_log import an_observation, an_unreadable_link

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


def test_a_database_without_tables_needs_a_migration(new_desk: Desk) -> None:
    told = new_desk.run("status")

    assert told.code == 1
    assert "0001_log" in told.out
    assert "hub migrate" in told.out


def test_a_hub_that_is_well_is_told_so(desk: Desk) -> None:
    desk.keep(an_observation("1"), an_observation("2"))
    desk.apply()

    told, for_people = desk.run("status", "--json"), desk.run("status")

    assert told.code == 0
    assert told.result["log"]["head"] == 2
    assert [one["projector"] for one in told.result["projectors"]] == ["sync", "timeline", "roads"]
    assert {one["lag_events"] for one in told.result["projectors"]} == {0}
    assert "run by nobody" in for_people.out
    assert "all applied" in for_people.out


def test_what_is_parked_and_what_is_doubled_needs_a_person(desk: Desk) -> None:
    link = new_id()
    members = [Member(connection="books", kind="contacts", record=each) for each in "12"]
    desk.keep(an_unreadable_link(), event_of(Linked(link=link, members=members)))
    desk.apply()

    told, for_people = desk.run("status", "--json"), desk.run("status")

    assert told.code == 1
    assert {one["position"] for one in told.result["parked"]} == {1}
    assert told.result["duplicates"] == 1
    assert "#1" in for_people.out
    assert for_people.code == 1


def test_only_what_uses_connections_asks_for_their_secrets(desk: Desk) -> None:
    desk.keep(an_observation("1"))
    desk.apply()
    (desk.database.settings.home / "hub.toml").write_text(
        "[connections.shop]\nsystem = 'push'\nsecret_env = 'SHOP_SECRET'\n"
        "[connections.till]\nsystem = 'push'\nsecret_file = 'nowhere'\n"
    )
    config = ("--config", str(desk.database.settings.home / "hub.toml"))

    for words in (["status"], ["log", "tail"], ["replay", "rebuild"], ["migrate"]):
        told = desk.run(*config, *words)
        assert told.code == 0, told.err
    for command in ("serve", "demo", "check"):
        told = desk.run(*config, command)
        assert (told.code, "SHOP_SECRET" in told.err, "nowhere" in told.err) == (2, True, True)


def test_what_is_not_applied_is_told_in_events_and_seconds(desk: Desk) -> None:
    desk.keep(an_observation("1"), an_observation("2"))

    told = desk.run("status", "--json")

    sync = told.result["projectors"][0]
    assert (sync["position"], sync["lag_events"], sync["holder"]) == (0, 2, "")
    assert sync["lag_seconds"] > 0


def test_a_connection_that_is_no_longer_let_in_needs_a_person(desk: Desk) -> None:
    desk.execute(
        "insert into access_tokens (connection, dead_since, dead_why) "
        "values ('books', now(), 'invalid_code')"
    )

    told = desk.run("status")

    assert told.code == 1
    assert "books is no longer let in (invalid_code): hub connect books" in told.out


def test_a_connection_that_is_left_alone_goes_on_by_itself(desk: Desk) -> None:
    desk.execute(
        "insert into access_tokens (connection, wait_until, wait_why) "
        "values ('crm', now() + interval '5 min', 'too many requests for tokens')"
    )

    told = desk.run("status")

    assert told.code == 0
    assert "(too many requests for tokens); it goes on by itself" in told.out
