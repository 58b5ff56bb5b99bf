"""What a command awaits is run to its end; how it is stopped is told in test_frame."""

from __future__ import annotations

import asyncio
import signal
import threading

import pytest

from hub.cli import run
from hub.errors import Refused


async def loop_in_use() -> str:
    return type(asyncio.get_running_loop()).__module__


def test_it_gives_what_the_coroutine_returns_on_uvloop() -> None:
    pytest.importorskip("uvloop")

    assert run(loop_in_use()) == "uvloop"


def test_it_does_without_uvloop(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(_: str) -> None:
        return None

    monkeypatch.setattr("importlib.util.find_spec", absent)

    assert run(loop_in_use()).startswith("asyncio.")


def test_an_error_comes_through_and_sigterm_means_what_it_meant_before() -> None:
    async def refuse() -> None:
        raise Refused("no")

    before = signal.getsignal(signal.SIGTERM)

    with pytest.raises(Refused):
        run(refuse())

    assert signal.getsignal(signal.SIGTERM) is before


def test_a_cancellation_that_nobody_asked_for_is_not_an_interrupt() -> None:
    async def give_up() -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        run(give_up())


def test_it_runs_outside_the_main_thread_too() -> None:
    loops: list[str] = []
    thread = threading.Thread(target=lambda: loops.append(run(loop_in_use())))

    thread.start()
    thread.join(timeout=30)

    assert len(loops) == 1
