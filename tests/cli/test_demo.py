"""`hub demo` shows a hub at work, and adds nothing to a log that is not its own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.test_log import an_observation

if TYPE_CHECKING:
    from tests.cli.conftest import Desk

SHOWN = re.compile(r"^\d\d:\d\d:\d\d  (\S+) +(.+?) +-> #(\d+) +(.+)$", re.MULTILINE)


def test_a_demo_shows_every_change_and_what_became_of_it(new_desk: Desk) -> None:
    told = new_desk.run("demo", "--seconds", "3", "--changes-per-second", "15")

    shown = SHOWN.findall(told.out)
    made = [outcome for _, _, _, outcome in shown]
    fresh = [int(place) for _, _, place, outcome in shown if "repeat" not in outcome]
    assert told.code == 0
    assert fresh == list(range(1, len(fresh) + 1))
    assert {"kept", "linked", "merged", "older than known", "repeat of #5"} <= set(made)
    assert any(outcome.startswith("duplicate of ") for outcome in made)
    assert all(len(line) <= 100 for line in told.out.splitlines() if "alias" not in line)
    assert "/readyz" in told.out
    assert re.search(rf"Stopped\. \d+ events were kept, #1 to #{fresh[-1]};", told.out)


def test_the_next_demo_goes_on_where_the_last_one_ended(new_desk: Desk) -> None:
    first = new_desk.run("demo", "--seconds", "1", "--json").result
    second = new_desk.run("demo", "--seconds", "1", "--json").result
    status = new_desk.run("status", "--json").result

    assert first["first"] == 1
    assert second["first"] == first["last"] + 1
    assert second["repeats"] == 0
    assert status["parked"] == []


def test_a_log_that_holds_anything_else_is_refused(desk: Desk) -> None:
    desk.keep(an_observation("1"))

    refused = desk.run("demo", "--seconds", "1")

    assert refused.code == 1
    assert "HUB_HOME" in refused.err
    assert desk.run("status", "--json").result["log"]["head"] == 1


@pytest.mark.skipif(not shutil.which("curl") or not shutil.which("openssl"), reason="no curl")
def test_the_change_that_is_offered_can_be_pushed_and_shows_up(new_desk: Desk) -> None:
    # Given a demo with its own Postgres and nothing made up, as a newcomer's shell starts it
    environ = {name: value for name, value in os.environ.items() if name != "HUB_DATABASE_URL"}
    command = [sys.executable, "-u", "-m", "hub", "demo", "--no-traffic"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ) as process:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if "what became of it" in line:
                break

        # When the line it offers is pasted twice
        offered = said[said.index("  body=") :].partition("time  ")[0]
        answers = [
            subprocess.run(["sh", "-c", offered], capture_output=True, text=True, check=True).stdout
            for _ in range(2)
        ]
        shown = [next(process.stdout), next(process.stdout)]
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=20)

    # Then it is kept once, shown both times, and Ctrl-C ends it without a fault
    assert answers == ['{"position": 1}'] * 2
    assert "yours.people/1" in shown[0]
    assert "kept" in shown[0]
    assert "repeat of #1" in shown[1]
    assert "1 event was kept" in rest
    assert process.returncode == 0
    assert not list(Path(environ["HUB_HOME"]).glob("postgres-*/data/postmaster.pid"))
