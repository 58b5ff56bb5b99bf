"""`hub serve` runs until it is asked to stop, or says why it cannot."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from tests.cli.conftest import Desk


def test_a_hub_that_was_asked_to_stop_has_not_failed(new_desk: Desk) -> None:
    command = [sys.executable, "-m", "hub", "serve"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        told = next(line for line in process.stderr if "Listening" in line)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)

    assert "http://127.0.0.1:" in told
    assert "127.0.0.1:0" not in told
    assert process.returncode == 0


def test_without_migrations_it_starts_only_on_what_is_up_to_date(new_desk: Desk) -> None:
    refused = new_desk.run("serve", "--no-migrate")

    assert refused.code == 3
    assert "0001_log" in refused.err
    assert "hub migrate" in refused.err


def test_a_port_that_is_taken_is_a_fault_of_the_settings(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        monkeypatch.setenv("HUB_SERVE_PORT", port)

        refused = desk.run("serve")

    assert refused.code == 2
    assert f"Port {port}" in refused.err
    assert "HUB_SERVE_PORT" in refused.err
