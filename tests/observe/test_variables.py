"""The OTEL_* variables as the hub reads them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hub.observe import variables


@pytest.mark.parametrize(
    ("sampler", "argument", "ratio", "follows_parent"),
    [
        ("", "", 0.05, True),
        ("", "0.5", 0.5, True),
        ("parentbased_traceidratio", "0.2", 0.2, True),
        ("parentbased_traceidratio", "", 1.0, True),
        ("traceidratio", "0.2", 0.2, False),
        ("always_on", "", 1.0, False),
        ("always_off", "", 0.0, False),
        ("parentbased_always_on", "0.3", 1.0, True),
        ("parentbased_always_off", "", 0.0, True),
    ],
)
def test_the_sampler_is_the_one_that_is_named(
    sampler: str,
    argument: str,
    ratio: float,
    follows_parent: bool,  # noqa: FBT001
) -> None:
    environ = {"OTEL_TRACES_SAMPLER": sampler, "OTEL_TRACES_SAMPLER_ARG": argument}

    found = variables.sampling({name: value for name, value in environ.items() if value})

    assert (found.ratio, found.follows_parent) == (ratio, follows_parent)


@pytest.mark.parametrize(
    "environ",
    [
        {"OTEL_TRACES_SAMPLER": "xray", "OTEL_TRACES_SAMPLER_ARG": "0.05"},
        {"OTEL_TRACES_SAMPLER_ARG": "often"},
        {"OTEL_TRACES_SAMPLER_ARG": "5"},
        {"OTEL_TRACES_SAMPLER_ARG": "nan"},
    ],
    ids=str,
)
def test_what_is_not_known_is_said_and_the_default_taken(
    environ: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    found = variables.sampling(environ)

    assert (found.ratio, found.follows_parent) == (0.05, True)
    [message] = caplog.messages
    assert next(iter(environ)) in message


def test_a_base_endpoint_gets_the_path_of_the_signal_and_an_own_one_is_taken_as_it_is() -> None:
    base = variables.target("traces", {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318/"})
    own = variables.target(
        "metrics",
        {
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318",
            "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "http://other/in",
        },
    )

    assert base is not None
    assert base.endpoint == "http://collector:4318/v1/traces"
    assert own is not None
    assert own.endpoint == "http://other/in"


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": ""},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_TRACES_EXPORTER": "none"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_SDK_DISABLED": "TRUE"},
        {"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "http://c"},
    ],
    ids=str,
)
def test_traces_go_nowhere_when(environ: dict[str, str]) -> None:
    assert variables.target("traces", environ) is None


def test_bounds_are_taken_from_the_variables_and_a_batch_never_exceeds_the_queue() -> None:
    environ = {"OTEL_BSP_MAX_QUEUE_SIZE": "100", "OTEL_BSP_SCHEDULE_DELAY": "250"}

    limits = variables.span_limits(environ)

    assert (limits.queue_spans_max, limits.batch_spans_max) == (100, 100)
    assert limits.delay_seconds == 0.25


def test_a_bound_that_is_no_number_is_said_and_the_default_taken(
    caplog: pytest.LogCaptureFixture,
) -> None:
    limits = variables.span_limits({"OTEL_BSP_MAX_QUEUE_SIZE": "many"})

    assert limits.queue_spans_max == 8_192
    assert "OTEL_BSP_MAX_QUEUE_SIZE" in caplog.text


def test_another_protocol_than_ours_is_said(caplog: pytest.LogCaptureFixture) -> None:
    variables.target(
        "traces",
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
    )
    # Given without an endpoint it concerns nothing, and nothing is said.
    variables.target("traces", {"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"})

    [message] = caplog.messages
    assert "http/protobuf" in message


def test_importing_and_starting_without_a_backend_loads_no_telemetry_library() -> None:
    program = """
import os, sys
from hub import observe

class Chosen:
    logs = "json"

observe.start(Chosen(), {}).stop()
with observe.span("receive"):
    observe.traceparent()
heavy = {"opentelemetry", "prometheus_client", "requests", "google"}
print(*sorted(heavy & {name.partition(".")[0] for name in sys.modules}))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == ""
