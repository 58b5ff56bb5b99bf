"""Run what a command awaits, and let Ctrl-C, SIGTERM and SIGHUP stop it in good order."""

from __future__ import annotations

import gc
import importlib.util
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Callable, Coroutine, Iterator

T = TypeVar("T")

ALLOCATIONS = 10_000


def collect_seldom() -> None:
    """Look for garbage in cycles once in so many allocations, not in 700.

    A fold makes and holds much, and next to none of it in cycles: a sixth of its time went there.
    """
    gc.set_threshold(ALLOCATIONS)


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end, on uvloop where that is installed.

    Ctrl-C, SIGTERM and SIGHUP cancel it. If it then returns, so does `run`: a server that was asked
    to stop and did has not failed. If the cancellation comes through, KeyboardInterrupt is raised.
    """
    import asyncio  # noqa: PLC0415 - `hub --help` does without it

    asked_to_stop = False

    async def stoppable() -> T:
        task = asyncio.current_task()
        assert task is not None

        def stop() -> None:
            nonlocal asked_to_stop
            asked_to_stop = True
            task.cancel()

        with _on_signals(asyncio.get_running_loop(), stop):
            return await coroutine

    collect_seldom()
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        try:
            return runner.run(stoppable())
        except asyncio.CancelledError:
            if asked_to_stop:
                raise KeyboardInterrupt from None
            raise


@contextmanager
def _on_signals(loop: AbstractEventLoop, stop: Callable[[], None]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    # Not passed on as SIGINT: a shell that starts the hub with `&` has that one ignored.
    before = {asked: signal.getsignal(asked) for asked in (signal.SIGTERM, signal.SIGHUP)}
    # One that is ignored stays so: `nohup` means it.
    heard = [asked for asked, handler in before.items() if handler != signal.SIG_IGN]
    for asked in heard:
        loop.add_signal_handler(asked, stop)
    try:
        yield
    finally:
        for asked in heard:
            loop.remove_signal_handler(asked)
            signal.signal(asked, before[asked])


def _loop_factory() -> Callable[[], AbstractEventLoop] | None:
    if importlib.util.find_spec("uvloop") is None:
        return None
    import uvloop  # noqa: PLC0415

    return uvloop.new_event_loop
