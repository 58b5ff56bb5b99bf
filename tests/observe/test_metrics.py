"""Counting and measuring in memory, and the text of /metrics."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING

import pytest
from prometheus_client.parser import text_string_to_metric_families

from hub.observe import metrics
from hub.observe.exposition import exposition, family
from hub.observe.measure import MORE, SERIES_MAX, Counter, Gauge, Histogram

if TYPE_CHECKING:
    from prometheus_client import Metric


def families() -> dict[str, Metric]:
    text, _ = exposition("text/plain")
    return {found.name: found for found in text_string_to_metric_families(text.decode())}


def test_counting_works_though_telemetry_was_never_started() -> None:
    before = metrics.appended.value()

    metrics.appended.add(3)
    metrics.appended.add()

    assert metrics.appended.value() == before + 4


def test_every_metric_stands_in_the_list_once() -> None:
    made = [one for one in vars(metrics).values() if isinstance(one, Counter | Gauge | Histogram)]

    assert list(metrics.ALL) == made
    assert len({metric.about.name for metric in metrics.ALL}) == len(metrics.ALL)


@pytest.mark.parametrize("metric", metrics.ALL, ids=lambda metric: metric.about.name)
def test_every_metric_is_named_by_the_rules(metric: Counter | Gauge | Histogram) -> None:
    about = metric.about

    assert re.fullmatch(r"hub_[a-z_]+", about.name)
    assert about.name.endswith("_total") is isinstance(metric, Counter)
    assert about.name.endswith("_seconds") is (about.unit == "s")
    assert about.description.endswith(".")


def test_the_text_of_all_metrics_parses_and_says_what_was_measured() -> None:
    metrics.lag_events.set(12, projector='odd "name"\n')
    metrics.append_refused.add(2, reason="log_full")
    metrics.append_batch_events.record(100)

    found = families()

    assert {family(metric).name for metric in metrics.ALL} == set(found)
    lags = {sample.labels["projector"]: sample.value for sample in found[_lag].samples}
    assert lags['odd "name"\n'] == 12
    metrics.lag_events.forget(projector='odd "name"\n')
    assert found["hub_append_refused"].type == "counter"
    buckets = found["hub_append_batch_events"]
    ends = {s.labels["le"]: s.value for s in buckets.samples if s.name.endswith("_bucket")}
    [count] = [s.value for s in buckets.samples if s.name.endswith("_count")]
    assert ends["+Inf"] == count
    assert ends["50.0"] <= ends["100.0"] <= count


_lag = "hub_projector_lag_events"


def test_the_newer_text_form_is_given_to_who_asks_for_it() -> None:
    _, plain = exposition("")
    _, newer = exposition("application/openmetrics-text; version=1.0.0")

    assert plain.startswith("text/plain")
    assert newer.startswith("application/openmetrics-text")


def test_a_value_on_a_bound_is_at_most_that_bound() -> None:
    histogram = Histogram("hub_x", "X.", bounds=(1, 10))

    for value in (0.5, 1, 1.5, 10, 11):
        histogram.record(value)

    spread = histogram.value()
    assert spread.buckets == [2, 2, 1]
    assert (spread.count, spread.sum, spread.smallest, spread.largest) == (5, 24, 0.5, 11)


def test_a_watched_gauge_is_read_when_somebody_asks() -> None:
    gauge, now = Gauge("hub_x", "X.", labels=("projector",)), [1.0]

    gauge.watch(lambda: now[0], projector="sync")
    now[0] = 2.0

    assert gauge.value(projector="sync") == 2.0
    gauge.set(5, projector="sync")
    assert gauge.value(projector="sync") == 5


def test_a_gauge_that_cannot_be_read_hides_no_other() -> None:
    gauge = Gauge("hub_x", "X.", labels=("projector",))

    gauge.watch(lambda: 1 / 0, projector="broken")
    gauge.set(7, projector="sync")

    assert gauge.points() == [(("sync",), 7)]


def test_a_gauge_that_nobody_set_is_not_shown() -> None:
    gauge = Gauge("hub_x", "X.")

    assert gauge.points() == []
    gauge.set(0)
    assert gauge.points() == [((), 0)]
    gauge.forget()
    assert gauge.value() is None


@pytest.mark.parametrize(
    "labels", [{}, {"reason": "full", "more": "x"}, {"cause": "full"}], ids=str
)
def test_other_labels_than_the_named_ones_are_refused(labels: dict[str, str]) -> None:
    counter = Counter("hub_x_total", "X.", labels=("reason",))

    with pytest.raises(TypeError, match="hub_x_total: expected the labels reason, found"):
        counter.add(1, **labels)


def test_labels_may_stand_in_any_order() -> None:
    counter = Counter("hub_x_total", "X.", labels=("connection", "outcome"))

    counter.add(1, connection="crm", outcome="kept")
    counter.add(1, outcome="kept", connection="crm")

    assert counter.points() == [(("crm", "kept"), 2)]


def test_too_many_series_end_up_in_one() -> None:
    counter = Counter("hub_x_total", "X.", labels=("connection",))

    for number in range(SERIES_MAX + 50):
        counter.add(1, connection=str(number))

    assert len(counter.points()) == SERIES_MAX + 1
    assert counter.value(connection=MORE) == 50


def test_threads_that_count_at_once_lose_nothing() -> None:
    counter = Counter("hub_x_total", "X.")
    histogram = Histogram("hub_x", "X.", bounds=(1,))

    def measure() -> None:
        for _ in range(5_000):
            counter.add()
            histogram.record(1)

    threads = [threading.Thread(target=measure) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert counter.value() == histogram.value().count == 20_000
