"""A backend that refuses, hangs or fails: the work goes on, and a stop does not wait for it."""

from __future__ import annotations

import logging
import socket
import time
from typing import TYPE_CHECKING

import pytest

from hub import observe
from hub.observe import metrics

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.observe.receiver import Manner, Receiver

STOP_SECONDS_MAX = 2.0
SPANS = 20_000


def work() -> float:
    """Make many spans; give the seconds it took."""
    began = time.perf_counter()
    for _ in range(SPANS):
        with observe.span("receive"):
            metrics.appended.add()
    return time.perf_counter() - began


def stopped_in_seconds(telemetry: observe.Telemetry) -> float:
    began = time.perf_counter()
    telemetry.stop()
    return time.perf_counter() - began


def said(caplog: pytest.LogCaptureFixture, words: str) -> list[str]:
    return [message for message in caplog.messages if words in message]


@pytest.mark.parametrize("manner", ["hangs", "fails"])
def test_work_and_stop_do_not_wait_for_a_backend_that(
    manner: Manner,
    misbehaving: Callable[[Manner], Receiver],
    start: Callable[..., observe.Telemetry],
    dropped: Callable[[], int],
) -> None:
    backend = misbehaving(manner)
    telemetry = start(OTEL_EXPORTER_OTLP_ENDPOINT=backend.url, OTEL_TRACES_SAMPLER="always_on")

    # A span costs microseconds; 2 s leave a busy machine fifty times that.
    assert work() < 2.0
    assert stopped_in_seconds(telemetry) < STOP_SECONDS_MAX

    assert backend.requests
    assert dropped() >= SPANS - 8_192


def test_work_and_stop_do_not_wait_for_a_backend_that_refuses(
    start: Callable[..., observe.Telemetry],
    dropped: Callable[[], int],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    endpoint = f"http://127.0.0.1:{port}"
    telemetry = start(OTEL_EXPORTER_OTLP_ENDPOINT=endpoint, OTEL_TRACES_SAMPLER="always_on")

    assert work() < 2.0
    assert stopped_in_seconds(telemetry) < STOP_SECONDS_MAX

    assert dropped() >= SPANS - 8_192
    assert len(said(caplog, "spans did not reach their backend")) == 1


def test_a_backend_that_fails_is_spoken_of_once_and_once_more_when_it_is_back(
    misbehaving: Callable[[Manner], Receiver],
    start: Callable[..., observe.Telemetry],
    caplog: pytest.LogCaptureFixture,
) -> None:
    backend = misbehaving("fails")
    caplog.set_level(logging.INFO)
    telemetry = start(
        OTEL_EXPORTER_OTLP_ENDPOINT=backend.url,
        OTEL_BSP_MAX_EXPORT_BATCH_SIZE="1",
        OTEL_METRICS_EXPORTER="none",
        OTEL_TRACES_SAMPLER="always_on",
    )

    for _ in range(5):
        with observe.span("receive"):
            pass
    _wait_until(lambda: backend.requests == 5)
    backend.manner = "takes"
    with observe.span("receive"):
        pass
    telemetry.stop()

    [away] = said(caplog, "does not take what it is sent")
    assert backend.url in away
    assert "500" in away
    assert len(said(caplog, "takes what it is sent")) == 1
    assert not [record for record in caplog.records if record.name.startswith("opentelemetry")]


def test_what_hung_is_sent_when_the_backend_wakes_up(
    misbehaving: Callable[[Manner], Receiver],
    start: Callable[..., observe.Telemetry],
    dropped: Callable[[], int],
) -> None:
    backend = misbehaving("hangs")
    telemetry = start(
        OTEL_EXPORTER_OTLP_ENDPOINT=backend.url,
        OTEL_BSP_MAX_EXPORT_BATCH_SIZE="1",
        OTEL_METRICS_EXPORTER="none",
        OTEL_TRACES_SAMPLER="always_on",
    )

    for _ in range(10):
        with observe.span("receive"):
            pass
    _wait_until(lambda: backend.requests == 1)
    backend.let_go()
    telemetry.stop()

    assert len(backend.spans) == 10
    assert dropped() == 0


def _wait_until(holds: Callable[[], bool]) -> None:
    """Wait for another thread, which has no event of ours to wait for."""
    deadline = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold within 5 s"
        time.sleep(0.002)
