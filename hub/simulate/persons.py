"""The people who work at the companies, as all sides enter and change them.

A person bears a last name that nobody else has, on every side and for good: `P007`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from hub.simulate.companies import SIDES, company_of
from hub.simulate.ground import TWO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from random import Random

    from hub.sandbox.system import Fields
    from hub.simulate.ground import Ground
    from hub.simulate.story import Story

FIELDS: Mapping[str, Mapping[str, str]] = {
    "crm": {"first name": "First_Name", "email": "Email"},
    "books": {"first name": "first_name", "email": "email"},
    "desk": {"first name": "firstName", "email": "email"},
    "salesforce": {"first name": "FirstName", "email": "Email"},
}
"""What of a person is changed: what it is called on each side."""

NAME = {"crm": "Last_Name", "books": "last_name", "desk": "lastName", "salesforce": "LastName"}
_OF = {
    "crm": ("Contacts", "id", "Account_Name"),
    "desk": ("contacts", "id", "accountId"),
    "salesforce": ("Contact", "Id", "AccountId"),
}
"""Where persons are records: their kind, its id, and what says whose they are."""
_FIRST = ("Ada", "Bela", "Ciro", "Dora", "Emil")


class Persons:
    """Whoever enters and changes them remembers whom they entered."""

    def __init__(self, ground: Ground, story: Story) -> None:
        self._ground = ground
        self._story = story
        self._next = 1

    def ways(self, random: Random) -> Mapping[Callable[[], None], int]:
        """Give what may be done, and how often."""
        return {
            partial(self._enter, random): 2,
            partial(self._edit, random, sides=1): 3,
            partial(self._edit, random, sides=2): 1,
            **({partial(self._enter_at_once, random): 2} if self._ground.sides != TWO else {}),
        }

    def _enter(self, random: Random) -> None:
        side = random.choice(("crm", *self._ground.sides))
        companies = self._ground.rows(side, SIDES[side][0])
        if not companies:
            return
        company, (name, person) = random.choice(companies), self._somebody(random)
        self._put(side, company, {NAME[side]: name} | _in(side, person))
        self._say(f"{company_of(company)}: {name} entered in {side}")

    def _enter_at_once(self, random: Random) -> None:
        """Enter somebody on all sides that know the company, in the same second."""
        companies = self._ground.rows("books", SIDES["books"][0])
        if not companies:
            return
        called, (name, person) = company_of(random.choice(companies)), self._somebody(random)
        for side in self._ground.sides:
            rows = self._ground.rows(side, SIDES[side][0])
            for company in [one for one in rows if company_of(one) == called][:1]:
                self._put(side, company, {NAME[side]: name} | _in(side, person))
                self._say(f"{called}: {name} entered in {side}")

    def _somebody(self, random: Random) -> tuple[str, Mapping[str, str]]:
        name = f"P{self._next:03d}"
        self._next += 1
        return name, {"first name": random.choice(_FIRST), "email": f"{name.lower()}@velm.example"}

    def _put(self, side: str, company: Fields, person: Fields) -> None:
        if side == "books":
            self._change_books(company, [*company["contact_persons"], person])
            return
        kind, _, of = _OF[side]
        id_ = str(company[SIDES[side][1]])
        whose = {"id": id_} if side == "crm" else id_
        self._ground.systems[side].act("create", kind, "", {of: whose} | person)

    def _edit(self, random: Random, *, sides: int) -> None:
        """Change a field of one of them, on one side or on several at once."""
        name, field = (
            f"P{random.randrange(1, self._next + 1):03d}",
            random.choice(list(FIELDS["crm"])),
        )
        for side in random.sample(self._ground.sides, sides):
            value = _new_value(random, name, field)
            for company, person in list(self.called(side, name))[:1]:
                over = str(person[FIELDS[side][field]] or "")
                self._write(side, company, person, field, value)
                self._story.edited(name, side, field, value, over)
                self._say(f"{company_of(company)}: {field} of {name} in {side} is {value!r}")

    def called(self, side: str, name: str) -> Iterator[tuple[Fields, Fields]]:
        """Give who bears a name on a side, each with the company it is of."""
        for company, person in self.all(side):
            if person[NAME[side]] == name:
                yield company, person

    def all(self, side: str) -> Iterator[tuple[Fields, Fields]]:
        """Give all who are of a company on a side, each with that."""
        companies = self._ground.rows(side, SIDES[side][0])
        if side == "books":
            for company in companies:
                for person in company["contact_persons"]:
                    yield company, person
            return
        by_id = {company[SIDES[side][1]]: company for company in companies}
        kind, _, of = _OF[side]
        for person in self._ground.rows(side, kind):
            whose = person.get(of)
            account = by_id.get(whose.get("id") if isinstance(whose, dict) else whose)
            if account is not None:
                yield account, person

    def _write(self, side: str, company: Fields, person: Fields, field: str, value: str) -> None:
        if side != "books":
            kind, id_field, _ = _OF[side]
            written = _in(side, {field: value})
            self._ground.systems[side].edit(kind, str(person[id_field]), written)
            return
        id_ = person["contact_person_id"]
        changed = [
            one | _in("books", {field: value}) if one["contact_person_id"] == id_ else one
            for one in company["contact_persons"]
        ]
        self._change_books(company, changed)

    def _change_books(self, company: Fields, persons: list[Fields]) -> None:
        self._ground.books.edit("contacts", company["contact_id"], {"contact_persons": persons})

    def _say(self, what: str) -> None:
        self._story.tell("people", what)


def _new_value(random: Random, name: str, field: str) -> str:
    if field == "email":
        return f"{name.lower()}.{random.randrange(1, 10_000)}@velm.example"
    return f"{random.choice(_FIRST)} {random.choice('ABCDEFGHIJ')}."


def _in(side: str, said: Mapping[str, str]) -> Fields:
    return {FIELDS[side][field]: value for field, value in said.items()}
