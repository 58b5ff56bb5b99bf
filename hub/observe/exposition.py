"""The metrics as the text that Prometheus reads, on a registry of the hub's own."""

from __future__ import annotations

from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from hub.observe import metrics
from hub.observe.measure import Counter, Gauge, Spread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client import Metric as Family

    from hub.observe.measure import Metric


def exposition(accept: str) -> tuple[bytes, str]:
    """Give the text and its content type, in the newest form that the asker takes."""
    encode, content_type = choose_encoder(accept)
    return encode(_registry()), content_type


@cache
def _registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(_Hub())
    return registry


class _Hub(Collector):
    def collect(self) -> Iterator[Family]:
        return (family(metric) for metric in metrics.ALL)


def family(metric: Metric) -> Family:
    """Give one metric with all its series."""
    about = metric.about
    if isinstance(metric, Counter):
        counter = CounterMetricFamily(about.name, about.description, labels=about.labels)
        for key, total in metric.points():
            counter.add_metric(key, total)
        return counter
    if isinstance(metric, Gauge):
        gauge = GaugeMetricFamily(about.name, about.description, labels=about.labels)
        for key, value in metric.points():
            gauge.add_metric(key, value)
        return gauge
    histogram = HistogramMetricFamily(about.name, about.description, labels=about.labels)
    for key, spread in metric.points():
        histogram.add_metric(key, _cumulative(spread), spread.sum)
    return histogram


def _cumulative(spread: Spread) -> list[tuple[str, float]]:
    bounds = [*(str(float(bound)) for bound in spread.bounds), "+Inf"]
    return list(zip(bounds, accumulate(spread.buckets), strict=True))
