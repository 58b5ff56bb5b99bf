"""Telemetry that is started for one test, told where to go, and always stopped again."""

from __future__ import annotations

import logging
import os
import threading
from typing import TYPE_CHECKING, Literal

import msgspec
import pytest

from hub import observe
from hub.observe import metrics
from tests.observe.receiver import Receiver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.observe.receiver import Manner


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    logs: Literal["auto", "json", "human"] = "json"


@pytest.fixture(autouse=True)
def no_variables_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in [name for name in os.environ if name.startswith("OTEL_")]:
        monkeypatch.delenv(variable)


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    # Asked for first, so ended last: after a backend that hangs has let go.
    yield
    for thread in threading.enumerate():
        if thread.name in {"hub-spans", "hub-metrics"}:
            thread.join(5)
            assert not thread.is_alive()


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root, hub = logging.getLogger(), logging.getLogger("hub")
    handlers, levels = root.handlers.copy(), (root.level, hub.level)
    yield
    root.handlers = handlers
    root.setLevel(levels[0])
    hub.setLevel(levels[1])


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def misbehaving() -> Iterator[Callable[[Manner], Receiver]]:
    made: list[Receiver] = []

    def make(manner: Manner) -> Receiver:
        made.append(Receiver(manner))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def start() -> Iterator[Callable[..., observe.Telemetry]]:
    started: list[observe.Telemetry] = []

    def start_with(**environ: str) -> observe.Telemetry:
        started.append(observe.start(Chosen(), environ))
        return started[-1]

    yield start_with
    for telemetry in started:
        telemetry.stop()


@pytest.fixture
def dropped() -> Callable[[], int]:
    """How many spans were dropped since the test began."""

    def so_far() -> int:
        return sum(value for _, value in metrics.spans_dropped.points())

    before = so_far()
    return lambda: so_far() - before
