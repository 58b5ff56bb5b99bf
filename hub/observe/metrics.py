"""Every metric of the hub: its name, unit, labels and meaning.

The names are the same on /metrics and over OTLP. Labels have few values by design: never a record,
never an event's type, never text that came from outside.
"""

from __future__ import annotations

from hub.observe.measure import Counter, Gauge, Histogram, Metric

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_EVENTS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)

# The log

appended = Counter(
    "hub_events_appended_total",
    "Events appended to the log by this process.",
    unit="{event}",
)
repeated = Counter(
    "hub_events_repeated_total",
    "Events handed in that the log already held; they were given the position of the first.",
    unit="{event}",
)
append_refused = Counter(
    "hub_append_refused_total",
    "Events that were not taken, by reason.",
    unit="{event}",
    labels=("reason",),
)
append_seconds = Histogram(
    "hub_append_seconds",
    "Time one batch took to become durable.",
    unit="s",
    bounds=_SECONDS,
)
append_batch_events = Histogram(
    "hub_append_batch_events",
    "Events in one batch.",
    unit="{event}",
    bounds=_EVENTS,
)
append_queue_events = Gauge(
    "hub_append_queue_events",
    "Events waiting to be appended.",
    unit="{event}",
)
log_head = Gauge(
    "hub_log_head",
    "Position of the last event that this process knows to be in the log.",
    unit="{position}",
)

# Projectors

projector_position = Gauge(
    "hub_projector_position",
    "Position up to which a projector has applied the log.",
    unit="{position}",
    labels=("projector",),
)
lag_events = Gauge(
    "hub_projector_lag_events",
    "Events in the log that a projector has not applied.",
    unit="{event}",
    labels=("projector",),
)
lag_seconds = Gauge(
    "hub_projector_lag_seconds",
    "Age of the oldest event that a projector has not applied, 0 when it has applied all.",
    unit="s",
    labels=("projector",),
)
page_seconds = Histogram(
    "hub_projector_page_seconds",
    "Time to read, fold and write one page.",
    unit="s",
    labels=("projector",),
    bounds=_SECONDS,
)
parked = Gauge(
    "hub_projector_parked",
    "Events that a projector could not apply and that wait for a person.",
    unit="{event}",
    labels=("projector",),
)
leader = Gauge(
    "hub_projector_leader",
    "1 where this process runs the projector, 0 where another does.",
    labels=("projector",),
)

# The database

database_up = Gauge(
    "hub_database_up",
    "1 when the database answered last time, else 0.",
)

# Inbound

intake = Counter(
    "hub_intake_total",
    "Requests that brought changes, by connection and what came of them.",
    unit="{request}",
    labels=("connection", "outcome"),
)
intake_seconds = Histogram(
    "hub_intake_seconds",
    "Time from a request to its answer, which is given once its events are durable.",
    unit="s",
    bounds=_SECONDS,
)

roads_silent = Gauge(
    "hub_roads_silent",
    "Roads of a connection that were not heard of for too long.",
    unit="{road}",
    labels=("connection",),
)
notices_waiting = Gauge(
    "hub_notices_waiting",
    "Records of a connection that were noticed and are to be read next, of very many the first.",
    unit="{record}",
    labels=("connection",),
)

# Outbound

deliveries = Gauge(
    "hub_deliveries",
    "What is owed to a connection, by state: owed, or being sent.",
    unit="{delivery}",
    labels=("connection", "state"),
)
delivered = Counter(
    "hub_delivered_total",
    "What came of deliveries, by connection and outcome.",
    unit="{delivery}",
    labels=("connection", "outcome"),
)
deliver_seconds = Histogram(
    "hub_deliver_seconds",
    "Time from when a call is announced until what came of it is kept.",
    unit="s",
    labels=("connection",),
    bounds=_SECONDS,
)

# Telemetry itself

spans_dropped = Counter(
    "hub_spans_dropped_total",
    "Spans that reached no backend, by reason.",
    unit="{span}",
    labels=("reason",),
)

ALL: tuple[Metric, ...] = (
    appended,
    repeated,
    append_refused,
    append_seconds,
    append_batch_events,
    append_queue_events,
    log_head,
    projector_position,
    lag_events,
    lag_seconds,
    page_seconds,
    parked,
    leader,
    database_up,
    intake,
    intake_seconds,
    roads_silent,
    notices_waiting,
    deliveries,
    delivered,
    deliver_seconds,
    spans_dropped,
)
