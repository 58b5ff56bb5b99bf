"""Spans, and the W3C traceparent that carries a trace through the log.

Every event keeps a traceparent, whether or not a backend is there, so this runs tens of thousands
of times a second: a traceparent is plain text, the sampling decision is one comparison, and a span
that nobody will see makes no text until somebody asks for it.
"""

from __future__ import annotations

import re
import time
import traceback
from contextvars import ContextVar
from random import getrandbits
from typing import TYPE_CHECKING, Protocol, Self

from hub.observe.mask import mask

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextvars import Token
    from types import TracebackType

    from hub.observe.spans import SpanKind, SpanName

LINKS_MAX = 128
"""Links kept of one span; backends cut at about this number."""

_LOW_64_BITS = (1 << 64) - 1
_SAMPLED_DIGITS = frozenset("13579bdf")
# Version 00 ends after the flags; a later version may say more behind another dash.
_IDS = "-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
_FORM = re.compile(f"00{_IDS}|(?!00|ff)[0-9a-f]{{2}}{_IDS}(?:-.*)?")


class Recorder(Protocol):
    """Takes finished spans while tracing is on."""

    @property
    def bound(self) -> int:
        """A new trace is sampled when the last 64 bits of its id are below this."""

    @property
    def follows_parent(self) -> bool:
        """Whether the flag of a given parent decides, or the bound does even then."""

    def keep(self, span: Span) -> None:
        """Take a finished span, or count it as dropped; never wait."""

    def takes_error(self) -> bool:
        """Whether one more failed span of an unsampled trace may be kept now."""


_recorder: Recorder | None = None
_current: ContextVar[Span | None] = ContextVar("hub_span", default=None)


def traceparent() -> str:
    """Give the traceparent of the current span, else that of a new trace."""
    current = _current.get()
    return _fresh() if current is None else current.traceparent


def is_sampled(traceparent: str) -> bool:
    """Tell whether the trace is one that is exported, by its flag alone."""
    return traceparent[54:55] in _SAMPLED_DIGITS


def accepted(header: str | None) -> str | None:
    """Give a traceparent that came from outside as the hub keeps it, or None if it is malformed."""
    if not header or not _FORM.fullmatch(header):
        return None
    return f"00{header[2:55]}"


def current() -> Span | None:
    """Give the span that the calling task is in."""
    return _current.get()


def span(
    name: SpanName,
    /,
    parent: str | None = None,
    *,
    kind: SpanKind = "internal",
    links: Sequence[str] = (),
    **attributes: object,
) -> Span:
    """Make a span to be entered with `with`: below `parent`, else below the current span.

    A root is sampled by the root decision; with `links` it is sampled exactly when one of the
    linked traces is, so that the batch of a traced event can always be looked at.
    """
    return Span(name, parent, kind, links, attributes)


def event_span(
    name: SpanName, /, traceparent: str, start_ns: int, end_ns: int, **attributes: object
) -> None:
    """Record what was done to one event, after the fact and in that event's own trace."""
    recorder = _recorder
    if recorder is not None and is_sampled(traceparent):
        recorder.keep(Span.past(recorder, name, traceparent, (start_ns, end_ns), attributes))


def record_with(recorder: Recorder | None) -> None:
    """Turn tracing on, or off with None; spans already begun end as they began."""
    global _recorder  # noqa: PLW0603 - one process has one tracing
    _recorder = recorder


