"""A clock that is moved by hand, for budgets and tokens over hours and months."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class HandClock:
    """Stands still until it is moved; whoever sleeps moves it."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC)) -> None:
        self._start = start
        self._moved = 0.0

    @property
    def asked(self) -> datetime:
        return self.now()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._moved)

    def monotonic(self) -> float:
        return self._moved

    async def sleep(self, seconds: float) -> None:
        self._moved += seconds

    def move(self, seconds: float) -> None:
        self._moved += seconds
