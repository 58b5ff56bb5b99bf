"""What others wrote is shown so that it can neither hide nor pose as something else."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from hub.cli.visible import clock, visible

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def in_brussels(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zoë Łuk 漢字 😀", "Zoë Łuk 漢字 😀"),
        ("a\nb\r\t\0", r"a\nb\r\t\x00"),
        ("\x1b[2J", r"\x1b[2J"),
        ("\u202egpj.exe", r"\u202egpj.exe"),
        ("a\u2028b\u200bc\ufeff\ud800", r"a\u2028b\u200bc\ufeff\ud800"),
    ],
)
def test_what_cannot_be_seen_is_escaped_and_all_else_stays(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_moment_is_told_by_the_local_clock_with_its_zone(in_brussels: None) -> None:
    assert clock(datetime(2026, 3, 1, 12, tzinfo=UTC)) == "2026-03-01 13:00:00+01:00"
    assert clock(datetime(2026, 7, 1, 12, tzinfo=UTC)) == "2026-07-01 14:00:00+02:00"


def test_the_last_moment_there_is_can_be_told(in_brussels: None) -> None:
    assert clock(datetime.max.replace(tzinfo=UTC)) == "9999-12-31 23:59:59+00:00"
