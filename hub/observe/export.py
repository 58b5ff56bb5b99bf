"""Hands spans and metrics to an OTLP backend, from threads that nothing waits for.

Loaded only when a backend is configured, as the telemetry libraries are large. Whatever the backend
does (refuse, hang, answer nonsense), the work goes on: the queue is bounded, what finds no room is
counted, and a stop waits for the last hand-over no longer than it is told to.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol, TypeGuard

from opentelemetry.exporter.otlp.proto.http import metric_exporter, trace_exporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import export as otel
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from hub import __version__
from hub.observe import metrics
from hub.observe.mask import mask
from hub.observe.measure import Counter, Histogram
from hub.observe.trace import accepted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hub.observe.measure import Key, Metric, Spread
    from hub.observe.trace import Span
    from hub.observe.variables import Sampling, SpanLimits, Target

ERRORS_PER_SECOND_MAX = 50
"""Failed spans kept of traces that are not sampled: enough to see a fault, too few to feed it."""

TEXT_CHARS_MAX = 16_384
"""Characters kept of one text of a span."""

_SCOPE = InstrumentationScope("hub", __version__)
_KINDS = {kind.name.lower(): kind for kind in SpanKind}
_STARTED_NS = time.time_ns()

logger = logging.getLogger(__name__)


class Shipper(Protocol):
    """One signal on its way to its backend."""

    def stop(self) -> None:
        """Ask for the last hand-over; return at once."""

    def give_up(self, seconds: float) -> None:
        """Wait at most this long for it, then drop what is left and count it."""


class SpanShipper:
    """The queue of finished spans, and the thread that hands them over in batches."""

    def __init__(
        self, target: Target, resource: dict[str, str], sampling: Sampling, limits: SpanLimits
    ) -> None:
        self.bound = sampling.bound
        self.follows_parent = sampling.follows_parent
        self._limits = limits
        self._resource = Resource(resource)
        self._exporter = OTLPSpanExporter(endpoint=target.endpoint, headers=target.headers)
        self._backend = Backend("trace", target.endpoint, trace_exporter.__name__)
        self._queue: deque[Span] = deque()
        self._error_second = 0
        self._errors_left = ERRORS_PER_SECOND_MAX
        self._background = Background(
            "hub-spans", self._ship, limits.delay_seconds, at_end=self._backend.close
        )

    def keep(self, span: Span) -> None:
        """Queue a finished span; without room it is counted and dropped."""
        if self._background.stopping:
            metrics.spans_dropped.add(reason="stopped")
        elif len(self._queue) >= self._limits.queue_spans_max:
            metrics.spans_dropped.add(reason="queue_full")
        else:
            self._queue.append(span)
            if len(self._queue) >= self._limits.batch_spans_max:
                self._background.wake()

    def takes_error(self) -> bool:
        """Tell whether this second has room for one more failure of an unsampled trace."""
        second = int(time.monotonic())
        if second != self._error_second:
            self._error_second, self._errors_left = second, ERRORS_PER_SECOND_MAX
        self._errors_left -= 1
        if self._errors_left < 0:
            metrics.spans_dropped.add(reason="error_rate")
        return self._errors_left >= 0

    def stop(self) -> None:
        """Ask for the last hand-over; return at once."""
        self._background.stop()

    def give_up(self, seconds: float) -> None:
        """Wait at most this long for it, then drop what is left and count it."""
        self._background.join(seconds)
        left = len(_taken(self._queue, self._limits.queue_spans_max))
        if left:
            metrics.spans_dropped.add(left, reason="stopped")
            logger.warning("%d spans did not reach their backend before the stop.", left)
        # The exporter leaves this one method untyped.
        self._exporter.shutdown()  # type: ignore[no-untyped-call]

    def _ship(self) -> None:
        while batch := _taken(self._queue, self._limits.batch_spans_max):
            went = False
            try:
                spans = [readable(span, self._resource) for span in batch]
                went = self._exporter.export(spans) is SpanExportResult.SUCCESS
            finally:
                self._backend.answered(went=went)
                if not went:
                    metrics.spans_dropped.add(len(batch), reason="backend")


class MetricShipper:
    """Hands every metric over, once an interval."""

    def __init__(self, target: Target, resource: dict[str, str], interval_seconds: float) -> None:
        self._resource = Resource(resource)
        self._exporter = OTLPMetricExporter(endpoint=target.endpoint, headers=target.headers)
        self._backend = Backend("metric", target.endpoint, metric_exporter.__name__)
        self._background = Background(
            "hub-metrics", self._ship, interval_seconds, at_end=self._backend.close
        )

    def stop(self) -> None:
        """Ask for the last hand-over; return at once."""
        self._background.stop()

    def give_up(self, seconds: float) -> None:
        """Wait at most this long for it."""
        self._background.join(seconds)
        self._exporter.shutdown()

    def _ship(self) -> None:
        answer = self._exporter.export(measured(self._resource, metrics.ALL))
        self._backend.answered(went=answer is otel.MetricExportResult.SUCCESS)


class Background:
    """A daemon thread that acts every interval, when woken, and once more when stopped."""

    def __init__(
        self,
        name: str,
        act: Callable[[], None],
        interval_seconds: float,
        *,
        at_end: Callable[[], None],
    ) -> None:
        self.stopping = False
        self._act = act
        self._at_end = at_end
        self._interval_seconds = interval_seconds
        self._woken = threading.Event()
        # A daemon, so that a backend that hangs cannot keep the process from ending.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Have it act now."""
        if not self._woken.is_set():
            self._woken.set()

    def stop(self) -> None:
        """Have it act a last time."""
        self.stopping = True
        self._woken.set()

    def join(self, seconds: float) -> None:
        """Wait for the last time, but not longer than this."""
        self._thread.join(seconds)

    def _run(self) -> None:
        last = False
        while not last:
            self._woken.wait(self._interval_seconds)
            self._woken.clear()
            # Read before the act: what was queued until then is in it.
            last = self.stopping
            try:
                self._act()
            except Exception:
                logger.exception("Telemetry could not be handed over; the next is tried again.")
        self._at_end()


