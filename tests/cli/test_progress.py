"""Progress is told where and as often as it helps."""

from __future__ import annotations

import io

from hub.cli.progress import Progress


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    """What a person looks at."""

    def isatty(self) -> bool:
        return True


def test_what_is_done_within_a_second_says_nothing() -> None:
    clock, terminal = Clock(), Terminal()

    with Progress("rebuild", 10, stream=terminal, clock=clock) as progress:
        clock.now += 0.9
        progress.to(10)

    assert terminal.getvalue() == ""


def test_a_terminal_shows_one_line_drawn_anew_at_most_ten_times_a_second() -> None:
    clock, terminal = Clock(), Terminal()

    with Progress("rebuild", 10_000, stream=terminal, clock=clock) as progress:
        for done in range(0, 10_001, 5):
            progress.to(done)
            clock.now += 0.01

    drawn = terminal.getvalue().removesuffix("\n").split("\r\x1b[K")
    assert drawn[0] == ""
    assert drawn[1] == "rebuild: 500 of 10,000, 500/s, 0:00:19 left"
    assert drawn[-1] == "rebuild: 10,000 of 10,000, 500/s, 0:00:20 in all"
    assert 180 < len(drawn) < 200
    assert terminal.getvalue().count("\n") == 1


def test_elsewhere_there_is_a_plain_line_every_ten_seconds() -> None:
    clock, file = Clock(), io.StringIO()

    with Progress("rebuild", 4_000, stream=file, clock=clock) as progress:
        for done in range(0, 4_000, 100):
            progress.to(done)
            clock.now += 1
        progress.to(4_000)

    assert file.getvalue().splitlines() == [
        "rebuild: 1,000 of 4,000, 100/s, 0:00:30 left",
        "rebuild: 2,000 of 4,000, 100/s, 0:00:20 left",
        "rebuild: 3,000 of 4,000, 100/s, 0:00:10 left",
        "rebuild: 4,000 of 4,000, 100/s, 0:00:40 in all",
    ]


def test_work_of_unknown_length_tells_how_much_and_how_fast() -> None:
    clock, file = Clock(), io.StringIO()

    with Progress("read", None, stream=file, clock=clock) as progress:
        clock.now += 10
        progress.to(50)

    assert file.getvalue() == "read: 50, 5/s\n"


def test_work_that_has_not_moved_makes_no_guess() -> None:
    clock, terminal = Clock(), Terminal()

    with Progress("rebuild", 10, stream=terminal, clock=clock) as progress:
        clock.now += 2
        progress.to(0)

    assert terminal.getvalue().endswith("rebuild: 0 of 10, 0/s\n")
