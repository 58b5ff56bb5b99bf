"""One trace goes from what led to a delivery to the call that makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.observe import metrics, trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.observe import Span
    from tests.outbound.counter import Counter

TRACES = [f"00-{n:032x}-{n:016x}-01" for n in (1, 2)]


class Kept:
    """Takes spans, of every trace that is sampled."""

    bound = 0
    follows_parent = True

    def __init__(self) -> None:
        self.spans: list[Span] = []

    def keep(self, span: Span) -> None:
        self.spans.append(span)

    def takes_error(self) -> bool:
        return False

    def named(self, name: str) -> list[Span]:
        return [span for span in self.spans if span.name == name]


@pytest.fixture
def kept() -> Iterator[Kept]:
    found = Kept()
    trace.record_with(found)
    yield found
    trace.record_with(None)


async def test_a_delivery_goes_on_the_trace_that_led_to_it(counter: Counter, kept: Kept) -> None:
    delivery = await counter.owe("documents", trace=TRACES[0])

    counter.begin()
    await counter.comes_to("done", delivery)

    (span,) = kept.named("deliver")
    assert span.parent == TRACES[0]
    assert {event.trace for event in await counter.told()} == {TRACES[0]}


async def test_many_in_one_call_are_linked_and_each_has_its_own(
    counter: Counter, kept: Kept
) -> None:
    owed = [await counter.owe("things", trace=one) for one in TRACES]
    before = metrics.delivered.value(connection="shop", outcome="done")

    counter.begin()
    await counter.comes_to("done", *owed)

    (batch,) = kept.named("deliver batch")
    assert sorted(batch.links) == TRACES
    assert sorted(str(span.parent) for span in kept.named("deliver")) == TRACES
    assert metrics.delivered.value(connection="shop", outcome="done") == before + 2
