"""Judge a while flow: for as long as something is so, records say what follows from it.

What was told last is kept as a case, so that nothing is told twice, and a figure that has only
grown older is no news.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from hub.conclusions import Cased, Owes
from hub.flows import steps
from hub.flows.document import NotMade, told
from hub.flows.figures import Documents, SeveralCurrencies, figure
from hub.flows.judge.keys import SUMMED
from hub.flows.judge.needs import Needs
from hub.flows.known import subject_of, together
from hub.flows.told import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hub.conclusions import Conclusion
    from hub.flows.document import Told
    from hub.flows.flow import LinkNeed, Tell, While
    from hub.flows.known import InForce, Key, Known, Record

KEPT = "kept"
CUSTOMER = "customer_id"


class WhileJudge:
    """One while flow that judges one event."""

    def __init__(self, known: Known, force: InForce, flow: While) -> None:
        self._known = known
        self._force = force
        self._flow = flow

    def record(self, key: Key) -> Iterator[Conclusion]:
        """Judge a record that was seen: the source, or one that figures are worked out from."""
        source = self._flow.source
        if key[:2] == (source.connection, source.kind):
            yield from self._judge(key)
        elif key[0] == source.connection and key[1] in {kind for kind, _ in SUMMED}:
            record = self._known.record(key)
            for invoice in self._of_customer(record, source.kind) if record is not None else ():
                yield from self._judge(invoice.key)

    def morning(self) -> Iterator[Conclusion]:
        """Judge all sources anew: a day has begun."""
        source = self._flow.source
        for record in self._known.table(source.connection, source.kind):
            yield from self._judge(record.key)

    def _judge(self, key: Key) -> Iterator[Conclusion]:
        record = self._known.record(key)
        if record is None or record.gone:
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
        try:
            said = told(tell, names, partial(self._figure, record, self._currency(tell, names)))
        except NotMade:
            return
        target = (tell.connection, tell.kind, said.record)
        case = self._known.case(self._flow.name, subject_of(target))
        if said.fields and (case is None or case.data.get("digest") != digest_of(said.fields)):
            if case is not None or not self._shows(target, said):
                yield self._owes(target, said, record)
            yield Cased(
                flow=self._flow.name,
                case=subject_of(target),
                state=KEPT,
                data={"digest": digest_of(said.fields)},
                why=f"what follows from {record.subject}",
            )

    def _shows(self, target: Key, said: Told) -> bool:
        """Tell whether the record says all of it already."""
        record = self._known.record(target)
        return record is not None and all(
            name in record.fields and record.fields[name] == value
            for name, value in said.fields.items()
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
        """Give the currency of the record that is told, where it has one."""
        target = names.get(tell.to.path[0], {})
        said = target.get("Currency") if isinstance(target, dict) else None
        return said if isinstance(said, str) else ""

    def _figure(self, record: Record, currency: str, name: str, of: str) -> Any:  # noqa: ANN401
        """Work a figure out; money of another currency than the record's own is left alone."""
        summed = {
            kind: [one.fields for one in self._of_customer(record, kind)] for kind, _ in SUMMED
        }
        documents = Documents(
            invoices=summed["invoices"],
            payments=summed["customerpayments"],
            creditnotes=summed["creditnotes"],
        )
        if of == self._flow.source.name:
            documents = documents.of_invoice(record.key[2])
        today = self._known.day(record.key[0])
        try:
            found_out = figure(name, documents, today=today, as_of=self._known.now)
        except SeveralCurrencies:
            return steps.ABSENT
        is_other = currency and found_out.currency not in ("", currency)
        return steps.ABSENT if is_other else found_out.value

    def _of_customer(self, record: Record, kind: str) -> list[Record]:
        """Give the documents of the customer whom a record names."""
        customer = record.fields.get(CUSTOMER)
        if not isinstance(customer, str) or not customer:
            return []
        connection = record.key[0]
        found = sorted(self._known.find(connection, kind, f"by {CUSTOMER}", customer))
        keys = [(connection, kind, each) for each in found]
        together(partial(self._known.record, key) for key in keys)
        records = [self._known.record(key) for key in keys]
        return [one for one in records if one is not None and not one.gone]


CONTACTS = "contacts"
"""The kind of the records that documents name as their customer."""
