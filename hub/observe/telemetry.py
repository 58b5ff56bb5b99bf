"""Starts and stops telemetry: log lines always, spans and metrics where a backend is named."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from hub.observe import logs, trace, variables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hub.observe.export import Shipper
    from hub.observe.logs import Form

STOP_SECONDS_MAX = 1.5
"""How long a stop waits for the backends, all of them together."""


class Chosen(Protocol):
    """What the settings say about telemetry."""

    @property
    def logs(self) -> Form:
        """Form of the log lines."""


def start(settings: Chosen, environ: Mapping[str, str]) -> Telemetry:
    """Begin to tell; a fault in an OTEL_* variable or a backend never stops the hub."""
    logs.start(settings.logs, debug=bool(environ.get("HUB_DEBUG")))
    resource = variables.resource(environ)
    shippers: list[Shipper] = []
    if target := variables.target("traces", environ):
        # Loaded here: without a backend nobody pays for the libraries.
        from hub.observe.export import SpanShipper  # noqa: PLC0415

        limits = variables.span_limits(environ)
        spans = SpanShipper(target, resource, variables.sampling(environ), limits)
        trace.record_with(spans)
        shippers.append(spans)
    if target := variables.target("metrics", environ):
        from hub.observe.export import MetricShipper  # noqa: PLC0415

        interval_seconds = variables.metric_interval_seconds(environ)
        shippers.append(MetricShipper(target, resource, interval_seconds))
    return Telemetry(shippers)


class Telemetry:
    """Telemetry that was started."""

    def __init__(self, shippers: Sequence[Shipper]) -> None:
        self._shippers = shippers

    def stop(self) -> None:
        """Hand over what is left, for at most STOP_SECONDS_MAX; a second call does nothing.

        It blocks: an event loop that still serves calls it in a thread.
        """
        trace.record_with(None)
        shippers, self._shippers = self._shippers, ()
        deadline = time.monotonic() + STOP_SECONDS_MAX
        for shipper in shippers:
            shipper.stop()
        for shipper in shippers:
            shipper.give_up(max(0.0, deadline - time.monotonic()))
