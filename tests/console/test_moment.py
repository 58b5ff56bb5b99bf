"""Every list tells a moment alike: as the clock on the wall says it, with its zone."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from hub.console.moment import clock

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def in_brussels(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


def test_a_moment_is_told_by_the_local_clock_with_its_zone(in_brussels: None) -> None:
    assert clock(datetime(2026, 3, 1, 12, tzinfo=UTC)) == "2026-03-01 13:00:00 +01:00"
    assert clock(datetime(2026, 7, 1, 12, tzinfo=UTC)) == "2026-07-01 14:00:00 +02:00"


def test_the_last_moment_there_is_can_be_told(in_brussels: None) -> None:
    assert clock(datetime.max.replace(tzinfo=UTC)) == "9999-12-31 23:59:59 UTC"


def test_where_the_clock_is_that_of_the_world_the_zone_is_named(in_utc: None) -> None:
    assert clock(datetime(2026, 3, 2, 10, 0, 7, tzinfo=UTC)) == "2026-03-02 10:00:07 UTC"
