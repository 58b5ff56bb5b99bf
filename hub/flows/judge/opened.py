"""Judge what a while flow opens: one thing is there as long as something is so, and never two.

A case goes these ways, each told by an event:

  asked    it was so before the flow was switched on: a person says     -> opening, left
  would    it would be opened, were the flow not in shadow               -> asked, ended
  opening  the thing is owed                                             -> open, or ended
  open     it is there, and kept true                                    -> closing
  closing  it is so no longer: the thing is read, as people may have it  -> ending, ended, open
  ending   what it says in the end is owed                               -> ended
  ended    it is closed; should it be so again, there is a new one       -> opening
  left     nobody opens one before it was otherwise                      -> ended
  stuck    it cannot be opened as things stand: in the inbox             -> opening, ended
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from hub.conclusions import Answers, Asks, Cased, Wants, Withdrawn
from hub.flows.document import NotMade, make
from hub.flows.flow import MESSAGES
from hub.flows.judge import cases
from hub.flows.judge.ask import item_of
from hub.flows.judge.cases import OpenedCase, OpenedData, as_kept, opened_case
from hub.flows.judge.reasons import LEAVE, RETRY
from hub.flows.judge.thing import Thing
from hub.flows.known import subject_of
from hub.flows.told import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from hub.conclusions import Conclusion
    from hub.events import Answered, Fetched
    from hub.flows.flow import Open, While
    from hub.flows.judge.while_facts import WhileFacts
    from hub.flows.known import InForce, Key, Known, Owed, Record

OPEN_IT = "open"
"""What a person chooses who wants one for what was so already."""


class Opened:
    """The things of one while flow, judged of one event."""

    def __init__(
        self, known: Known, force: InForce, flow: While, opens: Open, facts: WhileFacts
    ) -> None:
        self._known = known
        self._force = force
        self._flow = flow
        self._opens = opens
        self._facts = facts
        self._thing = Thing(known, flow, opens)

    def judge(self, key: Key, *, already: bool = False) -> Iterator[Conclusion]:
        """Judge a source; `already`: what is so was so before anything could be done about it."""
        record = self._known.record(key)
        case = self._case(key[2])
        if record is None:
            return
        if not record.gone and self._facts.holds(record):
            is_old = already or self._is_first_sight(record)
            yield from self._is_so(record, case, is_old=is_old)
        elif case is not None:
            yield from self._is_over(record, case)

    def answered(self, what: Answered) -> Iterator[Conclusion]:
        """Go on with what was made, or closed."""
        delivery = self._known.owed(what.delivery)
        if delivery is None or what.outcome != "done" or not delivery.record:
            return
        thing = self._thing.key(delivery.record)
        if thing[:2] != (delivery.connection, delivery.kind):
            return
        if delivery.id == self._known.delivery_to(thing):
            yield from self._was_written(thing)
        elif delivery.flow == self._flow.name:
            yield from self._was_made(delivery)

    def fetched(self, connection: str, kind: str, what: Fetched) -> Iterator[Conclusion]:
        """Close those things that were read for that, as people have left them."""
        for record, at in what.records.items():
            if (connection, kind) != self._thing.kind:
                continue
            key = self._thing.case_of((connection, kind, record))
            case = self._case(key) if key else None
            source = self._source(key)
            if (
                case is not None
                and case.state == cases.CLOSING
                and case.has_asked_before(at)
                and source
            ):
                yield from self._close(source, case)

    def resolved(self, key: str, choice: str) -> Iterator[Conclusion]:
        """Do with what waited for a person as is said."""
        case, source = self._case(key), self._source(key)
        if case is None or source is None or case.state not in (cases.ASKED, cases.STUCK):
            return
        if choice == LEAVE:
            yield self._cased(source, cases.LEFT, "a person said so", case.data)
        elif not source.gone and self._facts.holds(source):
            yield from self._open(source, _generation(case))

    def _is_so(
        self, record: Record, case: OpenedCase | None, *, is_old: bool
    ) -> Iterator[Conclusion]:
        shadow = self._force.mode == "shadow"
        match case.state if case is not None else "":
            case "" if is_old and not shadow:
                yield from self._already(record, 0)
            case cases.WOULD if not shadow and case is not None:
                yield from self._already(record, _generation(case))
            case "" | cases.ENDED | cases.STUCK:
                yield from self._open(record, _generation(case))
            case cases.OPEN | cases.CLOSING if case is not None:
                yield from self._go_on(record, case)
            case cases.ENDING if case is not None and self._thing.is_at_rest(case):
                yield from self._open(record, _generation(case) + 1)

    def _is_over(self, record: Record, case: OpenedCase) -> Iterator[Conclusion]:
        """End what is so no longer: what was not made is not made, what is open is closed."""
        why = "it is so no longer"
        match case.state:
            case cases.WOULD | cases.LEFT:
                yield self._ended(record, why, _generation(case))
            case cases.ASKED | cases.STUCK:
                yield Answers(item=self._item(record, case.state), why=why)
                yield self._ended(record, why, _generation(case))
            case cases.OPENING:
                yield from self._withdraw(record, case, why)
            case cases.OPEN if self._opens.make.kind == MESSAGES:
                yield self._ended(record, f"{why}; what was said stands", _generation(case) + 1)
            case cases.OPEN:
                data = replace(case.data, asked=self._known.at)
                yield self._cased(record, cases.CLOSING, why, data)
                connection, kind, thing = self._thing.key(case.record)
                because = f"{self._flow.name} is to close it"
                yield Wants(connection=connection, kind=kind, record=thing, why=because)
            case cases.ENDING if self._thing.is_at_rest(case):
                yield self._ended(record, "it is closed", _generation(case) + 1)

    def _already(self, record: Record, generation: int) -> Iterator[Conclusion]:
        """Leave what was so before the flow was switched on, or have a person say."""
        why = "it was so before the flow was switched on"
        data = OpenedData(generation=generation)
        if self._opens.already == "skip":
            yield self._cased(record, cases.LEFT, why, data)
            return
        yield self._cased(record, cases.ASKED, why, data)
        sentence = f"{why}: open one of {'.'.join(self._thing.kind)} for it?"
        yield self._asks(record, cases.ASKED, sentence, [OPEN_IT, LEAVE])

    def _open(self, record: Record, generation: int) -> Iterator[Conclusion]:
        data = OpenedData(generation=generation)
        if self._force.mode == "shadow":
            why = "one would be opened, were the flow not in shadow"
            yield self._cased(record, cases.WOULD, why, data)
            return
        names = self._facts.names(record)
        if missing := [need.name for need in self._flow.needs if need.name not in names]:
            why = f"{' and '.join(missing)}: linked with none"
            yield from self._stuck(record, why, data)
            return
        try:
            fields = make(self._opens.make, names)
            digest = digest_of(self._thing.said(self._opens.keep, names))
        except NotMade as error:
            yield from self._stuck(record, str(error), data)
            return
        why, data = "it became so", replace(data, digest=digest)
        made = self._known.owed(self._thing.slot(record.key[2], generation))
        yield self._thing.owes(record, generation, fields, why)
        case = self._case(record.key[2])
        if case is not None and case.state == cases.STUCK:
            yield Answers(item=self._item(record, cases.STUCK), why=why)
        if made is not None and made.is_adopted:
            before = "it was made before the log was set back"
            yield self._cased(record, cases.OPEN, before, replace(data, record=made.record))
        else:
            yield self._cased(record, cases.OPENING, why, data)

    def _stuck(self, record: Record, why: str, data: OpenedData) -> Iterator[Conclusion]:
        case = self._case(record.key[2])
        if case is None or (case.state, case.why) != (cases.STUCK, why):
            yield self._cased(record, cases.STUCK, why, data)
            yield self._asks(record, cases.STUCK, why, [RETRY, LEAVE])

    def _go_on(self, record: Record, case: OpenedCase) -> Iterator[Conclusion]:
        """Keep an open thing true; one that people have taken over is left as it is."""
        thing = self._known.record(self._thing.key(case.record))
        names = self._facts.names(record)
        said, data = self._thing.kept(thing, names), replace(case.data, asked=None)
        if said and data.digest != digest_of(said):
            data = replace(data, digest=digest_of(said))
            yield self._thing.writes(record, case, said, "it has changed")
        if data != case.data:
            yield self._cased(record, cases.OPEN, "it is kept true", data)

    def _close(self, record: Record, case: OpenedCase) -> Iterator[Conclusion]:
        """Close a thing that was just read, unless people have it."""
        generation = _generation(case) + 1
        thing = self._known.record(self._thing.key(case.record))
        if thing is None or thing.gone:
            yield self._ended(record, "what was opened for it is gone", generation)
            return
        names = self._facts.names(record)
        if self._thing.is_taken(self._opens.close, thing, names):
            why = f"{thing.subject} is left alone: {self._thing.why_left}"
            yield self._ended(record, why, generation)
            return
        try:
            said = self._thing.said(self._opens.close, names)
        except NotMade as error:
            why = f"{thing.subject} was not closed: {error}"
            yield self._asks(record, cases.CLOSING, why, [LEAVE])
            yield self._ended(record, why, generation)
            return
        if all(thing.fields.get(name) == value for name, value in said.items()):
            yield self._ended(record, f"{thing.subject} says so already", generation)
            return
        why = "it is so no longer"
        yield self._thing.writes(record, case, said, why)
        yield self._cased(record, cases.ENDING, why, case.data)

    def _was_made(self, slot: Owed) -> Iterator[Conclusion]:
        """Go on with what is there now; one that was made after it was over is closed."""
        case, source = self._case(slot.case), self._source(slot.case)
        if case is None or source is None:
            return
        is_its_own = slot.id == self._thing.slot(slot.case, _generation(case))
        is_awaited = case.state in (cases.OPENING, cases.ENDED, cases.STUCK)
        if not is_its_own or not (is_awaited or self._is_anew(case, slot.record)):
            return
        data = replace(case.data, record=slot.record)
        why = f"{subject_of(self._thing.key(slot.record))} is there"
        yield self._cased(source, cases.OPEN, why, data)
        case = OpenedCase(state=cases.OPEN, data=data, why=why)
        if not source.gone and self._facts.holds(source):
            yield from self._go_on(source, case)
        else:
            yield from self._is_over(source, case)

    def _is_anew(self, case: OpenedCase, record: str) -> bool:
        """Tell whether an open thing was made again: the one before is gone."""
        if case.state != cases.OPEN or case.data.record in (None, record):
            return False
        was = self._known.record(self._thing.key(case.data.record))
        return was is None or was.gone

    def _was_written(self, thing: Key) -> Iterator[Conclusion]:
        key = self._thing.case_of(thing)
        case, source = (self._case(key), self._source(key)) if key else (None, None)
        if case is None or source is None or case.data.record != thing[2]:
            return
        if case.state == cases.ENDING:
            yield self._ended(source, f"{subject_of(thing)} is closed", _generation(case) + 1)
            if not source.gone and self._facts.holds(source):
                yield from self._open(source, _generation(case) + 1)

    def _withdraw(self, record: Record, case: OpenedCase, why: str) -> Iterator[Conclusion]:
        """Have made no more what is over; what is under way is closed once it is there.

        The slot stays the one that is filled next, for it may be under way unbeknown to us.
        """
        generation = _generation(case)
        slot = self._thing.slot(record.key[2], generation)
        delivery = self._known.owed(slot)
        if delivery is None or delivery.under_way or delivery.look or delivery.record:
            return
        if delivery.state == "skipped":
            generation += 1  # a person would not have it made
        else:
            yield Withdrawn(delivery=slot, flow=self._flow.name, why=why)
        yield self._ended(record, why, generation)

    def _is_first_sight(self, record: Record) -> bool:
        """Tell whether it is seen for the first time, and not because it was just made."""
        before = self._known.before(record.key)
        if before is not None and before.position:
            return False
        return not self._force.has_new(record)

    def _case(self, key: str) -> OpenedCase | None:
        return opened_case(self._known.case(self._flow.name, key))

    def _source(self, key: str) -> Record | None:
        source = self._flow.source
        return self._known.record((source.connection, source.kind, key)) if key else None

    def _cased(self, record: Record, state: str, why: str, data: OpenedData) -> Cased:
        kept = as_kept(data)
        return Cased(flow=self._flow.name, case=record.key[2], state=state, data=kept, why=why)

    def _ended(self, record: Record, why: str, generation: int) -> Cased:
        """End a case; `generation` is that of what is opened next."""
        return self._cased(record, cases.ENDED, why, OpenedData(generation=generation))

    def _asks(self, record: Record, reason: str, sentence: str, choices: list[str]) -> Asks:
        return Asks(
            item=self._item(record, reason),
            flow=self._flow.name,
            reason=reason,
            sentence=f"{record.subject}: {sentence}",
            subject=record.subject,
            choices=choices,
            data={"case": record.key[2]},
        )

    def _item(self, record: Record, reason: str) -> UUID:
        return item_of(self._flow, reason, record.key[2])


def _generation(case: OpenedCase | None) -> int:
    return case.data.generation if case is not None else 0
