"""`hub db` runs the hub's own Postgres by hand, and leaves anybody else's alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from hub.cli import hub
from hub.database.embedded import ServerStatus

if TYPE_CHECKING:
    from pathlib import Path

ELSEWHERE = "postgresql://bob:se%40cret@db.example.com:5432/sales"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith(("HUB_", "PG"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HUB_HOME", str(tmp_path))
    return tmp_path


def test_a_server_started_by_hand_stays_until_it_is_stopped(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = "select current_user, current_setting('search_path')"
    try:
        started = run(capsys, "start")
        status = run(capsys, "status")
        answer = hub_command("db", "psql", "-Atc", asked)
    finally:
        stopped = run(capsys, "stop")

    assert started["running"]
    assert (status["running"], status["kept"], status["in_use"]) == (True, True, False)
    assert status["port"] == started["port"]
    assert answer == "hub|hub\n"
    assert stopped == {"running": False}
    assert not run(capsys, "status")["running"]


@pytest.mark.parametrize(
    ("kept", "in_use", "words"),
    [(True, False, "until"), (False, True, "as long as"), (False, False, "though nobody uses it")],
)
def test_a_server_that_nobody_uses_any_more_is_told_from_one_in_use(
    home: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    kept: bool,
    in_use: bool,
    words: str,
) -> None:
    now = ServerStatus(
        running=True,
        in_use=in_use,
        kept=kept,
        process=1,
        port=2,
        directory=home,
        major=17,
        source="here",
    )
    monkeypatch.setattr("hub.database.embedded.Server.status", lambda _: now)

    ended("status")

    assert f"(process 1), {words}" in capsys.readouterr().out


def test_psql_without_a_server_says_how_to_start_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("psql") == 1
    assert "hub db start" in capsys.readouterr().err


@pytest.mark.parametrize("act", ["start", "stop"])
def test_somebody_elses_database_is_neither_started_nor_stopped(
    act: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_DATABASE_URL", ELSEWHERE)

    assert ended(act) == 1

    said = capsys.readouterr().err
    assert "db.example.com:5432/sales" in said
    assert "cret" not in said


@pytest.mark.parametrize(
    "url", [ELSEWHERE, "postgresql://bob@db.example.com:5432/sales?password=se%40cret"]
)
def test_psql_hands_the_password_on_where_nobody_sees_it(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    executed: list[Any] = []
    monkeypatch.setenv("HUB_DATABASE_URL", url)
    monkeypatch.setattr(os, "execve", lambda *words: executed.extend(words))

    ended("psql", "-l")

    _, command, environment = executed
    assert command[1:] == ["postgresql://bob@db.example.com:5432/sales", "-l"]
    assert environment["PGPASSWORD"] == "se@cret"
    assert environment["PGOPTIONS"] == "-c search_path=hub"


def ended(*words: str) -> object:
    with pytest.raises(SystemExit) as ending:
        hub.main(["db", *words])
    return ending.value.code


def run(capsys: pytest.CaptureFixture[str], act: str) -> dict[str, Any]:
    with pytest.raises(SystemExit):
        hub.main(["--json", "db", act])
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def hub_command(*words: str) -> str:
    command = [sys.executable, "-m", "hub", *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
