"""What a while flow knows of a source: whether it is so, how it stands, and what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.flows.books import CONTACTS, CUSTOMER, INVOICES
from hub.flows.judge.ledger import Ledger
from hub.flows.judge.needs import Needs
from hub.flows.money import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hub.flows.flow import LinkNeed, While
    from hub.flows.known import InForce, Key, Known, Record

STANDING = "standing"

CURRENCIES = ("Currency", "CurrencyIsoCode")
"""What records that are told call the currency of their money: in Zoho, and in Salesforce."""


class WhileFacts:
    """The world as one while flow looks at it."""

    def __init__(self, known: Known, force: InForce, flow: While) -> None:
        self._known = known
        self._force = force
        self._flow = flow
        self._ledger = Ledger(known)
        self._is_by_standing = any(path[0] == STANDING for path in flow.holds.reads)

    def sources(self, key: Key) -> Iterator[Key]:
        """Give the sources that a record is about: itself, or those of its customer."""
        source = self._flow.source
        if key[:2] == (source.connection, source.kind):
            yield key
        record = self._known.record(key)
        if record is not None and self._ledger.is_document(key) and key[0] == source.connection:
            others = self._ledger.of_customer(record, source.kind)
            yield from (one.key for one in others if one.key != key)

    def linked_with(self, key: Key) -> Iterator[Key]:
        """Give a record, and those that it is linked with."""
        yield key
        link = self._known.link_of(key)
        for each in self._known.members(link) if link is not None else ():
            yield each.connection, each.kind, each.record

    def of_customer(self, key: Key) -> Iterator[Key]:
        """Give the sources that name a record as their customer."""
        source = self._flow.source
        if key[:2] == (source.connection, CONTACTS):
            found = self._known.find(source.connection, source.kind, f"by {CUSTOMER}", key[2])
            yield from ((source.connection, source.kind, each) for each in sorted(found))

    def all_sources(self) -> Iterator[Key]:
        source = self._flow.source
        yield from (one.key for one in self._known.table(source.connection, source.kind))

    def holds(self, record: Record) -> bool:
        """Tell whether it is so of a source, by what it said last."""
        names = self._own(record)
        if self._is_by_standing and STANDING not in names:
            return False
        return bool(self._flow.holds.of(names))

    def names(self, record: Record) -> dict[str, Any]:
        """Give what is at hand by name; a need that cannot be met is not among it."""
        names = self._own(record)
        clock = self._flow.clock or self._flow.source.connection
        names["today"] = self._known.day(clock).isoformat()
        needs = Needs(self._known, self._force, self._flow.source.name)
        for need in self._flow.needs:
            found = self._needed(needs, need, record)
            if found is not None:
                names[need.name] = found.fields
        return names

    def figures(self, record: Record, target: object) -> Callable[[str, str], Any]:
        """Give what works figures out for a record: in its currency, or in none at all."""
        said = _currency_in(target) if isinstance(target, dict) else None
        currency = said or self._ledger.base_currency(self._flow.source.connection)

        def worked_out(name: str, of: str) -> Any:
            alone = of == self._flow.source.name
            return self._ledger.figure(name, record, alone=alone, currency=currency)

        return worked_out

    def _own(self, record: Record) -> dict[str, Any]:
        names: dict[str, Any] = {self._flow.source.name: record.fields, "ask": self._flow.ask}
        if self._is_by_standing or (self._flow.opens and record.key[1] == INVOICES):
            standing = self._standing(record)
            if standing is not None:
                names[STANDING] = standing
        return names

    def _standing(self, record: Record) -> Mapping[str, Any] | None:
        found = self._ledger.standing(record)
        if found is None:
            return None
        return {
            "status": found.status,
            "balance": found.balance,
            "currency": found.currency,
            "outstanding": shown(found.balance, found.currency),
            "days_overdue": found.days_overdue,
        }

    def _needed(self, needs: Needs, need: LinkNeed, record: Record) -> Record | None:
        if len(need.path) == 1:
            return needs.made_of(need, record)
        named = record.fields.get(need.path[1])
        if not isinstance(named, str) or not named:
            return None
        return needs.other_end(need, (record.key[0], CONTACTS, named))


def currency_of(record: Record) -> object:
    """Give the currency of a record's money, as it says itself."""
    return _currency_in(record.fields)


def _currency_in(fields: Mapping[str, Any]) -> Any:
    return next((fields[name] for name in CURRENCIES if fields.get(name)), None)
