"""The standard OTEL_* variables, read as far as the hub follows them.

What is wrong in them never stops the hub: it is said in a log line, and the default is taken. The
exporter itself reads the rest from the process' environment: certificates, compression, timeouts.
"""

from __future__ import annotations

import logging
import math
import os
import socket
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote

import msgspec

from hub import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

RATIO_DEFAULT = 0.05

_ALL_OR_NONE = {"always_on": 1.0, "always_off": 0.0}
_SAMPLERS = frozenset([*_ALL_OR_NONE, "traceidratio"])

logger = logging.getLogger(__name__)


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Where one signal goes."""

    endpoint: str
    headers: dict[str, str]


class Sampling(msgspec.Struct, frozen=True, kw_only=True):
    """Which traces are exported."""

    ratio: float
    follows_parent: bool

    @property
    def bound(self) -> int:
        """A trace is sampled when the last 64 bits of its id are below this."""
        return round(self.ratio * (1 << 64))


class SpanLimits(msgspec.Struct, frozen=True, kw_only=True):
    """How many spans wait, and how they are handed over."""

    queue_spans_max: int
    batch_spans_max: int
    delay_seconds: float


Signal = Literal["traces", "metrics"]


def target(signal: Signal, environ: Mapping[str, str]) -> Target | None:
    """Give where a signal goes, None if it goes nowhere."""
    name = signal.upper()
    own = environ.get(f"OTEL_EXPORTER_OTLP_{name}_ENDPOINT")
    base = environ.get("OTEL_EXPORTER_OTLP_ENDPOINT")
    endpoint = own or (f"{base.rstrip('/')}/v1/{signal}" if base else None)
    if not endpoint or _switched_off(name, environ):
        return None
    headers = environ.get(f"OTEL_EXPORTER_OTLP_{name}_HEADERS") or environ.get(
        "OTEL_EXPORTER_OTLP_HEADERS", ""
    )
    return Target(
        endpoint=endpoint,
        headers={key.lower(): value for key, value in _pairs(headers).items()},
    )


def sampling(environ: Mapping[str, str]) -> Sampling:
    """Give the root decision and whether a parent's flag comes before it."""
    given = environ.get("OTEL_TRACES_SAMPLER", "").strip().lower()
    kind = given.removeprefix("parentbased_")
    if kind in _SAMPLERS:
        # The standard default of a ratio that is asked for and not given is 1.
        ratio = _ratio(environ, default=1.0) if kind == "traceidratio" else _ALL_OR_NONE[kind]
        return Sampling(ratio=ratio, follows_parent=given != kind)
    if given:
        _ignored("OTEL_TRACES_SAMPLER", given, "parentbased_traceidratio")
    return Sampling(ratio=_ratio(environ, default=RATIO_DEFAULT), follows_parent=True)


def span_limits(environ: Mapping[str, str]) -> SpanLimits:
    """Give the bounds of the span queue."""
    queue = _number("OTEL_BSP_MAX_QUEUE_SIZE", environ, 8_192)
    batch = _number("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", environ, 512)
    return SpanLimits(
        queue_spans_max=int(queue),
        batch_spans_max=int(min(batch, queue)),
        delay_seconds=_number("OTEL_BSP_SCHEDULE_DELAY", environ, 5_000) / 1_000,
    )


def metric_interval_seconds(environ: Mapping[str, str]) -> float:
    """Give how often metrics are handed over."""
    return _number("OTEL_METRIC_EXPORT_INTERVAL", environ, 60_000) / 1_000


def resource(environ: Mapping[str, str]) -> dict[str, str]:
    """Give what this process is called in a backend."""
    told = {
        "service.name": "hub",
        "service.version": __version__,
        "service.instance.id": f"{socket.gethostname()}:{os.getpid()}",
        "telemetry.sdk.language": "python",
        "telemetry.sdk.name": "opentelemetry",
    }
    told |= _pairs(environ.get("OTEL_RESOURCE_ATTRIBUTES", ""))
    if name := environ.get("OTEL_SERVICE_NAME"):
        told["service.name"] = name
    return told


def _switched_off(name: str, environ: Mapping[str, str]) -> bool:
    if environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return True
    protocol = environ.get(f"OTEL_EXPORTER_OTLP_{name}_PROTOCOL") or environ.get(
        "OTEL_EXPORTER_OTLP_PROTOCOL", ""
    )
    if protocol and protocol != "http/protobuf":
        _ignored(f"OTEL_EXPORTER_OTLP_{name}_PROTOCOL", protocol, "http/protobuf")
    exporters = environ.get(f"OTEL_{name}_EXPORTER") or "otlp"
    return "otlp" not in [one.strip() for one in exporters.split(",")]


def _ratio(environ: Mapping[str, str], *, default: float) -> float:
    given = environ.get("OTEL_TRACES_SAMPLER_ARG")
    ratio = _float(given) if given else default
    if ratio is None or not 0 <= ratio <= 1:
        _ignored("OTEL_TRACES_SAMPLER_ARG", given, default)
        return default
    return ratio


def _number(variable: str, environ: Mapping[str, str], default: float) -> float:
    given = environ.get(variable)
    number = _float(given) if given else default
    if number is None or number < 1:
        _ignored(variable, given, default)
        return default
    return number


def _float(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _pairs(text: str) -> dict[str, str]:
    """Read `key=value,key=value`, percent-encoded; what is no pair is left out."""
    pairs = [part.partition("=") for part in text.split(",") if "=" in part]
    return {unquote(key.strip()): unquote(value.strip()) for key, _, value in pairs if key.strip()}


def _ignored(variable: str, found: object, taken: object) -> None:
    logger.warning("%s: %r is not known here; %s is taken instead.", variable, found, taken)