class Backend:
    """Whether a backend takes what it is given: said once when it ceases to, once when it resumes.

    The exporter tells why it failed only by logging, for every batch anew; so its log comes here
    and goes no further.
    """

    def __init__(self, signal: str, endpoint: str, exporter: str) -> None:
        self._signal = signal
        self._endpoint = mask(endpoint)
        self._takes = True
        self._complaints = Complaints()
        self._exporter_logger = logging.getLogger(exporter)
        self._exporter_logger.addHandler(self._complaints)
        self._exporter_logger.propagate = False

    def answered(self, *, went: bool) -> None:
        """Say it when it changes."""
        cause = self._complaints.first_of_all()
        if self._takes and not went:
            logger.warning(
                "The %s backend at %s does not take what it is sent: %s. The hub works on without "
                "it; this is said once, until it takes something again.",
                self._signal,
                self._endpoint,
                cause.rstrip(".") or "no reason was given",
            )
        elif went and not self._takes:
            logger.info("The %s backend at %s takes what it is sent.", self._signal, self._endpoint)
        self._takes = went

    def close(self) -> None:
        """Let the exporter's log go its usual way again."""
        self._exporter_logger.removeHandler(self._complaints)
        self._exporter_logger.propagate = True


class Complaints(logging.Handler):
    """Holds the first thing that an exporter complained of since it was last asked."""

    _first = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Hold it, if nothing is held."""
        self._first = self._first or mask(record.getMessage())

    def first_of_all(self) -> str:
        """Give it, and hold nothing."""
        first, self._first = self._first, ""
        return first


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


def _taken(queue: deque[Span], count: int) -> list[Span]:
    # A stop may empty the queue at the same time: what is gone is gone.
    taken: list[Span] = []
    with suppress(IndexError):
        while len(taken) < count:
            taken.append(queue.popleft())
    return taken
