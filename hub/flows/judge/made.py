"""What was made of a thing: answered or found, then read, and held against what was to be made."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from hub.conclusions import Owes
from hub.flows.document import NoLines, NotMade, checked, says_all, told
from hub.flows.flow import MESSAGES
from hub.flows.judge import cases
from hub.flows.judge.cases import OnceData
from hub.flows.judge.needs import Needing
from hub.flows.judge.reasons import ADOPTED, LEAVE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hub.conclusions import Conclusion
    from hub.events import Answered
    from hub.flows.flow import Once
    from hub.flows.judge.cases import OnceCase
    from hub.flows.judge.facts import Facts
    from hub.flows.judge.once_cases import OnceCases
    from hub.flows.known import Key, Known, Owed, Record


class Made:
    """What one once flow has had made."""

    def __init__(self, known: Known, flow: Once, facts: Facts, its_cases: OnceCases) -> None:
        self._known = known
        self._flow = flow
        self._facts = facts
        self._cases = its_cases

    def answered(self, delivery: Owed, what: Answered) -> Iterator[Conclusion]:
        """Go on with a thing that is there now: a message is done with, all else is read."""
        kind = (delivery.connection, delivery.kind)
        is_own = delivery.flow == self._flow.name and kind == self._facts.made_kind
        case = self._cases.of(delivery.case) if is_own and delivery.case else None
        if case is None or not self._is_new(case, what.record):
            return
        subject = f"{delivery.connection}.{delivery.kind}/{what.record}"
        if delivery.kind == MESSAGES:
            sent = OnceData(record=what.record)
            yield self._cases.cased(delivery.case, cases.MADE, f"{subject} was sent", sent)
            return
        asked = case.data.asked if what.tells else self._known.at
        data = replace(case.data, record=what.record, asked=asked)
        yield self._cases.cased(delivery.case, cases.MAKING, f"{subject} is there", data)
        if what.because == ADOPTED:
            yield self._cases.adopted(subject, what.sentence, delivery.case)
        if not what.tells:
            yield self._cases.wanted((delivery.connection, delivery.kind, what.record))

    def _is_new(self, case: OnceCase, record: str) -> bool:
        """Tell whether it is the first that is there, or was made again: the one before is gone."""
        was = case.data.record
        if was is None:
            return case.state == cases.MAKING
        known = self._known.record((*self._facts.made_kind, was))
        return was != record and (known is None or known.gone)

    def told_again(self, delivery: Owed) -> Iterator[Conclusion]:
        """Tell a record once more what was made, as it is now: its vendor has lost what it knew."""
        about = delivery.key
        for case_key in self._facts.cases_about(about):
            case = self._cases.of(case_key)
            if case is None or case.state != cases.MADE or case.data.record is None:
                continue
            source = self._known.record(self._flow.source.key(case_key))
            record = self._known.record((*self._facts.made_kind, case.data.record))
            if source is None or record is None or record.gone:
                continue
            with suppress(Needing, NotMade):
                names = self._facts.names(source)
                tells = self._tells(case_key, record, names, "its vendor has lost it")
                yield from (one for one in tells if one.delivery == delivery.id)

    def missed(self, delivery: Owed) -> Iterator[Conclusion]:
        """Have read what a document names, where its vendor says that something is not there."""
        is_own = delivery.flow == self._flow.name and not (delivery.link or delivery.record)
        source = self._known.record(self._flow.source.key(delivery.case)) if is_own else None
        for key in self._facts.linked(source) if source is not None else ():
            yield self._cases.wanted(key)

    def seen(self, key: Key, *, in_full: bool = False) -> Iterator[Conclusion]:
        """Hold what was made against what was to be made, once it is known as it is.

        A row of a list may come first, or an answer, which does not say all: it is read in full.
        """
        record = self._known.record(key)
        case_key = self._facts.case_of(record) if record is not None else ""
        case = self._cases.of(case_key) if case_key else None
        if record is None or case is None or case.state != cases.MAKING:
            return
        if not (in_full or says_all(self._flow.agree, record.fields)):
            if case.data.record is not None and case.data.asked is None:
                data = replace(case.data, asked=self._known.at)
                yield self._cases.cased(
                    case_key, cases.MAKING, f"{record.subject} is read in full", data
                )
                yield self._cases.wanted(key)
            return
        source = self._known.record(self._flow.source.key(case_key))
        if source is None:
            return
        try:
            names = self._facts.names(source)
        except (Needing, NotMade) as error:
            yield from self._cases.stuck(case_key, str(error))
            return
        lines = self._facts.taken(source, names)
        differences = (
            checked(self._flow.agree, names, lines, record.fields)
            if not isinstance(lines, NoLines)
            else []
        )
        if differences:
            yield from self._differs(case_key, record, [each.why for each in differences])
        else:
            yield from self._done(case_key, record, names)

    def _done(
        self, case_key: str, record: Record, names: Mapping[str, Any]
    ) -> Iterator[Conclusion]:
        data = OnceData(record=record.key[2])
        why = f"{record.subject} was made"
        yield self._cases.cased(case_key, cases.MADE, why, data)
        yield from self._tells(case_key, record, names, why)

    def _tells(
        self, case_key: str, record: Record, names: Mapping[str, Any], why: str
    ) -> Iterator[Owes]:
        """Have those told of it who are to hear of it."""
        for tell in self._flow.tell:
            said = told(tell, {**names, "made": record.fields})
            yield Owes(
                delivery=self._known.delivery_to((tell.connection, tell.kind, said.record)),
                flow=self._flow.name,
                connection=tell.connection,
                kind=tell.kind,
                record=said.record,
                fields=said.fields,
                case=case_key,
                why=why,
            )

    def _differs(self, case_key: str, record: Record, whys: Sequence[str]) -> Iterator[Conclusion]:
        data = OnceData(record=record.key[2])
        why = "; ".join(whys)
        yield self._cases.cased(case_key, cases.DIFFERS, why, data)
        yield self._cases.asks(case_key, cases.DIFFERS, f"{record.subject}: {why}.", [LEAVE])
