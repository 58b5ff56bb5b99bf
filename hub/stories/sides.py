"""The played vendors of a story: they keep what people and the hub write, and fill in the rest.

Only so much of them as flows lean on. How a vendor takes and refuses things is the sandbox's part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from hub.connectors.build import EMPTY
from hub.connectors.known_fields import fields_of
from hub.flows.steps.place import laid, put_at
from hub.stories.reckoned import TAXES, reckoned

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Literal
    from uuid import UUID

    from hub.flows.expression import Shape
    from hub.flows.flow import Path
    from hub.flows.known import Key

BOOKS, CRM, DESK, SALESFORCE = "zoho_books", "zoho_crm", "zoho_desk", "salesforce"
CURRENCIES = ("EUR", "GBP", "USD")
PERSON, PEOPLE = "contactpersons", "contact_persons"

_IDS = {
    "contacts": "contact_id", "invoices": "invoice_id", "customerpayments": "payment_id",
    "creditnotes": "creditnote_id", "currencies": "currency_id", "taxes": "tax_id",
    PERSON: "contact_person_id",
}  # fmt: skip
"""What records in Books call their ids."""


class Names(NamedTuple):
    """What a system calls what every record says of itself."""

    id: str
    created: str
    changed: str
    mark: Path


_NAMES = {
    BOOKS: Names("", "created_time", "last_modified_time", ("cf_hub_id",)),
    CRM: Names("id", "Created_Time", "Modified_Time", ("Hub_Id",)),
    DESK: Names("id", "createdTime", "modifiedTime", ("cf", "cf_hub_key")),
    SALESFORCE: Names("Id", "CreatedDate", "SystemModstamp", ("Hub_Id__c",)),
}


class Sides:
    """All connections of a story, by the systems that they are."""

    def __init__(self, systems: Mapping[str, str]) -> None:
        self._systems = systems
        self._records: dict[Key, dict[str, Any]] = {}
        self._removed: set[Key] = set()

    def begin(self) -> list[Key]:
        """Have the tables that an organisation in Books has from its first day."""
        books = [name for name, system in self._systems.items() if system == BOOKS]
        for name in books:
            for code in CURRENCIES:
                self._records[name, "currencies", code] = {
                    "currency_id": code, "currency_code": code,
                    "is_base_currency": code == CURRENCIES[0],
                }  # fmt: skip
            for tax, percent in TAXES.items():
                self._records[name, "taxes", tax] = {
                    "tax_id": tax, "tax_name": tax, "tax_percentage": percent,
                }  # fmt: skip
        return list(self._records)

    def fields(self, key: Key) -> dict[str, Any]:
        """Give what a record says."""
        return self._records[key]

    def has(self, key: Key) -> bool:
        return key in self._records

    def of_kind(self, connection: str, kind: str) -> list[str]:
        """Give the ids of all records of a kind."""
        return sorted(
            record for one, other, record in self._records if (one, other) == (connection, kind)
        )

    def empty(self, connection: str) -> Literal[""] | None:
        """Give how a field is cleared there."""
        return EMPTY.get(self._systems[connection])

    def put(self, key: Key, fields: Mapping[str, Any], *, at: datetime, created: datetime) -> None:
        """Have a record say something; one that is not there is made."""
        known = self._records.get(key)
        record = laid(known or self._new(key, created), fields)
        record[self._names(key[0]).changed] = at.isoformat()
        self._records[key] = reckoned(key, record) if self._is(BOOKS, key[0]) else record

    def write(self, key: Key, fields: Mapping[str, Any], mark: UUID, at: datetime) -> Key:
        """Take what the hub writes: a record without an id is made, and bears the mark."""
        if key[1] == PERSON and self._is(BOOKS, key[0]):
            return self._write_person(key, fields, at)
        if not key[2]:
            key = (key[0], key[1], self._next_id(key[0], key[1]))
            fields = dict(fields)
            put_at(fields, self._names(key[0]).mark, str(mark))
        self.put(key, fields, at=at, created=at)
        return key

    def seen_as(self, key: Key, fields: Mapping[str, Any] = {}) -> Key:
        """Give the record in which this one is seen: a person, in that of the company."""
        if key[1] != PERSON or not self._is(BOOKS, key[0]):
            return key
        return key[0], "contacts", self.whole(key) or str(fields["contact_id"])

    def whole(self, key: Key) -> str:
        """Give the id of the company in whose record a person is; empty: it is a record itself."""
        if key[1] != PERSON:
            return ""
        for (connection, _, id_), record in self._records.items():
            if connection == key[0] and key[2] in map(_person_id, record.get(PEOPLE) or ()):
                return id_
        return ""

    def remove(self, key: Key) -> None:
        self._records.pop(key, None)
        self._removed.add(key)

    def _write_person(self, key: Key, fields: Mapping[str, Any], at: datetime) -> Key:
        """Write one person into the record of a company, beside the others."""
        company = self.seen_as(key, fields)
        people = list(self._records[company].get(PEOPLE) or ())
        id_ = key[2] or self._next_id(key[0], PERSON)
        said = {name: value for name, value in fields.items() if name != "contact_id"}
        others = [one for one in people if _person_id(one) != id_]
        known: dict[str, Any] = next((one for one in people if _person_id(one) == id_), {})
        person = {**known, **said, "contact_person_id": id_}
        self.put(company, {PEOPLE: [*others, person]}, at=at, created=at)
        return key[0], key[1], id_

    def _new(self, key: Key, created: datetime) -> dict[str, Any]:
        """Give a record that says nothing yet: every field that there is, and empty."""
        connection, kind, id_ = key
        fields = fields_of(self._systems[connection]).get(kind, {})
        if not self._is(BOOKS, connection):
            names = self._names(connection)
            return {**dict.fromkeys(fields), names.id: id_, names.created: created.isoformat()}
        record: dict[str, Any] = {_IDS.get(kind, f"{kind.removesuffix('s')}_id"): id_}
        if kind == "contacts":
            record = _empty(fields) | record
            record |= {"contact_type": "customer", "currency_id": CURRENCIES[0], PEOPLE: []}
        return record | {"created_time": created.isoformat()}

    def _next_id(self, connection: str, kind: str) -> str:
        """Give an id that no record has, or had."""
        known = (*self._records, *self._removed)
        ids = [record for one, other, record in known if (one, other) == (connection, kind)]
        if kind == PERSON:
            people = (record.get(PEOPLE) or () for record in self._records.values())
            ids = [_person_id(one) for some in people for one in some]
        return str(max((int(one) for one in ids if one.isdigit()), default=0) + 1)

    def _names(self, connection: str) -> Names:
        return _NAMES.get(self._systems[connection], _NAMES[CRM])

    def _is(self, system: str, connection: str) -> bool:
        return self._systems[connection] == system


def _empty(fields: Mapping[str, Shape]) -> dict[str, Any]:
    """Give the words of a record in Books that says nothing: texts are empty, numbers left out."""
    return {
        name: "" if isinstance(shape, str) else _empty(shape)
        for name, shape in fields.items()
        if not isinstance(shape, str) or shape in ("text", "id", "choice")
    }


def _person_id(person: Mapping[str, Any]) -> str:
    return str(person.get("contact_person_id") or "")
