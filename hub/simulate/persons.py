"""The people who work at the companies, as both sides enter and change them.

A person bears a last name that nobody else has, on every side and for good: `P007`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from hub.simulate.companies import SIDES, company_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from random import Random

    from hub.sandbox.system import Fields
    from hub.simulate.ground import Ground
    from hub.simulate.story import Story

FIELDS: Mapping[str, tuple[str, str]] = {
    "first name": ("First_Name", "first_name"),
    "email": ("Email", "email"),
}
"""What of a person is changed: what it is called in CRM, and in Books."""

NAME = ("Last_Name", "last_name")
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
        }

    def _enter(self, random: Random) -> None:
        side = random.choice(("crm", "crm", "books"))
        companies = self._ground.rows(side, SIDES[side][0])
        if not companies:
            return
        company, name = random.choice(companies), f"P{self._next:03d}"
        self._next += 1
        person = {"first name": random.choice(_FIRST), "email": f"{name.lower()}@velm.example"}
        if side == "crm":
            of = {"Account_Name": {"id": company["id"]}, NAME[0]: name}
            self._ground.crm.act("create", "Contacts", "", of | _in_crm(person))
        else:
            named = {NAME[1]: name} | _in_books(person)
            self._change_books(company, [*company["contact_persons"], named])
        self._say(f"{company_of(company)}: {name} entered in {side}")

    def _edit(self, random: Random, *, sides: int) -> None:
        """Change a field of one of them, on one side or on both at once."""
        name, field = f"P{random.randrange(1, self._next + 1):03d}", random.choice(list(FIELDS))
        for side in random.sample(list(SIDES), sides):
            value = _new_value(random, name, field)
            for company, person in list(self.called(side, name))[:1]:
                self._write(side, company, person, field, value)
                self._story.edited(name, side, field, value)
                self._say(f"{company_of(company)}: {field} of {name} in {side} is {value!r}")

    def called(self, side: str, name: str) -> Iterator[tuple[Fields, Fields]]:
        """Give who bears a name on a side, each with the company it is of."""
        for company, person in self.all(side):
            if person[NAME[side == "books"]] == name:
                yield company, person

    def all(self, side: str) -> Iterator[tuple[Fields, Fields]]:
        """Give all who are of a company on a side, each with that."""
        companies = self._ground.rows(side, SIDES[side][0])
        if side == "books":
            for company in companies:
                for person in company["contact_persons"]:
                    yield company, person
            return
        by_id = {company["id"]: company for company in companies}
        for person in self._ground.rows("crm", "Contacts"):
            account = by_id.get((person.get("Account_Name") or {}).get("id"))
            if account is not None:
                yield account, person

    def _write(self, side: str, company: Fields, person: Fields, field: str, value: str) -> None:
        if side == "crm":
            self._ground.crm.edit("Contacts", person["id"], _in_crm({field: value}))
            return
        id_ = person["contact_person_id"]
        changed = [
            one | _in_books({field: value}) if one["contact_person_id"] == id_ else one
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


def _in_crm(said: Mapping[str, str]) -> Fields:
    return {FIELDS[field][0]: value for field, value in said.items()}


def _in_books(said: Mapping[str, str]) -> Fields:
    return {FIELDS[field][1]: value for field, value in said.items()}
