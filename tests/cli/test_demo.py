"""`hub demo` shows what arrives from played vendors, and touches no log but its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.test_log import an_observation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Desk

SMALL = ("--customers", "10", "--sandbox-port", "0")


@pytest.mark.usefixtures("new_desk")
def test_everything_there_is_is_read_for_the_first_time_and_summed_up() -> None:
    with a_demo("--no-traffic") as lines:
        said = line_with(lines, "/readyz")
        line_with(lines, "books.contacts", "read for the first time")
        line_with(lines, "log at #", "0 parked")

    assert "/metrics" in said


def test_the_next_demo_begins_anew(new_desk: Desk) -> None:
    first = new_desk.run("demo", *SMALL, "--no-traffic", "--seconds", "3", "--json").result
    second = new_desk.run("demo", *SMALL, "--no-traffic", "--seconds", "3", "--json").result
    status = new_desk.run("status", "--json").result

    assert (first["first"], second["first"]) == (1, 1)
    assert status["log"]["head"] == second["last"]
    assert status["parked"] == []


def test_a_log_that_no_demo_wrote_is_refused(desk: Desk) -> None:
    desk.keep(an_observation("1", connection="shop"))

    refused = desk.run("demo", *SMALL, "--seconds", "1")

    assert refused.code == 1
    assert "HUB_HOME" in refused.err
    assert desk.run("status", "--json").result["log"]["head"] == 1


@pytest.mark.usefixtures("new_desk")
def test_what_a_person_edits_shows_up_and_ctrl_c_leaves_nothing_running() -> None:
    # Given a demo
    with a_demo("--no-traffic") as lines:
        sandbox = line_with(lines, "the vendors").split()[2]
        line_with(lines, "crm.Accounts")  # was read: what comes now is news

        # When somebody changes an account in CRM
        account = said(f"{sandbox}_sandbox/state")["systems"]["crm"]["Accounts"][0]["id"]
        edit = {"system": "crm", "kind": "Accounts", "id": account, "fields": {"Phone": "555"}}
        said(f"{sandbox}_sandbox/edit", edit)

        # Then it is shown with what it says
        shown = line_with(lines, f"crm.Accounts/{account}")
        assert 'Phone "555"' in shown
        assert "kept" in shown
    assert not list(Path(os.environ["HUB_HOME"]).glob("postgres-*/data/postmaster.pid"))


@contextmanager
def a_demo(*words: str) -> Iterator[Iterator[str]]:
    """Start a demo with its own Postgres, as a newcomer's shell does; Ctrl-C ends it well."""
    environ = {name: value for name, value in os.environ.items() if name != "HUB_DATABASE_URL"}
    environ["COLUMNS"] = "140"
    command = [sys.executable, "-u", "-m", "hub", "demo", *SMALL, *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)
    assert process.returncode == 0


def line_with(lines: Iterator[str], *words: str) -> str:
    seen = []
    for line in lines:
        seen.append(line)
        if all(word in line for word in words):
            return line
    pytest.fail(f"no line with {words} in:\n{''.join(seen)}")


def said(url: str, body: Any = None) -> Any:  # noqa: ANN401
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(url, data, timeout=10) as answer:  # noqa: S310 - a sandbox's
        return json.loads(answer.read())
