"""Judge what a while flow keeps so: as long as something is so, records say what follows from it.

What was told last is kept as a case, so that nothing is told twice, and a figure that has only
grown older is no news.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.conclusions import Cased, Owes
from hub.flows.document import NotMade, told, value_of
from hub.flows.figures import AS_OF
from hub.flows.judge.cases import KEPT
from hub.flows.judge.while_facts import currency_of
from hub.flows.known import subject_of
from hub.flows.told import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from hub.conclusions import Conclusion
    from hub.flows.document import Told
    from hub.flows.flow import Tell, While
    from hub.flows.judge.while_facts import WhileFacts
    from hub.flows.known import Key, Known, Record


class Keep:
    """What a while flow tells records that are there, judged of one event."""

    def __init__(self, known: Known, flow: While, facts: WhileFacts) -> None:
        self._known = known
        self._flow = flow
        self._facts = facts
        self._done: set[Key] = set()
        """The records that were told already by what was judged of this event."""

    def judge(self, key: Key, again: AbstractSet[Key] = frozenset()) -> Iterator[Conclusion]:
        """Judge a source; of one that is gone, what it said last tells who is to hear of that.

        `again`: the records that alone are told, though it is no news: a vendor has lost it.
        """
        record = self._known.record(key)
        if record is None or not self._facts.holds(record):
            return
        names = self._facts.names(record)
        for tell in self._flow.keep:
            if tell.to.path and tell.to.path[0] in names:
                yield from self._tell(tell, names, record, again)

    def is_new(self, key: Key) -> bool:
        """Tell whether a record that is linked is one to tell, and was told nothing of its money.

        What was made for a link is seen after it was linked: by then it can be told. And what is of
        another currency now was told in one that it does not go by any more, or in none.
        """
        return (
            any((tell.connection, tell.kind) == key[:2] for tell in self._flow.keep)
            and self._known.link_of(key) is not None
            and (
                self._known.case(self._flow.name, subject_of(key)) is None
                or self._is_of_another_currency(key)
            )
        )

    def _is_of_another_currency(self, key: Key) -> bool:
        before, now = self._known.before(key), self._known.record(key)
        return before is not None and now is not None and currency_of(before) != currency_of(now)

    def _tell(
        self, tell: Tell, names: Mapping[str, Any], record: Record, again: AbstractSet[Key]
    ) -> Iterator[Conclusion]:
        target = (tell.connection, tell.kind, str(value_of(tell.to, names)))
        if target in self._done or (again and target not in again):
            return
        self._done.add(target)
        try:
            said = told(tell, names, self._facts.figures(record, names[tell.to.path[0]]))
        except NotMade:
            return
        if target in again:
            yield self._owes(target, said, record)
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


def _news(tell: Tell, said: Told) -> dict[str, Any]:
    """Give what is told without the time it was worked out at: that alone is no news."""
    beside = {name for name, value in tell.fields.items() if value.figure == AS_OF}
    return {name: value for name, value in said.fields.items() if name not in beside}
