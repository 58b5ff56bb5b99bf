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
from typing import TYPE_CHECKING, Protocol

from opentelemetry.exporter.otlp.proto.http import metric_exporter, trace_exporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics.export import MetricExportResult
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace.export import SpanExportResult

from hub.observe import metrics
from hub.observe.mask import mask
from hub.observe.otlp import measured, readable

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.observe.trace import Span
    from hub.observe.variables import Sampling, SpanLimits, Target

ERRORS_PER_SECOND_MAX = 50
"""Failed spans kept of traces that are not sampled: enough to see a fault, too few to feed it."""

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
        self._backend.answered(went=answer is MetricExportResult.SUCCESS)


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


def _taken(queue: deque[Span], count: int) -> list[Span]:
    # A stop may empty the queue at the same time: what is gone is gone.
    taken: list[Span] = []
    with suppress(IndexError):
        while len(taken) < count:
            taken.append(queue.popleft())
    return taken
