"""What a backend is sent over OTLP/HTTP."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from hub import observe
from hub.observe import metrics
from hub.observe.export import ERRORS_PER_SECOND_MAX
from hub.observe.otlp import TEXT_CHARS_MAX

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.proto.metrics.v1.metrics_pb2 import NumberDataPoint
    from opentelemetry.proto.resource.v1.resource_pb2 import Resource

    from tests.observe.receiver import Receiver

ALL = {"OTEL_TRACES_SAMPLER": "always_on", "OTEL_METRICS_EXPORTER": "none"}
NONE = {"OTEL_TRACES_SAMPLER_ARG": "0", "OTEL_METRICS_EXPORTER": "none"}


def told(resource: Resource) -> dict[str, str]:
    return {pair.key: pair.value.string_value for pair in resource.attributes}


def test_spans_join_one_trace_through_what_the_log_stored(
    receiver: Receiver, start: Callable[..., observe.Telemetry]
) -> None:
    telemetry = start(OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, **ALL)

    with observe.span("receive", kind="server", connection="crm", events=1):
        stored = observe.traceparent()
    observe.event_span("append", stored, 1_000, 2_000, position=42)
    with observe.span("project page", links=[stored], projector="sync"):
        observe.event_span("project", stored, 3_000, 4_000, projector="sync")
    telemetry.stop()

    receive, append = receiver.span("receive"), receiver.span("append")
    project, page = receiver.span("project"), receiver.span("project page")
    assert {span.trace_id.hex() for span in (receive, append, project)} == {stored[3:35]}
    assert append.parent_span_id == project.parent_span_id == receive.span_id
    assert (receive.parent_span_id, receive.kind) == (b"", Span.SPAN_KIND_SERVER)
    assert [link.span_id for link in page.links] == [receive.span_id]
    assert page.trace_id != receive.trace_id
    assert (append.start_time_unix_nano, append.end_time_unix_nano) == (1_000, 2_000)
    [(key, position)] = [(pair.key, pair.value.int_value) for pair in append.attributes]
    assert (key, position) == ("hub.position", 42)


def test_a_trace_begun_by_the_sender_goes_on(
    receiver: Receiver, start: Callable[..., observe.Telemetry]
) -> None:
    telemetry = start(OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, **NONE)
    sender = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    with observe.span("receive", parent=sender):
        pass
    telemetry.stop()

    span = receiver.span("receive")
    assert f"00-{span.trace_id.hex()}-{span.parent_span_id.hex()}-01" == sender


def test_what_is_not_sampled_is_never_sent(
    receiver: Receiver, start: Callable[..., observe.Telemetry]
) -> None:
    telemetry = start(OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, **NONE)

    for _ in range(100):
        with observe.span("receive"):
            observe.event_span("append", observe.traceparent(), 1_000, 2_000)
    telemetry.stop()

    assert receiver.requests == 0


def test_an_error_is_sent_though_its_trace_is_not_sampled(
    receiver: Receiver, start: Callable[..., observe.Telemetry]
) -> None:
    telemetry = start(OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, **NONE)

    with pytest.raises(ValueError, match="no such field"), observe.span("receive") as failing:
        raise ValueError("no such field")
    telemetry.stop()

    span = receiver.span("receive")
    assert f"00-{span.trace_id.hex()}-{span.span_id.hex()}-00" == failing.traceparent
    assert (span.status.code, span.status.message) == (Status.STATUS_CODE_ERROR, "no such field")
    assert [event.name for event in span.events] == ["exception"]


def test_a_flood_of_errors_is_thinned_and_the_rest_counted(
    receiver: Receiver,
    start: Callable[..., observe.Telemetry],
    dropped: Callable[[], int],
) -> None:
    telemetry = start(OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, **NONE)

    for _ in range(1_000):
        with observe.span("receive") as span:
            span.fail("the database is away")
    telemetry.stop()

    # The second may have turned once or twice on the way.
    assert ERRORS_PER_SECOND_MAX <= len(receiver.spans) <= 4 * ERRORS_PER_SECOND_MAX
    assert len(receiver.spans) + dropped() == 1_000


def test_every_span_is_sent_or_counted_as_dropped(
    receiver: Receiver,
    start: Callable[..., observe.Telemetry],
    dropped: Callable[[], int],
) -> None:
    telemetry = start(
        OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url,
        OTEL_BSP_MAX_QUEUE_SIZE="50",
        OTEL_BSP_MAX_EXPORT_BATCH_SIZE="20",
        **ALL,
    )

    for _ in range(2_000):
        with observe.span("receive"):
            pass
    telemetry.stop()

    assert receiver.spans
    assert len(receiver.spans) + dropped() == 2_000


def test_attributes_that_are_no_plain_values_are_told_as_text_without_passwords(
    receiver: Receiver, start: Callable[..., observe.Telemetry]
) -> None:
    telemetry = start(OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, **ALL)

    with observe.span("receive", url="postgresql://hub:sesame@db", left=None, kinds=["a"], ok=True):
        pass
    telemetry.stop()

    found = {pair.key: pair.value for pair in receiver.span("receive").attributes}
    assert set(found) == {"hub.url", "hub.kinds", "hub.ok"}
    assert found["hub.url"].string_value == "postgresql://hub:***@db"
    assert found["hub.kinds"].string_value == "['a']"
    assert found["hub.ok"].bool_value is True


def test_what_otlp_cannot_hold_does_not_cost_the_spans_beside_it(
    receiver: Receiver, start: Callable[..., observe.Telemetry]
) -> None:
    telemetry = start(OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, **ALL)

    with observe.span("receive", id=10**30, name="half \ud83d", long="x" * 1_000_000) as span:
        span.fail("half \ud83d")
    telemetry.stop()

    found = {pair.key: pair.value.string_value for pair in receiver.span("receive").attributes}
    assert found["hub.id"] == str(10**30)
    assert found["hub.name"] == "half ?"
    assert len(found["hub.long"]) == TEXT_CHARS_MAX


def test_the_backend_is_told_who_speaks_and_given_the_headers(
    receiver: Receiver, start: Callable[..., observe.Telemetry]
) -> None:
    telemetry = start(
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=f"{receiver.url}/v1/traces",
        OTEL_EXPORTER_OTLP_HEADERS="Authorization=Bearer%20abc,x-tenant=7",
        OTEL_RESOURCE_ATTRIBUTES="deployment.environment=test",
        OTEL_SERVICE_NAME="hub-berlin",
        OTEL_TRACES_SAMPLER="always_on",
    )

    with observe.span("receive"):
        pass
    telemetry.stop()

    [resource], [headers] = receiver.resources, receiver.headers
    assert told(resource)["service.name"] == "hub-berlin"
    assert told(resource)["deployment.environment"] == "test"
    assert (headers["authorization"], headers["x-tenant"]) == ("Bearer abc", "7")


def test_without_a_name_the_service_is_called_hub(
    receiver: Receiver, start: Callable[..., observe.Telemetry]
) -> None:
    start(OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=f"{receiver.url}/v1/metrics").stop()

    [resource] = receiver.resources
    assert told(resource)["service.name"] == "hub"


def test_metrics_arrive_with_units_labels_and_values(
    receiver: Receiver, start: Callable[..., observe.Telemetry]
) -> None:
    telemetry = start(OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url)
    appended = metrics.appended.value()

    metrics.appended.add(5)
    metrics.lag_events.set(17, projector="sync")
    metrics.append_seconds.record(0.003)
    telemetry.stop()

    total = receiver.metrics["hub_events_appended_total"]
    assert total.unit == "{event}"
    assert total.sum.is_monotonic
    assert [point.as_int for point in total.sum.data_points] == [appended + 5]
    lag = receiver.metrics["hub_projector_lag_events"].gauge.data_points
    assert 17 in [point.as_int for point in lag if _labels(point) == {"projector": "sync"}]
    [seconds] = receiver.metrics["hub_append_seconds"].histogram.data_points
    assert len(seconds.bucket_counts) == len(seconds.explicit_bounds) + 1
    assert sum(seconds.bucket_counts) == seconds.count >= 1


def test_of_a_hand_over_that_went_well_nothing_is_said(
    receiver: Receiver,
    start: Callable[..., observe.Telemetry],
    caplog: pytest.LogCaptureFixture,
) -> None:
    start(OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url).stop()

    assert receiver.metrics
    assert [record.message for record in caplog.records] == []


def test_metrics_go_nowhere_when_their_exporter_is_none(
    receiver: Receiver, start: Callable[..., observe.Telemetry]
) -> None:
    start(OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, OTEL_METRICS_EXPORTER="none").stop()

    assert receiver.requests == 0


def test_the_sdk_switched_off_sends_nothing(
    receiver: Receiver, start: Callable[..., observe.Telemetry]
) -> None:
    telemetry = start(OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, OTEL_SDK_DISABLED="true", **ALL)

    with observe.span("receive") as span:
        pass
    telemetry.stop()

    assert not observe.is_sampled(span.traceparent)
    assert receiver.requests == 0


def test_after_a_stop_tracing_is_off_and_a_second_stop_does_nothing(
    receiver: Receiver, start: Callable[..., observe.Telemetry]
) -> None:
    telemetry = start(OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, **ALL)
    telemetry.stop()
    telemetry.stop()

    with observe.span("receive"):
        assert not observe.is_sampled(observe.traceparent())

    assert receiver.requests == 0


def test_a_span_that_outlives_the_stop_is_counted_as_dropped(
    receiver: Receiver,
    start: Callable[..., observe.Telemetry],
    dropped: Callable[[], int],
) -> None:
    telemetry = start(OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, **ALL)

    with observe.span("receive"):
        telemetry.stop()

    assert dropped() == 1


def test_the_exporter_logs_as_usual_once_telemetry_has_stopped(
    receiver: Receiver, start: Callable[..., observe.Telemetry]
) -> None:
    exporter = logging.getLogger("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    start(OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, **ALL).stop()

    assert exporter.propagate
    assert not exporter.handlers


def _labels(point: NumberDataPoint) -> dict[str, str]:
    return {pair.key: pair.value.string_value for pair in point.attributes}
