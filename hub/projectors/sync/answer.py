"""What came of a delivery, and what follows from that: links, known words, what is owed yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.conclusions import Asks, Member
from hub.events import Answered, Approved, payload
from hub.flows.agree import written
from hub.flows.judge.ask import asked_there, item_of
from hub.flows.judge.choice import linked_in, to_take
from hub.flows.judge.reasons import (
    ADOPTED,
    DUPLICATE,
    LEAVE,
    PROPOSAL,
)
from hub.flows.judge.words import side_of
from hub.flows.known import subject_of
from hub.projectors.sync.at_hand import see
from hub.projectors.sync.moved import is_found, made_by
from hub.projectors.sync.owing import syncs
from hub.projectors.sync.refused import question as asked_of
from hub.projectors.sync.refused import whom_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from hub.events import Event
    from hub.flows.flow import Sync
    from hub.flows.known import Key
    from hub.projectors.sync.at_hand import Ask
    from hub.projectors.sync.decisions import Decisions
    from hub.projectors.sync.deliveries import Deliveries
    from hub.projectors.sync.delivery_rows import Delivery
    from hub.projectors.sync.links import Links
    from hub.projectors.sync.owing import Owing


class Answering:
    """Moves deliveries, and what their answers make known."""

    def __init__(
        self, links: Links, decisions: Decisions, deliveries: Deliveries, owing: Owing
    ) -> None:
        self._links = links
        self._decisions = decisions
        self._deliveries = deliveries
        self._owing = owing

    def touch(self, event: Event) -> None:
        """See that all it takes is at hand; NotAtHand else, and nothing has changed."""
        what = payload(event)
        if isinstance(what, Approved):
            see((self._deliveries.rows, (each,)) for each in what.deliveries)
            return
        row = self._deliveries.of(what.delivery)
        if row is None or not isinstance(what, Answered):
            return
        key = (row.connection, row.kind, what.record or row.record)
        see(self._asks(what, row, key))
        if (link := self._link(row, key)) is not None:
            self._owing.touch(link, self._decisions.in_force())

    def apply(self, event: Event, at: int) -> None:
        what = payload(event)
        if isinstance(what, Approved):
            self._deliveries.approve(what, event)
            return
        row = self._deliveries.apply(event)
        if row is None or not isinstance(what, Answered):
            return
        key = (row.connection, row.kind, what.record or row.record)
        link = self._link(row, key)
        if what.outcome == "refused":
            self._ask(what, row, event.position)
        if what.outcome == "retry_at" and row.look and self._owing.is_in_doubt(key):
            self._deliveries.look_again(what.delivery, event)
        if what.outcome != "done":
            return
        if not row.record and row.link is not None:
            member = _member(row, key)
            self._links.join(member, row.link, event, at)
            if self._links.place(key) is None:
                self._decisions.conclude(self._whose(what, row, member), event.position)
                return
        if link is not None:
            if what.because != ADOPTED or is_found(row, what):  # it says what whoever made it wrote
                self._note(link, key, row, what, event.position)
            self._owing.refresh(link, self._decisions.in_force(), event, news=False)
        else:
            self._deliveries.refresh(key, row.flow, event, owes=False, news=False)
        self._owing.ask_about_restless(event)

    def _ask(self, what: Answered, row: Delivery, at: int) -> None:
        """Have a person look at what was refused; of one pair nobody is asked twice."""
        flows = self._decisions.in_force()
        whom = whom_of(row, self._flow(row), self._places(row), flows)
        question = asked_of(what, row, whom, flows)
        self._decisions.conclude(question, at)
        for subject, item in self._asked_already(what, row).items():
            self._ask_here(row, subject, item, question, at)

    def _asked_already(self, what: Answered, row: Delivery) -> dict[str, UUID]:
        """Give the questions of those who may be what was to be made."""
        flow = self._flow(row)
        if flow is None or what.linked:
            return {}
        subjects = [subject_of((row.connection, row.kind, each)) for each in what.alike]
        return {subject: item_of(flow, PROPOSAL, subject) for subject in subjects}

    def _flow(self, row: Delivery) -> Sync | None:
        found = syncs(self._decisions.in_force())
        kind = row.connection, row.kind
        return next((one for one in found if one.name == row.flow and side_of(one, *kind)), None)

    def _ask_here(self, row: Delivery, subject: str, item: UUID, question: Asks, at: int) -> None:
        """Of one pair a person is asked once: by the question about what was to be made."""
        flow, asked = self._flow(row), self._decisions.inbox.get((item,))
        if flow is None or asked is None or asked.settled is not None:
            return
        places = self._places(row).items()
        whom = {subject_of((slot[0], slot[1], each)) for slot, each in places}
        if whom.issuperset(linked_in(asked.choices)):
            self._decisions.conclude(
                asked_there(flow, subject, {question.subject: question.item}), at
            )
            self._decisions.settle(item, at)

    def _note(self, link: UUID, key: Key, row: Delivery, what: Answered, at: int) -> None:
        """Note what the record says now: what was sent to it.

        What was found may have been changed since it was made: what it said itself is left.
        """
        found, subject = is_found(row, what), subject_of(key)
        for flow, values in made_by(row, what).get("agreed", {}).items():
            known = self._decisions.fields(link, flow)
            said = values if row.record else {**self._left_empty(flow, key), **values}
            if found:
                said = {
                    name: value
                    for name, value in said.items()
                    if name in known and subject not in known[name].words
                }
            stamp = None if found else what.at
            fields = written(known, subject, said, at=at, stamp=stamp)
            self._decisions.set_fields(link, flow, fields, at)

    def _left_empty(self, flow: str, key: Key) -> dict[str, None]:
        """Give the fields of a record that was made: what was not sent was left empty."""
        for each in syncs(self._decisions.in_force()):
            side = side_of(each, key[0], key[1])
            if each.name == flow and side is not None:
                return {one.name: None for one in each.fields if side.name in one.places}
        return {}

    def _link(self, row: Delivery, key: Key) -> UUID | None:
        if row.link is not None:
            return row.link
        place = self._links.at_hand(key) if key[2] else None
        return None if place is None else place.link

    def _asks(self, what: Answered, row: Delivery, key: Key) -> Iterator[Ask]:
        yield self._decisions.inbox, (what.delivery,)
        for subject, item in self._asked_already(what, row).items():
            yield self._decisions.inbox, (item,)
            yield self._decisions.cases, (row.flow, f"{PROPOSAL} {subject}")
        if key[2]:
            yield self._links.places, key
            yield from self._owing.asks_of(key)
        if (link := row.link) is not None:
            yield self._links.links, link
            for flow in row.sent.get("agreed", {}):
                yield self._decisions.agreements, (link, flow)

    def _whose(self, what: Answered, row: Delivery, member: Member) -> Asks:
        """Ask whose a place is that somebody has taken while the write was under way."""
        assert row.link is not None, "a place is one in a link"
        by = self._links.slots_of(row.link)[member.connection, member.kind, member.part]
        holder = subject_of((member.connection, member.kind, by))
        return Asks(
            item=what.delivery,
            flow=row.flow,
            reason=DUPLICATE,
            sentence=f"{member.subject} was made while {holder} was linked in its place: of the "
            "two, one is to be linked, and the other to be put right by hand.",
            subject=member.subject,
            choices=[to_take(member.subject), LEAVE],
            data={"link": str(row.link), "part": member.part, "holder": holder},
        )

    def _places(self, row: Delivery) -> Mapping[tuple[str, str, str], str]:
        return self._links.slots_of(row.link) if row.link is not None else {}


def _member(row: Delivery, key: Key) -> Member:
    return Member(connection=key[0], kind=key[1], record=key[2], part=row.part)
