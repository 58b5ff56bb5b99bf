"""How far a long piece of work is, told on stderr: how much, how fast, how long still."""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Self, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable

QUIET_SECONDS = 1.0
REDRAW_SECONDS = 0.1
LINE_SECONDS = 10.0

_TO_LINE_START = "\r\x1b[K"


class Progress:
    """Tells of work on its way to `total`, or of unknown length when `total` is None.

    On a terminal one line is drawn anew, once the work has lasted a second; elsewhere there is a
    plain line every ten seconds. Work that is done sooner says nothing.
    """

    def __init__(
        self,
        title: str,
        total: int | None,
        *,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.title = title
        self.total = total
        self.done = 0
        self._stream = stream or sys.stderr
        self._clock = clock
        self._on_terminal = self._stream.isatty()
        self._told: int | None = None

    def __enter__(self) -> Self:
        self._started = self._clock()
        self._tell_next = self._started + (QUIET_SECONDS if self._on_terminal else LINE_SECONDS)
        return self

    def to(self, done: int) -> None:
        """Note how much is done by now; cheap enough to call for every page of a log."""
        self.done = done
        now = self._clock()
        if now >= self._tell_next:
            self._tell(now)
            self._tell_next = now + (REDRAW_SECONDS if self._on_terminal else LINE_SECONDS)

    def __exit__(self, *_: object) -> None:
        if self._told is None:
            return
        if self._told != self.done:
            self._tell(self._clock())
        if self._on_terminal:
            self._stream.write("\n")

    def _tell(self, now: float) -> None:
        self._told = self.done
        line = self._line(now - self._started)
        self._stream.write(f"{_TO_LINE_START}{line}" if self._on_terminal else f"{line}\n")
        self._stream.flush()

    def _line(self, seconds: float) -> str:
        rate = self.done / seconds if seconds else 0.0
        parts = [f"{self.title}: {self.done:,}", f"{rate:,.0f}/s"]
        if self.total is not None:
            parts[0] += f" of {self.total:,}"
            if self.done >= self.total:
                parts.append(f"{_span(seconds)} in all")
            elif rate:
                parts.append(f"{_span((self.total - self.done) / rate)} left")
        return ", ".join(parts)


def _span(seconds: float) -> str:
    return str(timedelta(seconds=round(seconds)))
