"""Made-up changes of two made-up systems, for people who want to see the hub at work.

`crm` has Accounts and `books` has contacts, of the same companies. People edit both; now and then
something arrives twice, or late, or two records turn out to be one company. What happens, and in
which order, is the same for every run with one seed; only the times are those of the clock.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from hub.events import Linked, Member, Merged, event_of, fixed_id
from hub.inbound.receive import Change

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from hub.events import Event

ROAD = "sample"
CONNECTIONS = ("crm", "books")

_NAMES = (
    "Alder & Sons", "Blue Heron Tea", "Castor Bikes", "Dune Optics", "Elm Street Press",
    "Fjord Lighting", "Granite Works", "Harbour Foods", "Iris Textiles", "Juniper Labs",
    "Kestrel Maps", "Lumen Dental", "Meadow Dairy", "Northgate Tools", "Opal Ceramics",
)  # fmt: skip
_FORMS = ("Ltd", "BV", "GmbH", "SAS", "Inc")
_CITIES = ("Gent", "Porto", "Leeds", "Graz", "Turku", "Lyon", "Bergen", "Zadar")
_PEOPLE = ("ines@crm", "tom@crm", "marta@books", "olu@books")
_TERMS = (0, 15, 30, 45, 60)

Step: TypeAlias = "Change | Event"
Fields: TypeAlias = dict[str, Any]


class Sample:
    """A small world of companies; `first` numbers the first of them."""

    def __init__(
        self, seed: int, first: int = 1, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._random = Random(f"{seed} {first}")  # noqa: S311 - repeatable is what it must be
        self._next = first
        self._clock = clock
        self._known: dict[tuple[str, str, str], tuple[Fields, datetime]] = {}
        self._companies: list[int] = []
        self._said: Change | None = None

    def steps(self) -> Iterator[Step]:
        """Give one step after another, for ever; each bears the time at which it is asked for."""
        yield from self._opening()
        acts = [self._edit_account, self._edit_contact, self._repeat, self._late_copy]
        acts += [self._new_company, self._found_to_be_one, self._claimed_twice]
        while True:
            (act,) = self._random.choices(acts, weights=(36, 30, 7, 7, 12, 4, 4))
            yield from act()

    def _opening(self) -> Iterator[Step]:
        """Show a little of everything within the first seconds."""
        yield from self._new_company()
        yield from self._edit_account()
        yield from self._edit_contact()
        yield from self._repeat()
        yield from self._late_copy()
        yield from self._found_to_be_one()
        yield from self._claimed_twice()

    def _new_company(self) -> Iterator[Step]:
        number = self._make()
        yield self._see(self._account(number))
        yield self._see(self._contact(number))
        yield self._link(number, self._account(number), self._contact(number))
        self._companies.append(number)

    def _edit_account(self) -> Iterator[Step]:
        key = self._account(self._random.choice(self._companies))
        field, value = self._random.choice(
            [
                ("Phone", self._phone()),
                ("Billing_City", self._random.choice(_CITIES)),
                ("Annual_Revenue", self._random.randrange(50_000, 9_000_000)),
            ]
        )
        self._set(key, field, value)
        yield self._see(key)

    def _edit_contact(self) -> Iterator[Step]:
        key = self._contact(self._random.choice(self._companies))
        field, value = self._random.choice(
            [
                ("phone", self._phone()),
                ("payment_terms", self._random.choice(_TERMS)),
                ("credit_limit", f"{self._random.randrange(10, 900) * 100}.00"),
            ]
        )
        self._set(key, field, value)
        yield self._see(key)

    def _repeat(self) -> Iterator[Step]:
        """Say the last thing again: systems do, when they got no answer in time."""
        if self._said is not None:
            yield self._said

    def _late_copy(self) -> Iterator[Step]:
        """Bring a bookkeeper's copy that was saved earlier than what is known by now."""
        key = self._contact(self._random.choice(self._companies))
        fields, at = self._known[key]
        earlier = at - timedelta(milliseconds=self._random.randrange(100, 90_000))
        terms = self._random.choice([each for each in _TERMS if each != fields["payment_terms"]])
        yield self._change(key, {**fields, "payment_terms": terms}, earlier)

    def _found_to_be_one(self) -> Iterator[Step]:
        """Link an account and a contact each alone, then find that they are one company."""
        number = self._make()
        account, contact = self._account(number), self._contact(number)
        yield self._see(account)
        yield self._link(number, account)
        yield self._see(contact)
        apart = fixed_id(None, "sample link apart", number)
        yield _from_person(event_of(Linked(link=apart, members=[_member(contact)])), self._person())
        merged = Merged(link=apart, into=_link_id(number))
        yield _from_person(event_of(merged), self._person())
        self._companies.append(number)

    def _claimed_twice(self) -> Iterator[Step]:
        """Let a second contact claim to be a company that has one already."""
        number = self._random.choice(self._companies)
        twin = self._make()
        self._set(self._contact(twin), "contact_name", self._name(number).upper())
        yield self._see(self._contact(twin))
        yield self._link(number, self._contact(twin))

    def _make(self) -> int:
        number, self._next = self._next, self._next + 1
        now = self._clock()
        name, phone = self._name(number), self._phone()
        self._known[self._account(number)] = (
            {
                "Account_Name": name,
                "Phone": phone,
                "Billing_City": self._random.choice(_CITIES),
                "Annual_Revenue": self._random.randrange(50_000, 9_000_000),
                "id": f"57257670000{number:08d}",
            },
            now,
        )
        self._known[self._contact(number)] = (
            {
                "contact_name": name,
                "phone": phone,
                "payment_terms": 30,
                "credit_limit": "5000.00",
                "contact_id": 4_600_000_000_000_000_000 + number,
            },
            now,
        )
        return number

    def _set(self, key: tuple[str, str, str], field: str, value: object) -> None:
        fields, at = self._known[key]
        self._known[key] = ({**fields, field: value}, at)

    def _see(self, key: tuple[str, str, str]) -> Change:
        fields, _ = self._known[key]
        now = self._clock()
        self._known[key] = (fields, now)
        self._said = self._change(key, fields, now)
        return self._said

    def _change(self, key: tuple[str, str, str], fields: Fields, at: datetime) -> Change:
        connection, kind, record = key
        return Change(
            connection=connection,
            kind=kind,
            record=record,
            road=ROAD,
            data=json.dumps(fields).encode(),
            at=at,
            origin=self._person(),
        )

    def _link(self, number: int, *keys: tuple[str, str, str]) -> Event:
        what = Linked(link=_link_id(number), members=[_member(key) for key in keys])
        return _from_person(event_of(what), self._person())

    def _name(self, number: int) -> str:
        turn, place = divmod(number - 1, len(_NAMES))
        return f"{_NAMES[place]} {_FORMS[(turn + place) % len(_FORMS)]}"

    def _phone(self) -> str:
        return f"+32 2 555 {self._random.randrange(100):02d} {self._random.randrange(100):02d}"

    def _person(self) -> str:
        return self._random.choice(_PEOPLE)

    @staticmethod
    def _account(number: int) -> tuple[str, str, str]:
        return "crm", "Accounts", str(3000 + number)

    @staticmethod
    def _contact(number: int) -> tuple[str, str, str]:
        return "books", "contacts", str(46_000 + number)


def _link_id(number: int) -> UUID:
    return fixed_id(None, "sample link", number)


def _member(key: tuple[str, str, str]) -> Member:
    return Member(connection=key[0], kind=key[1], record=key[2])


def _from_person(event: Event, person: str) -> Event:
    return msgspec.structs.replace(event, origin=person, road=ROAD)
