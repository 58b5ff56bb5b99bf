"""Judge a while flow: for as long as something is so, records say what follows from it.

What was told last is kept as a case, so that nothing is told twice, and a figure that has only
grown older is no news.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from hub.conclusions import Cased, Owes
from hub.flows.document import NotMade, told, value_of
from hub.flows.figures import AS_OF
from hub.flows.judge.keys import SUMMED
from hub.flows.judge.ledger import CONTACTS, Ledger
from hub.flows.judge.needs import Needs
from hub.flows.known import subject_of
from hub.flows.told import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hub.conclusions import Conclusion
    from hub.flows.document import Told
    from hub.flows.flow import LinkNeed, Tell, While
    from hub.flows.known import InForce, Key, Known, Record

KEPT = "kept"


class WhileJudge:
    """One while flow that judges one event."""

    def __init__(self, known: Known, force: InForce, flow: While) -> None:
        self._known = known
        self._force = force
        self._flow = flow
        self._ledger = Ledger(known)
        self._done: set[Key] = set()
        """The records that were told already by what was judged of this event."""

    def record(self, key: Key) -> Iterator[Conclusion]:
        """Judge a record that was seen: the source, or one that figures are worked out from."""
        source = self._flow.source
        if key[:2] == (source.connection, source.kind):
            yield from self._judge(key)
        elif key[0] == source.connection and key[1] in {kind for kind, _ in SUMMED}:
            record = self._known.record(key)
            invoices = self._ledger.of_customer(record, source.kind) if record is not None else ()
            for invoice in invoices:
                yield from self._judge(invoice.key)

    def morning(self) -> Iterator[Conclusion]:
        """Judge all sources anew: a day has begun."""
        source = self._flow.source
        for record in self._known.table(source.connection, source.kind):
            yield from self._judge(record.key)

    def _judge(self, key: Key) -> Iterator[Conclusion]:
        """Judge a source; of one that is gone, what it said last tells who is to hear of that."""
        record = self._known.record(key)
        if record is None:
            return
        names: dict[str, Any] = {self._flow.source.name: record.fields, "ask": self._flow.ask}
        if not self._flow.holds.of(names):
            return
        needs = Needs(self._known, self._force, self._flow.source.name)
        for need in self._flow.needs:
            found = self._needed(needs, need, record)
            if found is not None:
                names[need.name] = found.fields
        for tell in self._flow.keep:
            if tell.to.path and tell.to.path[0] in names:
                yield from self._tell(tell, names, record)

    def _needed(self, needs: Needs, need: LinkNeed, record: Record) -> Record | None:
        if len(need.path) == 1:
            return needs.made_of(need, record)
        named = record.fields.get(need.path[1])
        if not isinstance(named, str) or not named:
            return None
        return needs.other_end(need, (record.key[0], CONTACTS, named))

    def _tell(self, tell: Tell, names: Mapping[str, Any], record: Record) -> Iterator[Conclusion]:
        target = (tell.connection, tell.kind, str(value_of(tell.to, names)))
        if target in self._done:
            return
        self._done.add(target)
        try:
            said = told(tell, names, partial(self._figure, record, self._currency(tell, names)))
        except NotMade:
            return
        news = _news(tell, said)
        case = self._known.case(self._flow.name, subject_of(target))
        if news and (case is None or case.data.get("digest") != digest_of(news)):
            if case is not None or not self._shows(target, news):
                yield self._owes(target, said, record)
            yield Cased(
                flow=self._flow.name,
                case=subject_of(target),
                state=KEPT,
                data={"digest": digest_of(news)},
                why=f"what follows from {record.subject}",
            )

    def _shows(self, target: Key, news: Mapping[str, Any]) -> bool:
        """Tell whether the record says all of it already."""
        record = self._known.record(target)
        return record is not None and all(
            name in record.fields and record.fields[name] == value for name, value in news.items()
        )

    def _owes(self, target: Key, said: Told, record: Record) -> Owes:
        connection, kind, id_ = target
        return Owes(
            delivery=self._known.delivery_to(target),
            flow=self._flow.name,
            connection=connection,
            kind=kind,
            record=id_,
            fields=said.fields,
            case=subject_of(target),
            why=f"what follows from {record.subject}",
        )

    def _currency(self, tell: Tell, names: Mapping[str, Any]) -> str:
        """Give what the money of a record is in; one that does not say has the base currency."""
        target = names.get(tell.to.path[0], {})
        said = target.get("Currency") if isinstance(target, dict) else None
        if isinstance(said, str) and said:
            return said
        return self._ledger.base_currency(self._flow.source.connection)

    def _figure(self, record: Record, currency: str, name: str, of: str) -> Any:  # noqa: ANN401
        """Work a figure out; money of another currency than the record's own is left alone."""
        alone = of == self._flow.source.name
        return self._ledger.figure(name, record, alone=alone, currency=currency)


def _news(tell: Tell, said: Told) -> dict[str, Any]:
    """Give what is told without the time it was worked out at: that alone is no news."""
    beside = {name for name, value in tell.fields.items() if value.figure == AS_OF}
    return {name: value for name, value in said.fields.items() if name not in beside}
