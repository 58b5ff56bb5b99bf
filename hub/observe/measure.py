"""What counts and measures: a few plain numbers in memory, read when somebody asks.

Nothing here knows of a backend. Measuring is a dictionary look-up and an addition under a lock of
its own, so that threads may measure too and a reader never sees half a histogram.
"""

from __future__ import annotations

from bisect import bisect_left
from threading import Lock
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SERIES_MAX = 1_000
"""Series of one metric. What would be one more is counted under MORE, and memory stays bounded."""

MORE = "(more)"

Key = tuple[str, ...]


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader is told of a metric."""

    name: str
    description: str
    unit: str
    labels: Key

    def key(self, labels: dict[str, str]) -> Key:
        """Give the values of the labels in their order."""
        if not labels and not self.labels:
            return ()
        try:
            key = tuple([labels[name] for name in self.labels])
        except KeyError:
            key = ()
        if len(labels) != len(self.labels) or len(key) != len(labels):
            found = ", ".join(labels) or "none"
            expected = ", ".join(self.labels) or "none"
            message = f"{self.name}: expected the labels {expected}, found {found}"
            raise TypeError(message)
        return key

    def more(self) -> Key:
        """Give the key of the series beyond SERIES_MAX."""
        return (MORE,) * len(self.labels)


class Counter:
    """A sum that only grows while the process runs."""

    def __init__(self, name: str, description: str, *, unit: str = "1", labels: Key = ()) -> None:
        self.about = About(name=name, description=description, unit=unit, labels=labels)
        self._lock = Lock()
        # A counter without labels is there, at 0, from the start: a rate needs a beginning.
        self._sums: dict[Key, int] = {} if labels else {(): 0}

    def add(self, amount: int = 1, **labels: str) -> None:
        """Count."""
        key = self.about.key(labels)
        with self._lock:
            if key not in self._sums and len(self._sums) >= SERIES_MAX:
                key = self.about.more()
            self._sums[key] = self._sums.get(key, 0) + amount

    def value(self, **labels: str) -> int:
        """Give the sum so far."""
        return self._sums.get(self.about.key(labels), 0)

    def points(self) -> list[tuple[Key, int]]:
        """Give every series."""
        with self._lock:
            return list(self._sums.items())


class Gauge:
    """A value as it stands now, set or watched; a series that was never set is not shown."""

    def __init__(self, name: str, description: str, *, unit: str = "1", labels: Key = ()) -> None:
        self.about = About(name=name, description=description, unit=unit, labels=labels)
        self._lock = Lock()
        self._values: dict[Key, float | Callable[[], float]] = {}

    def set(self, value: float, **labels: str) -> None:
        """Say how it stands."""
        self._put(value, labels)

    def watch(self, read: Callable[[], float], **labels: str) -> None:
        """Have it read whenever somebody asks, from any thread.

        For what goes on changing when the code that would set it stands still, as a lag does.
        """
        self._put(read, labels)

    def forget(self, **labels: str) -> None:
        """No longer show a series: another process tells it from now on."""
        with self._lock:
            self._values.pop(self.about.key(labels), None)

    def value(self, **labels: str) -> float | None:
        """Give how it stands, None if nobody said."""
        return dict(self.points()).get(self.about.key(labels))

    def points(self) -> list[tuple[Key, float]]:
        """Give every series that can be read."""
        with self._lock:
            values = list(self._values.items())
        return list(_readable(values))

    def _put(self, value: float | Callable[[], float], labels: dict[str, str]) -> None:
        key = self.about.key(labels)
        with self._lock:
            if key not in self._values and len(self._values) >= SERIES_MAX:
                key = self.about.more()
            self._values[key] = value


class Histogram:
    """How values spread: how many were at most each bound, and their sum."""

    def __init__(
        self,
        name: str,
        description: str,
        *,
        bounds: tuple[float, ...],
        unit: str = "1",
        labels: Key = (),
    ) -> None:
        self.about = About(name=name, description=description, unit=unit, labels=labels)
        self.bounds = bounds
        self._lock = Lock()
        self._spreads: dict[Key, Spread] = {} if labels else {(): Spread(bounds)}

    def record(self, value: float, **labels: str) -> None:
        """Measure once."""
        key = self.about.key(labels)
        with self._lock:
            spread = self._spreads.get(key)
            (spread or self._new(key)).take(value)

    def value(self, **labels: str) -> Spread:
        """Give a copy of the spread so far."""
        return dict(self.points()).get(self.about.key(labels)) or Spread(self.bounds)

    def points(self) -> list[tuple[Key, Spread]]:
        """Give a copy of every series."""
        with self._lock:
            return [(key, spread.copy()) for key, spread in self._spreads.items()]

    def _new(self, key: Key) -> Spread:
        if len(self._spreads) >= SERIES_MAX:
            key = self.about.more()
        return self._spreads.setdefault(key, Spread(self.bounds))


class Spread:
    """One series of a histogram; the last bucket holds what is above every bound."""

    __slots__ = ("bounds", "buckets", "largest", "smallest", "sum")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.buckets = [0] * (len(bounds) + 1)
        self.sum = 0.0
        self.smallest = float("inf")
        self.largest = float("-inf")

    @property
    def count(self) -> int:
        """How many values there were."""
        return sum(self.buckets)

    def take(self, value: float) -> None:
        """Put a value into its bucket."""
        self.buckets[bisect_left(self.bounds, value)] += 1
        self.sum += value
        self.smallest = min(self.smallest, value)
        self.largest = max(self.largest, value)

    def copy(self) -> Spread:
        """Give one that no longer changes."""
        copied = Spread(self.bounds)
        copied.buckets = self.buckets.copy()
        copied.sum, copied.smallest, copied.largest = self.sum, self.smallest, self.largest
        return copied


Metric = Counter | Gauge | Histogram


def _readable(
    values: list[tuple[Key, float | Callable[[], float]]],
) -> Iterator[tuple[Key, float]]:
    for key, value in values:
        if not callable(value):
            yield key, value
            continue
        try:
            yield key, value()
        except Exception:  # noqa: BLE001, S112 - one that cannot be read must not hide the others
            continue
