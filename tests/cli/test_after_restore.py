"""`hub reconcile --after-restore` adopts what bears the hub's marks, and takes the hold off."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from hub.conclusions import THE_HUB, Owes
from hub.events import Decided, WritesStopped, event_of
from tests.cli.flowing import put_in_force
from tests.cli.played import HERE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Desk
    from tests.cli.played import Played

MESSAGE = UUID("0b0f6c2e-8a0f-5a52-8f43-1d7d0a3e9b52")
MARK = UUID("0b0f6c2e-8a0f-5a52-8f43-1d7d0a3e9b51")


@pytest.fixture
def held(played: Played, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A hub whose log was set back, and customers in Books of whom one bears its mark."""
    played.settings(tmp_path / "hub.toml", books=f'organization = "{HERE}"')
    monkeypatch.setattr("sys.stdin", io.StringIO("sandbox-books\n"))
    assert desk.run("connect", "books", "--refresh-token-file", "-").code == 0
    put_in_force(desk)
    label = {"label": "Hub Id", "unique": True}
    played.books.act("add_custom_field", "contacts", "", label)
    played.books.put("contacts", {"contact_name": "Larkspur"})
    played.books.put(
        "contacts",
        {"contact_name": "Lumen", "custom_fields": [{"api_name": "cf_hub_id", "value": f"{MARK}"}]},
    )
    stop = WritesStopped(stopped=True, reason="The log was set back.", restored=True)
    desk.keep(event_of(stop, connection="books", origin="hub"))
    desk.apply()
    return desk


def test_a_hold_is_told_of_and_only_finding_what_was_made_takes_it_off(held: Desk) -> None:
    status = held.run("status")
    stopped = held.run("stop", "writes", "books", "--off")
    doctor = held.run("doctor", "books", "--json")

    assert status.code == 1
    assert "nothing is written to books. The log was set back." in status.out
    assert stopped.code != 0
    assert "hub reconcile --after-restore" in stopped.err
    assert doctor.result["books"]["findings"][0]["about"] == "held"

    # when what was made is found
    found = held.run("reconcile", "--after-restore", "--yes", "--by", "ana", "--json")
    held.apply()

    # then it is taken for done, and the hold is off
    assert found.code == 0, found.err
    (contacts,) = found.result["found"]
    assert (contacts["read"], contacts["found"], contacts["adopted"]) == (2, 1, 1)
    assert held.execute("select state from deliveries where id = $1", MARK) == "done"
    assert held.execute("select count(*) from stops where stopped") == 0
    assert "No connection is held" in held.run("reconcile", "--after-restore").err


def test_nothing_is_taken_for_done_before_a_person_says_so(held: Desk) -> None:
    asked = held.run("reconcile", "--after-restore", "--json")

    assert asked.code != 0
    assert held.execute("select count(*) from deliveries") == 0
    assert held.execute("select count(*) from stops where stopped") == 1


def test_a_message_that_may_have_gone_out_since_is_left_to_a_person(
    held: Desk, tmp_path: Path
) -> None:
    toml = tmp_path / "hub.toml"
    slack = '[connections.slack]\nsystem = "slack"\nsecret_file = "secret"\nto = ["#hub"]\n'
    toml.write_text(toml.read_text() + slack)
    owes = Owes(
        delivery=MESSAGE, flow=THE_HUB, connection="slack", kind="messages",
        fields={"text": "hello"}, why="it happened",
    )  # fmt: skip
    stop = WritesStopped(stopped=True, reason="The log was set back.", restored=True)
    held.keep(event_of(Decided(conclusions=[owes]), flow=THE_HUB))
    held.keep(event_of(stop, connection="slack", origin="hub"))
    held.apply()

    found = held.run("reconcile", "--after-restore", "--yes", "--by", "eve")
    held.apply()

    assert found.code == 0, found.err
    assert held.execute("select state from deliveries where id = $1", MESSAGE) == "parked"
    assert "it may have gone out since" in held.run("inbox", "list").out
