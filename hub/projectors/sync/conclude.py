"""Take in what was concluded: each conclusion moves the rows that it speaks of."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from hub.conclusions import Agreed, Answers, Joined, Owes, Parted, Withdrawn
from hub.flows.judge.event import ASKED_FOR
from hub.flows.known import NotAtHand, slot_of, together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from uuid import UUID

    from hub.conclusions import Conclusion, Member
    from hub.events import Event
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
        cause: Callable[[], object] = partial(self._deliveries.cause, event)
        together([cause, *(ask for one in conclusions for ask in self._asks(one))])
        flows = self._decisions.in_force()
        together(partial(self._owing.touch, link, flows) for link in _links(conclusions))

    def conclude(self, conclusions: Sequence[Conclusion], event: Event, at: int) -> None:
        """Take them in; whatever that needs and `touch` did not name is no reason to begin again:
        half of it is there by now, and judged once more nothing would follow.
        """
        try:
            self._conclude(conclusions, event, at)
        except NotAtHand as late:
            message = (
                f"of what was concluded a half was taken in when this was missed: {late.wanted}"
            )
            raise RuntimeError(message) from late

    def _conclude(self, conclusions: Sequence[Conclusion], event: Event, at: int) -> None:
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

    def _asks(self, one: Conclusion) -> Iterator[Callable[[], object]]:
        match one:
            case Joined():
                yield partial(self._links.slots_of, one.link)
                for member in one.members:
                    yield partial(self._links.at_hand, _key(member))
                    yield from self._owing.asks_of(_key(member))
                    yield partial(self._deliveries.of, _slot(one.link, member))
                    yield partial(self._decisions.inbox.get, (_slot(one.link, member),))
            case Parted():
                yield partial(self._links.slots_of, one.link)
                yield partial(self._links.at_hand, _key(one.member))
            case Agreed():
                yield partial(self._links.slots_of, one.link)
                yield partial(self._decisions.touch, one)
            case Owes() | Withdrawn():
                yield partial(self._deliveries.of, one.delivery)
                yield partial(self._decisions.inbox.get, (one.delivery,))
            case _:
                yield partial(self._decisions.touch, one)


def _links(conclusions: Sequence[Conclusion]) -> list[UUID]:
    """Give the links of which something has changed."""
    moved = [one for one in conclusions if isinstance(one, Joined | Parted | Agreed | Withdrawn)]
    return sorted({one.link for one in moved if one.link is not None})


def _slot(link: UUID, member: Member) -> UUID:
    return slot_of(link, member.connection, member.kind, member.part)


def _key(member: Member) -> tuple[str, str, str]:
    return member.connection, member.kind, member.record
