"""Puts spans and metrics as the exporters to an OTLP backend read them.

Loaded only when a backend is configured, as the telemetry libraries are large. One value that OTLP
cannot hold would cost the whole batch, so each is put so that it can.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeGuard

from opentelemetry.sdk.metrics import export as otel
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from hub import __version__
from hub.observe.mask import mask
from hub.observe.measure import Counter, Histogram
from hub.observe.trace import accepted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from opentelemetry.sdk.resources import Resource

    from hub.observe.measure import Key, Metric, Spread
    from hub.observe.trace import Span

TEXT_CHARS_MAX = 16_384
"""Characters kept of one text of a span."""

_SCOPE = InstrumentationScope("hub", __version__)
_KINDS = {kind.name.lower(): kind for kind in SpanKind}
_STARTED_NS = time.time_ns()


def readable(span: Span, resource: Resource) -> ReadableSpan:
    """Give a span as the exporter reads it.

    It is built here rather than by the SDK's tracer, which would build it where the work is done:
    five times as dear there, and the ids of a span recorded after the fact would not be ours.
    """
    parent = span.parent
    return ReadableSpan(
        name=span.name,
        context=_context(span.traceparent),
        parent=_context(parent) if parent else None,
        resource=resource,
        instrumentation_scope=_SCOPE,
        kind=_KINDS[span.kind],
        attributes=_attributes(span.attributes),
        events=_failure_events(span),
        links=[Link(_context(link)) for link in span.links if accepted(link)],
        status=_status(span),
        start_time=span.start_ns,
        end_time=max(span.start_ns, span.end_ns),
    )


def measured(resource: Resource, of: Iterable[Metric]) -> otel.MetricsData:
    """Give metrics, as they stand now, in the form that the exporter reads."""
    now_ns = time.time_ns()
    scope = otel.ScopeMetrics(
        scope=_SCOPE, metrics=[_measured(metric, now_ns) for metric in of], schema_url=""
    )
    of_resource = otel.ResourceMetrics(resource=resource, scope_metrics=[scope], schema_url="")
    return otel.MetricsData(resource_metrics=[of_resource])


def _measured(metric: Metric, now_ns: int) -> otel.Metric:
    about = metric.about
    return otel.Metric(
        name=about.name,
        description=about.description,
        unit=about.unit,
        data=_data(metric, now_ns),
    )


def _data(metric: Metric, now_ns: int) -> otel.DataT:
    if isinstance(metric, Histogram):
        measured = [(key, spread) for key, spread in metric.points() if spread.count]
        spreads = [_spread(metric, key, spread, now_ns) for key, spread in measured]
        return otel.Histogram(spreads, otel.AggregationTemporality.CUMULATIVE)
    points = [
        otel.NumberDataPoint(_labelled(metric, key), _STARTED_NS, now_ns, value)
        for key, value in metric.points()
    ]
    if isinstance(metric, Counter):
        return otel.Sum(points, otel.AggregationTemporality.CUMULATIVE, is_monotonic=True)
    return otel.Gauge(points)


def _spread(metric: Metric, key: Key, spread: Spread, now_ns: int) -> otel.HistogramDataPoint:
    return otel.HistogramDataPoint(
        attributes=_labelled(metric, key),
        start_time_unix_nano=_STARTED_NS,
        time_unix_nano=now_ns,
        count=spread.count,
        sum=spread.sum,
        bucket_counts=spread.buckets,
        explicit_bounds=spread.bounds,
        min=spread.smallest,
        max=spread.largest,
    )


def _labelled(metric: Metric, key: Key) -> dict[str, str]:
    return dict(zip(metric.about.labels, key, strict=True))


def _context(traceparent: str) -> SpanContext:
    return SpanContext(
        trace_id=int(traceparent[3:35], 16),
        span_id=int(traceparent[36:52], 16),
        # Every parent is told as remote: it came as text, be it from the log or from this process.
        is_remote=True,
        trace_flags=TraceFlags(TraceFlags.SAMPLED),
    )


def _attributes(given: dict[str, object]) -> dict[str, str | bool | int | float]:
    return {
        f"hub.{name}": value if _is_number(value) else _text(value)
        for name, value in given.items()
        if value is not None
    }


def _is_number(value: object) -> TypeGuard[bool | int | float]:
    # OTLP holds integers of 64 bits; a longer one would cost the whole batch.
    if isinstance(value, int):
        return -(1 << 63) <= value < 1 << 63
    return isinstance(value, float)


def _text(value: object) -> str:
    # Half a surrogate pair, which JSON can hold and UTF-8 cannot, would cost the batch too.
    text = mask(str(value))[:TEXT_CHARS_MAX]
    return text.encode(errors="replace").decode()


def _status(span: Span) -> Status:
    if span.failure is None:
        return Status(StatusCode.UNSET)
    return Status(StatusCode.ERROR, _text(span.failure.message))


def _failure_events(span: Span) -> list[Event]:
    failure = span.failure
    if failure is None or not failure.type:
        return []
    told = {
        "exception.type": failure.type,
        "exception.message": _text(failure.message),
        "exception.stacktrace": _text(failure.stack),
    }
    return [Event("exception", told, span.end_ns)]
