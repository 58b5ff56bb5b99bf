"""`hub demo` shows what becomes of a change at played vendors, and touches no log but its own."""

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

from hub.cli.demo.place import only_one
from tests.cli.test_log import an_observation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Desk

SMALL = ("--customers", "4", "--sandbox-port", "0", "--port", "0")


@pytest.mark.slow
def test_the_next_demo_begins_anew(new_desk: Desk) -> None:
    first = new_desk.run("demo", *SMALL, "--seconds", "2", "--json").result
    second = new_desk.run("demo", *SMALL, "--seconds", "2", "--json").result
    status = new_desk.run("status", "--json").result

    assert (first["first"], second["first"]) == (1, 1)
    assert status["log"]["head"] >= second["last"]
    assert status["parked"] == []


def test_a_log_that_no_demo_wrote_is_refused(desk: Desk) -> None:
    desk.keep(an_observation("1", connection="shop"))

    refused = desk.run("demo", *SMALL, "--seconds", "1")

    assert refused.code == 1
    assert "HUB_HOME" in refused.err
    assert desk.run("status", "--json").result["log"]["head"] == 1


def test_a_second_demo_beside_one_that_runs_is_refused_and_changes_nothing(desk: Desk) -> None:
    settings = desk.database.settings
    with only_one(settings):
        refused = desk.run("demo", *SMALL, "--seconds", "1")

    assert refused.code == 1
    assert f"A demo runs in {settings.home} already (process {os.getpid()})" in refused.err
    assert not (settings.home / "demo" / "hub.toml").exists()


@pytest.mark.slow
@pytest.mark.usefixtures("new_desk")
def test_what_becomes_of_an_edit_is_told_also_after_the_hub_was_killed() -> None:
    # Given a demo in which all sides agree
    with a_demo() as lines:
        sandbox = line_with(lines, "the vendors").split()[2]
        hub = int(line_with(lines, "kill -9").split("kill -9")[1].split()[0])
        line_with(lines, "All sides agree")
        account = a_linked_account(sandbox)

        # When somebody changes an account in CRM
        edited(sandbox, account["id"], Website="https://one.example")

        # Then the change, the decision, the write and its echo are told
        shown = line_with(lines, "Website")
        assert account["Account_Name"][:20] in shown  # which is as much as the line has room for
        shown += "" if "echo recognised" in shown else lines_to(lines, "echo recognised")
        assert "-> customers: website" in shown
        assert "-> books.contacts" in shown
        assert website_in_books(sandbox, account) == "https://one.example"

        # And when the hub is killed, it comes back and goes on
        os.kill(hub, signal.SIGKILL)
        line_with(lines, "killed by SIGKILL")
        line_with(lines, "the hub is back")
        edited(sandbox, account["id"], Website="https://two.example")
        line_with(lines, "echo recognised")
        assert website_in_books(sandbox, account) == "https://two.example"

        # And a billable ticket that is resolved is invoiced
        ticket = a_billable_ticket(sandbox)
        acted(sandbox, "resolve", ticket)
        line_with(lines, "books.invoices", "made")
        line_with(lines, "cf_books_invoice_number written")
    assert not list(Path(os.environ["HUB_HOME"]).glob("postgres-*/data/postmaster.pid"))


def a_linked_account(sandbox: str) -> Any:
    accounts = said(f"{sandbox}_sandbox/state?system=crm")["systems"]["crm"]["Accounts"]
    return next(one for one in accounts if one["Books_Contact_Id"])


def edited(sandbox: str, account: str, **fields: str) -> None:
    edit = {"system": "crm", "kind": "Accounts", "id": account, "fields": fields}
    said(f"{sandbox}_sandbox/edit", edit)


def a_billable_ticket(sandbox: str) -> str:
    desk = said(f"{sandbox}_sandbox/state?system=desk")["systems"]["desk"]
    contact = next(one for one in desk["contacts"] if one["accountId"])
    cf = {"cf_billable": "Yes", "cf_billed_hours": "1.5", "cf_hourly_rate": "80"}
    whose = {"contactId": contact["id"], "departmentId": desk["departments"][0]["id"]}
    return str(acted(sandbox, "create", "", {"subject": "Set it up", **whose, "cf": cf})["id"])


def acted(sandbox: str, act: str, ticket: str, details: Any = None) -> Any:
    what = {"system": "desk", "act": act, "kind": "tickets", "id": ticket, "details": details or {}}
    return said(f"{sandbox}_sandbox/act", what)["record"]


def website_in_books(sandbox: str, account: Any) -> Any:
    contacts = said(f"{sandbox}_sandbox/state?system=books")["systems"]["books"]["contacts"]
    mine = [one for one in contacts if one["contact_id"] == account["Books_Contact_Id"]]
    return mine[0]["website"]


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


def lines_to(lines: Iterator[str], word: str) -> str:
    seen = ""
    while word not in seen:
        seen += next(lines)
    return seen


def line_with(lines: Iterator[str], *words: str) -> str:
    seen = []
    for line in lines:
        seen.append(line)
        if all(word in line for word in words):
            return line
    pytest.fail(f"no line with {words} in:\n{''.join(seen)}")


def said(url: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(url, data, timeout=10) as answer:  # noqa: S310 - a sandbox's
        return json.loads(answer.read())
