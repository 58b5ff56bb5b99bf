"""Judge a while flow: whatever happens around a source, it is judged as it stands then."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from hub.flows.judge.keep import Keep
from hub.flows.judge.opened import Opened
from hub.flows.judge.while_facts import WhileFacts
from hub.flows.known import together

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from uuid import UUID

    from hub.conclusions import Conclusion
    from hub.events import Answered, Fetched
    from hub.flows.flow import While
    from hub.flows.known import InForce, Key, Known


class WhileJudge:
    """One while flow that judges one event."""

    def __init__(self, known: Known, force: InForce, flow: While) -> None:
        self._known = known
        self._facts = WhileFacts(known, force, flow)
        self._keep = Keep(known, flow, self._facts)
        self.opened = (
            Opened(known, force, flow, flow.opens, self._facts) if flow.opens is not None else None
        )

    def record(self, key: Key) -> Iterator[Conclusion]:
        """Judge a record that was seen: the source, or one that figures are worked out from."""
        for source in self._facts.sources(key):
            yield from self._judge(source)
        if self.opened is None and self._keep.is_new(key):
            yield from self.linked([key])

    def linked(self, keys: Iterable[Key]) -> Iterator[Conclusion]:
        """Have what is kept said hear of customers that were linked: they owe what is another's."""
        if self.opened is None:
            for each in sorted({each for key in keys for each in self._facts.linked_with(key)}):
                for source in self._facts.of_customer(each):
                    yield from self._keep.judge(source)

    def morning(self) -> Iterator[Conclusion]:
        """Judge all sources anew: a day has begun."""
        for source in self._facts.all_sources():
            yield from self._judge(source)

    def begun(self) -> Iterator[Conclusion]:
        """Look at what is so already, when people have said what the flow may do."""
        if self.opened is not None:
            for source in self._facts.all_sources():
                yield from self.opened.judge(source, already=True)

    def fetched(self, connection: str, kind: str, what: Fetched) -> Iterator[Conclusion]:
        if self.opened is not None:
            yield from self.opened.fetched(connection, kind, what)

    def redelivered(self, written: Sequence[UUID]) -> Iterator[Conclusion]:
        """Tell again what is so, where a vendor has lost that."""
        found = together(partial(self._known.owed, each) for each in written)
        keys = {one.key for one in found if one is not None}
        for source in self._facts.all_sources() if self.opened is None and keys else ():
            yield from self._keep.judge(source, again=keys)

    def answered(self, what: Answered) -> Iterator[Conclusion]:
        """Go on with what was made: it is linked with those for whom it was."""
        delivery = self._known.owed(what.delivery)
        if self.opened is not None:
            yield from self.opened.answered(what)
        elif delivery is not None and delivery.link is not None and what.outcome == "done":
            yield from self.linked([delivery.key])

    def _judge(self, source: Key) -> Iterator[Conclusion]:
        if self.opened is not None:
            yield from self.opened.judge(source)
        else:
            yield from self._keep.judge(source)