class Span:
    """A stretch of work. Where it is not sampled it carries the trace on and records nothing."""

    __slots__ = (
        "_above",
        "_recorder",
        "_text",
        "_token",
        "attributes",
        "end_ns",
        "failure",
        "kind",
        "links",
        "name",
        "sampled",
        "start_ns",
    )

    def __init__(
        self,
        name: SpanName,
        parent: str | None,
        kind: SpanKind,
        links: Sequence[str],
        attributes: dict[str, object],
    ) -> None:
        self.name = name
        self.kind = kind
        self.links = links
        self.attributes = attributes
        self.sampled = False
        self.failure: Failure | None = None
        self._above: str | Span | None = accepted(parent)
        self._recorder: Recorder | None = None
        self._text: str | None = None

    @classmethod
    def past(
        cls,
        recorder: Recorder,
        name: SpanName,
        parent: str,
        times_ns: tuple[int, int],
        attributes: dict[str, object],
    ) -> Span:
        """Make a span that is already over."""
        made = cls(name, parent, "internal", (), attributes)
        made._recorder = recorder
        made.sampled = True
        made.start_ns, made.end_ns = times_ns
        return made

    def __enter__(self) -> Self:
        if self._above is None:
            self._above = _current.get()
        recorder = self._recorder = _recorder
        if recorder is not None:
            self._begin(recorder)
        self._token: Token[Span | None] = _current.set(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        stack: TracebackType | None,
    ) -> None:
        _current.reset(self._token)
        recorder = self._recorder
        if recorder is None:
            return
        # A cancelled task has not failed: it was asked to stop.
        failed = isinstance(error, Exception) or self.failure is not None
        if self.sampled or (failed and recorder.takes_error()):
            self.end_ns = time.time_ns()
            if isinstance(error, Exception):
                self.failure = Failure.of(error)
            # Ids are made here: two threads that ask for one later could be given two.
            self._text = self.traceparent
            recorder.keep(self)

    @property
    def traceparent(self) -> str:
        """What to store on events and send to others, so that they continue below this span."""
        if self._text is None:
            self._text = self._written()
        return self._text

    @property
    def parent(self) -> str | None:
        """The traceparent that this span continues, None for a root."""
        above = self._above
        return above.traceparent if isinstance(above, Span) else above

    def set(self, **attributes: object) -> None:
        """Add what became known on the way."""
        self.attributes.update(attributes)

    def fail(self, reason: str) -> None:
        """Mark the span as failed although no exception leaves it."""
        self.failure = Failure("", mask(reason), "")

    def _begin(self, recorder: Recorder) -> None:
        above, links = self._above, self.links
        if links:
            self.links = [link for link in links if is_sampled(link)][:LINKS_MAX]
        if above is None:
            self._begin_root(linked=bool(links))
        elif isinstance(above, Span):
            self.sampled = above.sampled
        elif recorder.follows_parent:
            self.sampled = is_sampled(above)
        else:
            self.sampled = int(above[19:35], 16) < recorder.bound
        self.start_ns = time.time_ns()

    def _begin_root(self, *, linked: bool) -> None:
        if linked:
            self.sampled = bool(self.links)
            self._text = _new_trace(sampled=self.sampled)
        else:
            self._text = _fresh()
            self.sampled = is_sampled(self._text)

    def _written(self) -> str:
        parent = self.parent
        if parent is None:
            return _new_trace(sampled=False)
        if self._recorder is None:
            # Who records no spans hands on what it was given, flag and all.
            return parent
        return f"00{parent[2:35]}-{getrandbits(64):016x}-{'01' if self.sampled else '00'}"


class Failure:
    """Why a span failed, as text in which no password is left."""

    __slots__ = ("message", "stack", "type")

    def __init__(self, type: str, message: str, stack: str) -> None:  # noqa: A002 - OTel's word
        self.type = type
        self.message = message
        self.stack = stack

    @classmethod
    def of(cls, error: Exception) -> Failure:
        """Describe an exception."""
        kind = type(error)
        stack = "".join(traceback.format_exception(error))
        return cls(f"{kind.__module__}.{kind.__qualname__}", mask(str(error)), mask(stack))


def _fresh() -> str:
    """Begin a trace: here, and only here, the root decision is made."""
    bits = getrandbits(192)
    recorder = _recorder
    text = f"{bits:048x}"
    if recorder is not None and (bits >> 64) & _LOW_64_BITS < recorder.bound:
        return f"00-{text[:32]}-{text[32:]}-01"
    return f"00-{text[:32]}-{text[32:]}-00"


def _new_trace(*, sampled: bool) -> str:
    text = f"{getrandbits(192):048x}"
    return f"00-{text[:32]}-{text[32:]}-{'01' if sampled else '00'}"
