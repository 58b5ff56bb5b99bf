"""`hub simulate` tells what came of a played world, and nothing of it as if of this hub."""

from __future__ import annotations

import json
import logging
from contextlib import nullcontext
from typing import TYPE_CHECKING
from uuid import UUID

from hub.events import Event
from hub.sandbox.world import Call
from hub.simulate.oracle.view import Broken
from hub.simulate.played_time import PlayedClock
from hub.simulate.run import START, Outcome
from hub.simulate.story import Story

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from hub.simulate.run import Plan
    from tests.cli.conftest import Desk

SILENT = "crm fell silent: Accounts by webhook. Run `hub doctor`."


def test_what_the_played_hub_says_of_itself_is_kept_aside(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def simulate(plan: Plan, _postgres: object, _home: Path) -> Outcome:
        logging.getLogger("hub.inbound.watch").error(SILENT)
        return Outcome(
            plan=plan, broken=[Broken(promise="P6", sentence="P001 is there twice")],
            story=Story(PlayedClock(START)), seconds=1, played_seconds=60, calls=1, writes=1,
            inbox=[], log=[Event(type="observed", id=UUID(int=1), data=b'{"name":"Velm"}')],
            received=[Call(n=1, at="", system="books", method="PUT", path="", status=200, body="")],
        )  # fmt: skip

    monkeypatch.setattr("hub.cli.simulate.simulate", simulate)
    monkeypatch.setattr("hub.cli.simulate.postgres", lambda _: nullcontext())

    ended = desk.run("simulate")

    kept = desk.database.settings.home / "simulate.log"
    assert ended.code == 1
    assert SILENT not in ended.out + ended.err
    assert f"What the played hub said itself: {kept}" in ended.out
    assert SILENT in kept.read_text()
    folder = desk.database.settings.home / "simulate" / "seed-1"
    assert f"What was recorded: {folder}" in ended.out
    (event,) = map(json.loads, (folder / "events.jsonl").read_text().splitlines())
    (call,) = map(json.loads, (folder / "calls.jsonl").read_text().splitlines())
    assert (event["data"], call["system"]) == ({"name": "Velm"}, "books")
