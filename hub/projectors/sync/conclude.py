"""Take in what was concluded: each conclusion moves the rows that it speaks of.

An event is judged in steps, each of which is taken in before the next. What is owed by all of them
is worked out once, at the end: it must not hang on the steps, which a rebuild does not go.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from hub.conclusions import Agreed, Answers, Joined, Owes, Parted, Withdrawn
from hub.flows.judge.event import ASKED_FOR
from hub.flows.known import slot_of, together
from hub.projectors.sync.at_hand import not_by_halves, see
from hub.projectors.sync.deliveries import cause_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from hub.conclusions import Conclusion, Member
    from hub.events import Event
    from hub.projectors.sync.at_hand import Ask
    from hub.projectors.sync.decisions import Decisions
    from hub.projectors.sync.deliveries import Deliveries
    from hub.projectors.sync.links import Links
    from hub.projectors.sync.owing import Owing


class Concluding:
    """Moves links, decisions and deliveries."""

    def __init__(
        self, links: Links, decisions: Decisions, deliveries: Deliveries, owing: Owing
    ) -> None:
        self._links = links
        self._decisions = decisions
        self._deliveries = deliveries
        self._owing = owing

    def touch(self, conclusions: Sequence[Conclusion], event: Event) -> None:
        """See that all it takes is at hand; NotAtHand else, and nothing has changed."""
        if not conclusions:
            return
        see(self._asks(conclusions, event))
        flows = self._decisions.in_force()
        together(partial(self._owing.touch, link, flows) for link in _links(conclusions))

    def take_in(self, conclusions: Sequence[Conclusion], event: Event, at: int) -> None:
        """Take in what a step concluded, so that the next one knows of it."""
        with not_by_halves():
            self._take_in(conclusions, event, at)

    def settle(self, conclusions: Sequence[Conclusion], event: Event) -> None:
        """Work out what is owed, now that all that followed from an event was taken in."""
        with not_by_halves():
            self._settle(conclusions, event)

    def _take_in(self, conclusions: Sequence[Conclusion], event: Event, at: int) -> None:
        for one in conclusions:
            match one:
                case Joined():
                    for member in one.members:
                        self._links.join(member, one.link, event, at)
                        self._fill(one.link, member, event)
                case Parted():
                    self._links.part(one.member, one.link, event, at)
                case Owes():
                    self._deliveries.owe(one, event)
                case Withdrawn():
                    self._withdraw(one, event)
                case _:
                    self._decisions.conclude(one, event.position)

    def _settle(self, conclusions: Sequence[Conclusion], event: Event) -> None:
        flows = self._decisions.in_force()
        for link in _links(conclusions):
            self._owing.refresh(link, flows, event, news=True)
        self._owing.ask_about_restless(event)
        if event.type not in ASKED_FOR:
            self._decisions.spend(conclusions, event)

    def _fill(self, link: UUID, member: Member, event: Event) -> None:
        """Make nothing any more for a place that is taken, and ask nobody about that."""
        slot = _slot(link, member)
        if self._deliveries.fill(slot, member.record, event):
            self._decisions.conclude(Answers(item=slot, why="it is there"), event.position)

    def _withdraw(self, one: Withdrawn, event: Event) -> None:
        if self._deliveries.withdraw(one, event):
            self._decisions.conclude(Answers(item=one.delivery, why=one.why), event.position)

    def _asks(self, conclusions: Sequence[Conclusion], event: Event) -> Iterator[Ask]:
        if (cause := cause_of(event)) is not None:
            yield self._deliveries.rows, (cause,)
        for one in conclusions:
            yield from self._asks_of(one)

    def _asks_of(self, one: Conclusion) -> Iterator[Ask]:
        inbox, deliveries = self._decisions.inbox, self._deliveries.rows
        match one:
            case Joined():
                yield self._links.links, one.link
                for member in one.members:
                    slot = (_slot(one.link, member),)
                    yield self._links.places, member.key
                    yield from self._owing.asks_of(member.key)
                    yield deliveries, slot
                    yield inbox, slot
            case Parted():
                yield self._links.links, one.link
                yield self._links.places, one.member.key
            case Owes() | Withdrawn():
                yield deliveries, (one.delivery,)
                yield inbox, (one.delivery,)
            case _:
                yield from self._decisions.asks(one)


_OF_LINKS = (Joined, Parted, Agreed, Withdrawn)


def _links(conclusions: Sequence[Conclusion]) -> list[UUID]:
    """Give the links of which something has changed."""
    moved = [one for one in conclusions if isinstance(one, _OF_LINKS)]
    return sorted({one.link for one in moved if one.link is not None})


def _slot(link: UUID, member: Member) -> UUID:
    return slot_of(link, member.connection, member.kind, member.part)
