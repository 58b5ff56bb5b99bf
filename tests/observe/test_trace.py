"""Spans and traceparents, with a recorder in place of a backend."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest

from hub import observe
from hub.observe import trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.observe.trace import Span

UNSAMPLED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
SAMPLED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
TRACE = "0af7651916cd43dd8448eb211c80319c"


class Kept:
    """Keeps finished spans in a list."""

    def __init__(self, ratio: float = 0.0, *, follows_parent: bool = True) -> None:
        self.bound = round(ratio * 2**64)
        self.follows_parent = follows_parent
        self.spans: list[Span] = []

    def keep(self, span: Span) -> None:
        self.spans.append(span)

    def takes_error(self) -> bool:
        return True

    @property
    def names(self) -> list[str]:
        return [span.name for span in self.spans]


@pytest.fixture
def nothing_at_root() -> Iterator[Kept]:
    yield from _recording(Kept(0.0))


@pytest.fixture
def all_at_root() -> Iterator[Kept]:
    yield from _recording(Kept(1.0))


def _recording(kept: Kept) -> Iterator[Kept]:
    trace.record_with(kept)
    yield kept
    trace.record_with(None)


def test_a_new_traceparent_is_well_formed_and_unsampled_while_tracing_is_off() -> None:
    made = observe.traceparent()

    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-00", made)
    assert observe.accepted(made) == made
    assert not observe.is_sampled(made)
    assert observe.traceparent() != made


def test_all_that_is_written_in_a_span_is_of_one_trace_while_tracing_is_off() -> None:
    with observe.span("receive") as span:
        first = observe.traceparent()
        with observe.span("append"):
            second = observe.traceparent()

    assert span.traceparent == first == second


def test_a_trace_begun_elsewhere_is_handed_on_untouched_while_tracing_is_off() -> None:
    with observe.span("receive", parent=SAMPLED):
        assert observe.traceparent() == SAMPLED


def test_after_a_span_the_one_around_it_is_current_again() -> None:
    with observe.span("receive"):
        outer = observe.traceparent()
        with observe.span("append", parent=UNSAMPLED):
            assert observe.traceparent() == UNSAMPLED
        assert observe.traceparent() == outer


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "00",
        "nonsense",
        SAMPLED[:-1],
        SAMPLED.upper(),
        SAMPLED + "-more",
        SAMPLED + "\n",
        "ff" + SAMPLED[2:],
        "00-" + "0" * 32 + SAMPLED[35:],
        SAMPLED[:36] + "0" * 16 + "-01",
        SAMPLED.replace("-", "_"),
        "x" * 1_000_000,
    ],
)
def test_a_malformed_traceparent_is_treated_as_absent(header: str | None) -> None:
    assert observe.accepted(header) is None

    with observe.span("receive", parent=header) as span:
        assert observe.accepted(span.traceparent)
        assert span.traceparent[3:35] != TRACE


def test_a_traceparent_of_a_later_version_is_taken_for_what_it_shares_with_ours() -> None:
    assert observe.accepted("cc" + SAMPLED[2:] + "-what-the-future-will-be-like") == SAMPLED


@pytest.mark.parametrize(
    ("flags", "sampled"), [("00", False), ("01", True), ("02", False), ("03", True), ("ff", True)]
)
def test_the_flag_tells_whether_a_trace_is_sampled(flags: str, sampled: bool) -> None:  # noqa: FBT001
    assert observe.is_sampled(SAMPLED[:-2] + flags) is sampled


def test_what_is_too_short_for_a_flag_is_not_sampled() -> None:
    assert not observe.is_sampled("")
    assert not observe.is_sampled("1")


def test_the_root_decision_is_made_with_the_traceparent_and_its_share_is_kept() -> None:
    kept = Kept(0.25)
    trace.record_with(kept)
    try:
        made = [observe.traceparent() for _ in range(4_000)]
    finally:
        trace.record_with(None)

    share = sum(map(observe.is_sampled, made)) / len(made)
    assert 0.2 < share < 0.3
    assert all(observe.is_sampled(one) == (int(one[19:35], 16) < kept.bound) for one in made), (
        "the same id gives the same decision in every process"
    )


def test_a_span_continues_a_sampled_parent(nothing_at_root: Kept) -> None:
    with observe.span("receive", parent=SAMPLED, kind="server", connection="crm") as span:
        span.set(events=3)

    [kept] = nothing_at_root.spans
    assert kept.parent == SAMPLED
    assert kept.traceparent[3:35] == TRACE
    assert kept.traceparent != SAMPLED
    assert kept.attributes == {"connection": "crm", "events": 3}
    assert kept.start_ns <= kept.end_ns


def test_spans_within_a_span_are_its_children(nothing_at_root: Kept) -> None:
    with observe.span("receive", parent=SAMPLED) as outer, observe.span("append") as inner:
        pass

    assert nothing_at_root.names == ["append", "receive"]
    assert inner.parent == outer.traceparent


def test_an_unsampled_parent_is_followed_and_nothing_is_kept(all_at_root: Kept) -> None:
    with observe.span("receive", parent=UNSAMPLED), observe.span("append"):
        stored = observe.traceparent()

    assert all_at_root.spans == []
    assert stored[3:35] == TRACE
    assert not observe.is_sampled(stored)


def test_where_the_parent_is_not_followed_the_id_decides() -> None:
    kept = Kept(1.0, follows_parent=False)
    trace.record_with(kept)
    try:
        with observe.span("receive", parent=UNSAMPLED):
            assert observe.is_sampled(observe.traceparent())
    finally:
        trace.record_with(None)

    assert kept.names == ["receive"]


def test_a_batch_is_kept_when_one_of_its_events_is_sampled(nothing_at_root: Kept) -> None:
    with observe.span("append batch", links=[UNSAMPLED, SAMPLED]):
        pass
    with observe.span("append batch", links=[UNSAMPLED]):
        pass

    [kept] = nothing_at_root.spans
    assert kept.links == [SAMPLED]
    assert kept.parent is None
    assert kept.traceparent[3:35] != TRACE


def test_a_batch_of_unsampled_events_is_not_kept_whatever_the_root_decision(
    all_at_root: Kept,
) -> None:
    with observe.span("append batch", links=[UNSAMPLED]) as span:
        pass

    assert not all_at_root.spans
    assert not observe.is_sampled(span.traceparent)


def test_what_was_done_to_a_sampled_event_is_recorded_in_its_own_trace(
    nothing_at_root: Kept,
) -> None:
    observe.event_span("append", SAMPLED, 1_000, 2_000, position=7)
    observe.event_span("append", UNSAMPLED, 1_000, 2_000, position=8)

    [kept] = nothing_at_root.spans
    assert (kept.parent, kept.start_ns, kept.end_ns) == (SAMPLED, 1_000, 2_000)
    assert kept.attributes == {"position": 7}


def test_nothing_is_recorded_of_an_event_while_tracing_is_off() -> None:
    observe.event_span("append", SAMPLED, 1_000, 2_000, position=7)


def test_an_error_in_an_unsampled_trace_is_kept_in_that_trace(nothing_at_root: Kept) -> None:
    with pytest.raises(ValueError, match="odd"), observe.span("receive", parent=UNSAMPLED):
        raise ValueError("odd")

    [kept] = nothing_at_root.spans
    assert kept.traceparent[3:35] == TRACE
    assert kept.failure is not None
    assert (kept.failure.type, kept.failure.message) == ("builtins.ValueError", "odd")
    assert "raise ValueError" in kept.failure.stack


def test_an_error_that_passes_through_unsampled_spans_keeps_their_order(
    nothing_at_root: Kept,
) -> None:
    with pytest.raises(ValueError, match="odd"), observe.span("receive"), observe.span("append"):
        raise ValueError("odd")

    inner, outer = nothing_at_root.spans
    assert nothing_at_root.names == ["append", "receive"]
    assert inner.parent == outer.traceparent


def test_a_failure_told_without_an_exception_is_kept_too(nothing_at_root: Kept) -> None:
    with observe.span("receive") as span:
        span.fail("the answer made no sense")

    [kept] = nothing_at_root.spans
    assert kept.failure is not None
    assert kept.failure.message == "the answer made no sense"


async def test_a_cancelled_task_has_not_failed(nothing_at_root: Kept) -> None:
    entered = asyncio.Event()

    async def work() -> None:
        with observe.span("receive"):
            entered.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    await entered.wait()
    task.cancel()
    await asyncio.wait([task])

    assert task.cancelled()
    assert nothing_at_root.spans == []


async def test_tasks_do_not_see_one_anothers_spans() -> None:
    async def within(parent: str) -> str:
        with observe.span("receive", parent=parent):
            await asyncio.sleep(0)
            return observe.traceparent()

    one, other = await asyncio.gather(within(SAMPLED), within(UNSAMPLED))

    assert (one, other) == (SAMPLED, UNSAMPLED)


def test_no_password_stays_in_a_failure(nothing_at_root: Kept) -> None:
    with pytest.raises(OSError, match="refused"), observe.span("receive"):
        raise OSError("postgresql://hub:open-sesame@db/hub refused")

    [kept] = nothing_at_root.spans
    assert kept.failure is not None
    assert kept.failure.message == "postgresql://hub:***@db/hub refused"
    assert "open-sesame" not in kept.failure.stack
