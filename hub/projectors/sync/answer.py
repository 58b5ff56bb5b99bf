"""What came of a delivery, and what follows from that: links, known words, what is owed yet."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec

from hub.conclusions import Asks, Member
from hub.events import Answered, Approved, payload
from hub.flows.agree import written
from hub.flows.judge.ask import ADOPTED, ALIKE, CREATE, DUPLICATE, LEAVE, LINK, TAKE
from hub.flows.judge.words import side_of
from hub.flows.known import subject_of, together
from hub.projectors.sync.owing import syncs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from uuid import UUID

    from hub.events import Event
    from hub.flows.known import Key
    from hub.projectors.sync.decisions import Decisions
    from hub.projectors.sync.deliveries import Deliveries
    from hub.projectors.sync.delivery_rows import Delivery
    from hub.projectors.sync.links import Links
    from hub.projectors.sync.owing import Owing

REFUSED = "refused"
CHOICES = ["retry", "edit", "skip"]


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
            together(partial(self._deliveries.of, each) for each in what.deliveries)
            return
        row = self._deliveries.of(what.delivery)
        if row is None or not isinstance(what, Answered):
            return
        key = (row.connection, row.kind, what.record or row.record)
        together(self._asks(what, row, key))
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
            question = _question(what, row, self._whom(row))
            if what.because == ALIKE:
                question = _whether(question, what, row, self._whom(row))
            self._decisions.conclude(question, event.position)
        if what.outcome != "done":
            return
        if not row.record and row.link is not None:
            member = _member(row, key)
            self._links.join(member, row.link, event, at)
            if self._links.place(key) is None:
                self._decisions.conclude(self._whose(what, row, member), event.position)
                return
        if link is not None:
            if what.because != ADOPTED:  # it says what whoever made it wrote
                self._note(link, key, row, event.position, what.at)
            self._owing.refresh(link, self._decisions.in_force(), event, news=False)
        else:
            self._deliveries.refresh(key, row.flow, event, owes=False, news=False)
        self._owing.ask_about_restless(event)

    def _note(self, link: UUID, key: Key, row: Delivery, at: int, stamp: datetime | None) -> None:
        """Note what the record says now: what was sent to it."""
        for flow, values in row.sent.get("agreed", {}).items():
            known = self._decisions.fields(link, flow)
            said = values if row.record else {**self._left_empty(flow, key), **values}
            fields = written(known, subject_of(key), said, at=at, stamp=stamp)
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

    def _asks(self, what: Answered, row: Delivery, key: Key) -> Iterator[Callable[[], object]]:
        yield partial(self._decisions.inbox.get, (what.delivery,))
        if key[2]:
            yield partial(self._links.at_hand, key)
        if (link := row.link) is not None:
            yield partial(self._links.slots_of, link)
        for flow in row.sent.get("agreed", {}):
            if link is not None:
                yield partial(self._decisions.fields, link, flow)

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
            choices=[f"{TAKE}{member.subject}", LEAVE],
            data={"link": str(row.link), "part": member.part, "holder": holder},
        )

    def _whom(self, row: Delivery) -> str:
        """Name somebody of the link for which something was to be made."""
        places = self._links.slots_of(row.link) if row.link is not None else {}
        subjects = [subject_of((slot[0], slot[1], record)) for slot, record in places.items()]
        return min(subjects, default=f"{row.connection}.{row.kind}")


def _whether(question: Asks, what: Answered, row: Delivery, whom: str) -> Asks:
    """Ask whether what was to be made is there already."""
    there = [subject_of((row.connection, row.kind, each)) for each in what.alike]
    links = [f"{LINK}{each}" for each in there if not what.linked]
    return msgspec.structs.replace(
        question,
        reason=ALIKE,
        subject=whom,
        sentence=f"{row.connection}.{row.kind} was to be made for {whom}. {what.sentence}",
        choices=[*links, CREATE, "skip"],
        data={**question.data, ALIKE: what.alike},
    )


def _member(row: Delivery, key: Key) -> Member:
    return Member(connection=key[0], kind=key[1], record=key[2], part=row.part)


def _question(what: Answered, row: Delivery, whom: str) -> Asks:
    kind = f"{row.connection}.{row.kind}"
    made_for = "" if row.record or whom == kind else f"{kind} was to be made for {whom}. "
    return Asks(
        item=what.delivery, flow=row.flow, reason=f"{REFUSED}: {what.because}",
        sentence=f"{made_for}{what.sentence}",
        subject=f"{kind}/{row.record}" if row.record else whom, choices=CHOICES,
        data={"reason": what.reason, "link": str(row.link) if row.link else ""},
    )  # fmt: skip
