"""What the documents of a customer say together, as far as they are known.

A customer may be several records in Books, one for each currency: what is said of the customer is
of all of them.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from hub.flows import steps
from hub.flows.books import (
    CONTACTS,
    CREDITNOTES,
    CURRENCIES,
    CUSTOMER,
    INVOICES,
    PAYMENTS,
    SUMMED,
)
from hub.flows.figures import (
    IN_ONE_CURRENCY,
    Documents,
    SeveralCurrencies,
    Standing,
    figure,
    standings,
)
from hub.flows.known import together

if TYPE_CHECKING:
    from hub.flows.known import Key, Known, Record


class Ledger:
    """The documents around the records of one event, each looked up once."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._records: dict[tuple[tuple[str, ...], str], list[Record]] = {}

    def of_customer(self, record: Record, kind: str) -> list[Record]:
        """Give the documents of the customer whom a record names."""
        connection = record.key[0]
        customers = self._customers(record)
        place = (customers, f"{connection}.{kind}")
        if place not in self._records:
            self._records[place] = self._found(connection, kind, customers)
        return self._records[place]

    def is_document(self, key: Key) -> bool:
        """Tell whether a record is one of those that figures are worked out from."""
        return key[1] in SUMMED

    def figure(self, name: str, record: Record, *, alone: bool, currency: str) -> Any:
        """Work out a figure of an invoice alone, or of its customer.

        Of money in another currency than the one that is said, nothing is known here.
        """
        documents = self._documents(record, alone=alone)
        own = currency if name in IN_ONE_CURRENCY else ""
        if own and documents.currencies and own not in documents.currencies:
            return steps.ABSENT
        # A document that does not say its currency is in the only one that there is.
        among = own if len(documents.currencies) > 1 else ""
        today, now = self._known.day(record.key[0]), self._known.now
        try:
            return figure(name, documents, today=today, as_of=now, currency=among).value
        except SeveralCurrencies:
            return steps.ABSENT

    def standing(self, record: Record) -> Standing | None:
        """Tell how an invoice stands today; None: it is gone."""
        documents = self._documents(record, alone=True)
        return next(iter(standings(documents, self._known.day(record.key[0]))), None)

    def base_currency(self, connection: str) -> str:
        """Give the currency of the organisation, which money is in where nothing else is said."""
        return next(
            (
                str(one.fields.get("currency_code") or "")
                for one in self._known.table(connection, CURRENCIES)
                if one.fields.get("is_base_currency") is True
            ),
            "",
        )

    def _documents(self, record: Record, *, alone: bool) -> Documents:
        of = {kind: [one.fields for one in self.of_customer(record, kind)] for kind in SUMMED}
        documents = Documents(
            invoices=of[INVOICES], payments=of[PAYMENTS], creditnotes=of[CREDITNOTES]
        )
        return documents.of_invoice(record.key[2]) if alone else documents

    def _customers(self, record: Record) -> tuple[str, ...]:
        """Give all records in Books that are the customer whom a record names."""
        named = record.fields.get(CUSTOMER)
        if not isinstance(named, str) or not named:
            return ()
        connection = record.key[0]
        link = self._known.link_of((connection, CONTACTS, named))
        members = self._known.members(link) if link is not None else ()
        others = {
            each.record
            for each in members
            if (each.connection, each.kind) == (connection, CONTACTS)
        }
        return tuple(sorted(others | {named}))

    def _found(self, connection: str, kind: str, customers: tuple[str, ...]) -> list[Record]:
        found = {
            each
            for customer in customers
            for each in self._known.find(connection, kind, f"by {CUSTOMER}", customer)
        }
        keys: list[Key] = [(connection, kind, each) for each in sorted(found)]
        together(partial(self._known.record, key) for key in keys)
        records = [self._known.record(key) for key in keys]
        return [one for one in records if one is not None and not one.gone]
