"""Judge a once flow: something becomes true, stays so, and one thing is done about it, once.

A case goes these ways, each told by an event:

  waiting   it became true, and is to stay so for a while       -> reading, or ended
  reading   what it takes is being read again                   -> needing, making, or ended
  needing   a record that it needs is yet to be made or linked  -> making
  making    the document is owed, or was made and is read       -> made, or differs
  made      it is there, and was told to the source
  stuck     it cannot be made as things stand: in the inbox

What is adopted bears no mark of the hub's: a case under its own name tells for what it counts.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from hub.conclusions import Cased, Owes, Withdrawn
from hub.flows.document import NoLines, NotMade, make
from hub.flows.flow import LinkNeed
from hub.flows.judge import cases
from hub.flows.judge.cases import OnceCase, OnceData
from hub.flows.judge.facts import Facts
from hub.flows.judge.made import Made
from hub.flows.judge.needs import Needing
from hub.flows.judge.once_cases import OnceCases
from hub.flows.judge.slot import slot_of_case
from hub.flows.known import subject_of
from hub.flows.told import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from uuid import UUID

    from hub.conclusions import Conclusion
    from hub.events import Answered, Fetched
    from hub.flows.document import Taken
    from hub.flows.flow import Once
    from hub.flows.known import InForce, Key, Known, Owed, Record


class OnceJudge:
    """One once flow that judges one event."""

    def __init__(self, known: Known, force: InForce, flow: Once) -> None:
        self._known = known
        self._force = force
        self._flow = flow
        self._facts = Facts(known, force, flow)
        self._cases = OnceCases(known, flow)
        self._made = Made(known, flow, self._facts, self._cases)

    def record(self, key: Key) -> Iterator[Conclusion]:
        """Judge a record that was seen: the source, or what was made of one."""
        if key[:2] == self._facts.source_kind:
            yield from self._seen(key)
        elif key[:2] == self._facts.made_kind:
            yield from self._made.seen(key)
        yield from self._not_sent_yet(key)

    def morning(self) -> Iterator[Conclusion]:
        """Have what waits to be sent bear the day on which it will be, not that of its owing."""
        for case_key in self._known.waiting(self._flow.name):
            yield from self._worked_out_anew(case_key, "a day has begun")

    def due(self, case_key: str) -> Iterator[Conclusion]:
        """Have everything read again, and judge it then."""
        case = self._cases.of(case_key)
        if case is not None and case.state == cases.WAITING:
            yield from self._read_again(case_key)

    def fetched(self, connection: str, kind: str, what: Fetched) -> Iterator[Conclusion]:
        """Go on with those cases of which all was read that was to be."""
        for record, at in what.records.items():
            key = (connection, kind, record)
            if key[:2] == self._facts.made_kind:
                yield from self._made.seen(key, in_full=True)
            for case_key in self._facts.cases_about(key):
                case = self._cases.of(case_key)
                if case is not None and case.state == cases.READING and case.has_asked_before(at):
                    yield from self._read(case_key, case, subject_of(key))

    def answered(self, what: Answered) -> Iterator[Conclusion]:
        """Go on with what was made, or with cases that needed what was made."""
        delivery = self._known.owed(what.delivery)
        if delivery is None:
            return
        if (what.outcome, what.because) == ("refused", "missing"):
            yield from self._made.missed(delivery)
        if what.outcome == "done" and delivery.link is not None:
            yield from self.waiting([delivery.key])
        elif what.outcome == "done":
            yield from self._made.answered(delivery, what)

    def redelivered(self, written: Sequence[UUID]) -> Iterator[Conclusion]:
        """Tell again of what was made, where a vendor has lost that."""
        for each in written:
            delivery = self._known.owed(each)
            if delivery is not None and delivery.link is None:
                yield from self._made.told_again(delivery)

    def again(self, case_key: str) -> Iterator[Conclusion]:
        """Judge a thing as it is known now, because a person asks for it."""
        yield from self._judge(case_key)

    def anew(self, delivery: UUID) -> Iterator[Conclusion]:
        """Work out anew what is to be made and was refused: what it names may be gone by now.

        What may have arrived all the same stays as it was sent, and is looked for.
        """
        owed = self._known.owed(delivery)
        if owed is not None and owed.case and not (owed.record or owed.link or owed.look):
            yield Withdrawn(delivery=delivery, flow=self._flow.name, why="it is worked out anew")
            yield from self._judge(owed.case)

    def offered(self, key: Key) -> Iterator[Conclusion]:
        """Take up what was so before the flow began, because a person offers it."""
        record = self._known.record(key)
        if key[:2] != self._facts.source_kind or record is None or record.gone:
            return
        if self._cases.of(key[2]) is None and self._facts.holds(record):
            yield from self._take_up(key[2])

    def _seen(self, key: Key) -> Iterator[Conclusion]:
        case = self._cases.of(key[2])
        record = self._known.record(key)
        is_so = record is not None and not record.gone and self._facts.holds(record)
        if case is None or case.state == cases.ENDED:
            is_back = case is not None and self._facts.is_back(key)
            if is_so and (is_back or self._facts.is_change(key)):
                yield from self._take_up(key[2])
        elif case.state == cases.WAITING and not is_so:
            yield self._cases.ended(key[2], "it was so no longer, before the time was over")
        elif case.state == cases.STUCK and is_so and self._facts.is_touched(key):
            yield from self._judge(key[2])

    def _not_sent_yet(self, key: Key) -> Iterator[Conclusion]:
        """Have what waits to be sent say what is so now; what is so no longer is not made."""
        about = self._facts.cases_about(key) if self._facts.is_touched(key) else ()
        for case_key in about:
            yield from self._worked_out_anew(case_key, "what it is made of has changed")

    def _worked_out_anew(self, case_key: str, why: str) -> Iterator[Conclusion]:
        owed = self._waiting_to_be_made(case_key)
        found = list(self._judge(case_key)) if owed is not None else []
        is_same = any(isinstance(one, Owes) and _is_same(one, owed) for one in found)
        if owed is not None and not is_same:
            yield Withdrawn(delivery=owed.id, flow=self._flow.name, why=why)
            yield from found

    def _waiting_to_be_made(self, case_key: str) -> Owed | None:
        case = self._cases.of(case_key)
        slot = slot_of_case(self._flow.id, case_key, self._flow.make)
        owed = self._known.owed(slot) if case is not None and case.state == cases.MAKING else None
        return owed if owed is not None and owed.is_open and owed.is_not_begun else None

    def _take_up(self, case_key: str) -> Iterator[Conclusion]:
        if not self._flow.stays_seconds:
            yield from self._read_again(case_key)
            return
        until = self._known.now + timedelta(seconds=self._flow.stays_seconds)
        yield Cased(
            flow=self._flow.name,
            case=case_key,
            state=cases.WAITING,
            until=until,
            why=f"it became so, and is to stay so until {until:%H:%M:%S} UTC",
        )

    def _read_again(self, case_key: str) -> Iterator[Conclusion]:
        """Ask for the source and all that its lines may come from, as they are now."""
        source = self._flow.source.key(case_key)
        keys = [source, *self._facts.found(source)]
        data = OnceData(asked=self._known.at, unread=[subject_of(key) for key in keys])
        yield self._cases.cased(
            case_key, cases.READING, "it is read again, with all that it needs", data
        )
        for key in keys:
            yield self._cases.wanted(key)

    def _read(self, case_key: str, case: OnceCase, subject: str) -> Iterator[Conclusion]:
        unread = [each for each in case.data.unread or () if each != subject]
        if unread:
            data = replace(case.data, unread=unread)
            yield self._cases.cased(case_key, cases.READING, "some of it was read again", data)
        else:
            yield from self._judge(case_key)

    def _judge(self, case_key: str) -> Iterator[Conclusion]:
        """Decide, on what is known now: it is over, something is missing, or it is to be made."""
        source = self._known.record(self._flow.source.key(case_key))
        if source is None or source.gone or not self._facts.holds(source):
            yield self._cases.ended(case_key, "it was so no longer when it was read again")
            return
        try:
            names = self._facts.names(source)
        except Needing as needing:
            yield from needing.conclusions
            yield self._cases.cased(case_key, cases.NEEDING, str(needing))
            return
        except NotMade as error:
            yield from self._cases.stuck(case_key, str(error))
            return
        yield from self._with_lines(case_key, source, names)

    def _with_lines(
        self, case_key: str, source: Record, names: Mapping[str, Any]
    ) -> Iterator[Conclusion]:
        lines = self._facts.taken(source, names)
        if isinstance(lines, NoLines) and lines.unread:
            needs = self._facts.lines_needs()
            key = (self._flow.source.connection, needs[0].first_of[0].kind, lines.unread)
            data = OnceData(asked=self._known.at, unread=[subject_of(key)])
            yield self._cases.cased(
                case_key, cases.READING, f"{subject_of(key)} is read for its lines", data
            )
            yield self._cases.wanted(key)
            return
        if isinstance(lines, NoLines):
            yield from self._cases.stuck(case_key, lines.why)
            return
        try:
            fields = make(self._flow.make, names, lines)
        except NotMade as error:
            yield from self._cases.stuck(case_key, str(error))
            return
        yield from self._owe(case_key, fields, lines)

    def _owe(
        self, case_key: str, fields: dict[str, Any], lines: Taken | None
    ) -> Iterator[Conclusion]:
        target = self._flow.make
        if self._force.mode == "shadow":
            yield self._cases.cased(
                case_key, cases.MADE, "it would be made, were the flow not in shadow"
            )
            return
        slot = slot_of_case(self._flow.id, case_key, target)
        made = self._known.owed(slot)
        yield Owes(
            delivery=slot,
            flow=self._flow.name,
            connection=target.connection,
            kind=target.kind,
            fields=fields,
            share="documents",
            case=case_key,
            amount="" if lines is None or lines.total is None else str(lines.total),
            currency="" if lines is None else lines.currency,
            why="it became so, and stayed so",
        )
        if made is not None and made.is_adopted:
            why = "it was made before the log was set back"
            data = OnceData(record=made.record, asked=self._known.at)
            yield self._cases.cased(case_key, cases.MAKING, why, data)
            yield self._cases.wanted((target.connection, target.kind, made.record))
        else:
            yield self._cases.cased(case_key, cases.MAKING, "it is owed")

    def waiting(self, keys: Iterable[Key]) -> Iterator[Conclusion]:
        """Go on with the cases that wait for these records, or for those linked with them."""
        needing = {case_key for key in keys for case_key in self._that_need(key)}
        for case_key in sorted(needing):
            case = self._cases.of(case_key)
            if case is not None and case.state == cases.NEEDING:
                yield from self._judge(case_key)

    def _that_need(self, key: Key) -> Iterator[str]:
        """Give the things that name a record which is linked with this one."""
        for need in self._flow.needs:
            if not isinstance(need, LinkNeed) or not self._facts.links(need, key):
                continue
            link = self._known.link_of(key)
            members = self._known.members(link) if link is not None else ()
            for each in members:
                if each.connection == self._facts.source_kind[0]:
                    by = f"by {need.path[1]}"
                    yield from self._known.find(*self._facts.source_kind, by, each.record)


def _is_same(one: Owes, owed: Owed | None) -> bool:
    return owed is not None and digest_of(one.fields or {}) == digest_of(owed.fields or {})
