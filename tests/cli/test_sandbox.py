from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest

from hub.cli import hub

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def sandbox(*words: str) -> Iterator[subprocess.Popen[str]]:
    """Start `hub sandbox` on any port; whatever is left of it at the end is killed."""
    command = [sys.executable, "-m", "hub", "sandbox", "--port", "0", *words]
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_listens_and_stops_cleanly(stop: signal.Signals) -> None:
    with sandbox("--customers", "3", "--acts-per-minute", "600") as process:
        url = _url(process)
        state = _get(f"{url}/_sandbox")
        process.send_signal(stop)
        _, errors = process.communicate(timeout=10)

    assert "/oauth/v2" in state["systems"]["accounts"]
    assert (process.returncode, errors) == (0, "")


def test_it_stops_by_itself_and_tells_one_json_value() -> None:
    with sandbox("--no-traffic", "--customers", "0", "--seconds", "0.2", "--json") as process:
        out, errors = process.communicate(timeout=10)

    assert json.loads(out) == {"calls": 0}
    assert (process.returncode, errors) == (0, "")


def test_a_port_in_use_is_told_in_a_sentence() -> None:
    with sandbox("--customers", "0") as first:
        port = _url(first).rpartition(":")[2]
        with sandbox("--customers", "0", "--port", port) as second:
            _, errors = second.communicate(timeout=10)

    assert second.returncode == 1
    assert f"wants port {port}" in errors


def test_its_help_teaches_the_credentials_and_the_first_calls(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        hub.main(["sandbox", "--help"])

    said = capsys.readouterr().out
    for word in ("client_secret  sandbox", "sandbox-crm", "/oauth/v2/token", "_sandbox/faults"):
        assert word in said


def _url(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if "look" in line:
            return line.split()[-1].rstrip("/")
    raise AssertionError("it never said where it listens")


def _get(url: str) -> Any:
    with urlopen(url, timeout=10) as answer:  # noqa: S310 - this machine's own
        return json.load(answer)
