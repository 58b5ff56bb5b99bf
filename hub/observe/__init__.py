"""What the hub tells about itself: traces, metrics and log lines.

All that other code uses is named here, and importing it loads no telemetry library: those are
loaded by `start`. Before `start`, and without a backend, everything below works and stays silent.

spans.py     the name of every span          metrics.py      every metric
trace.py     spans and traceparents          measure.py      what counts and measures
telemetry.py start and stop                  logs.py         log lines
export.py    hands spans and metrics over    exposition.py   the text of /metrics
variables.py the standard OTEL_*             mask.py         passwords out of text
otlp.py      ... as a backend reads them
"""

from hub.observe import metrics
from hub.observe.telemetry import Telemetry, start
from hub.observe.trace import Span, accepted, event_span, is_sampled, span, traceparent

__all__ = [
    "Span",
    "Telemetry",
    "accepted",
    "event_span",
    "is_sampled",
    "metrics",
    "span",
    "start",
    "traceparent",
]
