"""Have what was written once be written again, because a vendor has lost it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.events import payload
from hub.flows.known import subject_of
from hub.projectors.sync.at_hand import see
from hub.projectors.sync.owing import syncs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from hub.events import Event, Redelivered
    from hub.flows.agree import FieldState
    from hub.projectors.sync.decisions import Decisions
    from hub.projectors.sync.deliveries import Deliveries
    from hub.projectors.sync.delivery_rows import Delivery
    from hub.projectors.sync.links import Links
    from hub.projectors.sync.owing import Owing


class Again:
    """Opens deliveries that were done: what was made is made again, under the same mark."""

    def __init__(
        self, links: Links, decisions: Decisions, deliveries: Deliveries, owing: Owing
    ) -> None:
        self._links = links
        self._decisions = decisions
        self._deliveries = deliveries
        self._owing = owing

    def touch(self, event: Event) -> None:
        """See that all it takes is at hand; NotAtHand else, and nothing has changed."""
        what: Redelivered = payload(event)
        see((self._deliveries.rows, (each,)) for each in (*what.made, *what.written))
        rows = [row for each in what.written if (row := self._deliveries.of(each)) is not None]
        see((self._links.places, _key(row)) for row in rows if row.record)
        for link in (link for row in rows if (link := self._link(row)) is not None):
            self._owing.touch(link, self._decisions.in_force())

    def apply(self, event: Event) -> None:
        what: Redelivered = payload(event)
        for id_ in what.made:
            self._deliveries.make_again(id_, event)
        for id_ in what.written:
            row = self._deliveries.of(id_)
            link = None if row is None else self._link(row)
            if row is not None and link is not None:
                self._forget(link, subject_of(_key(row)), event.position)
                self._owing.refresh(link, self._decisions.in_force(), event, news=True)

    def _forget(self, link: UUID, subject: str, at: int) -> None:
        """Have a record not be known to show anything of what was agreed."""
        for flow in syncs(self._decisions.in_force()):
            known = self._decisions.fields(link, flow.name)
            fields = {name: _unseen(state, subject) for name, state in known.items()}
            if fields != known:
                self._decisions.set_fields(link, flow.name, fields, at)

    def _link(self, row: Delivery) -> UUID | None:
        place = self._links.at_hand(_key(row)) if row.record else None
        return row.link if place is None else place.link


def _unseen(state: FieldState, subject: str) -> FieldState:
    if subject not in state.words or subject in state.held:
        return state
    words = {**state.words, subject: msgspec.structs.replace(state.words[subject], value=None)}
    renderings = dict(_without(state.renderings, subject))
    return msgspec.structs.replace(state, words=words, renderings=renderings)


def _without(renderings: Any, subject: str) -> Iterator[tuple[str, Any]]:
    yield from ((who, value) for who, value in renderings.items() if who != subject)


def _key(row: Delivery) -> tuple[str, str, str]:
    return row.connection, row.kind, row.record
