"""The keys that records are matched by: `name + address.code`, `crm.id = books.zcrm_account_id`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hub.flows.flow import Key, KeyPart, Match, Step
from hub.settings.faults import nearest, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hub.flows.flow import Field, Path, Sync
    from hub.flows.load.reading import Reading
    from hub.flows.load.table import Table
    from hub.flows.load.world import Kind

PARTS = ("street", "city", "state", "code", "country")
"""The parts of an address, as its reading gives them."""

PEOPLE = "people"

_LITERAL = re.compile(r"(\w+)\.([\w.$]+) *= *(\w+)\.([\w.$]+)")


def match_of(
    table: Table,
    kinds: Mapping[str, Kind | None],
    fields: Sequence[Field],
    reading: Reading,
    people: Sync | None,
) -> Match:
    """Read `sure` and `maybe`."""
    keys = _Keys(table, kinds, {field.name: field for field in fields}, reading, people)
    return Match(sure=keys.of("sure"), maybe=keys.of("maybe"))


class _Keys:
    def __init__(
        self,
        table: Table,
        kinds: Mapping[str, Kind | None],
        fields: Mapping[str, Field],
        reading: Reading,
        people: Sync | None,
    ) -> None:
        self.table = table
        self.kinds = kinds
        self.fields = fields
        self.reading = reading
        self.people = {} if people is None else {field.name: field for field in people.fields}
        self.within = {} if people is None else {side.name: side.within for side in people.sides}

    def of(self, name: str) -> tuple[Key, ...]:
        texts = self.table.texts(name) or ()
        return tuple(Key(text=text, parts=self._parts(name, text)) for text in texts)

    def _parts(self, key: str, text: str) -> tuple[KeyPart, ...]:
        parts = [self._part(key, term.strip()) for term in text.split("+")]
        return tuple(part for part in parts if part)

    def _part(self, key: str, term: str) -> KeyPart | None:
        if literal := _LITERAL.fullmatch(term):
            return self._literal(key, literal)
        word, _, part = (one.strip().replace(" ", "_") for one in term.partition("."))
        if word == PEOPLE and part:
            return self._of_people(key, part)
        field = self._field(key, word, self.fields, "a field of this flow")
        if field is None:
            return None
        return self._of_field(key, field, part)

    def _literal(self, key: str, said: re.Match[str]) -> KeyPart | None:
        """Two fields that say the same, letter by letter."""
        places: dict[str, Path] = {}
        for side, path in ((said[1], said[2]), (said[3], said[4])):
            if side not in self.kinds:
                found = f"{quoted(side)}{nearest(side, self.kinds)}"
                self.table.fault(key, f"expected a side of this flow, found {found}")
                return None
            places[side] = self.reading.path(self.table, key, path, self.kinds[side])
        if len(places) < len(self.kinds):
            self.table.fault(key, f"expected a field of each side, found {quoted(said[0])}")
        return KeyPart(places=places, step=Step())

    def _of_people(self, key: str, name: str) -> KeyPart | None:
        field = self._field(key, name, self.people, "a field of the people of this flow")
        if field is None:
            return None
        # Where no list in the record holds them, they are brought to it under this name.
        places = {
            side: (self.within.get(side) or PEOPLE, *path) for side, path in field.places.items()
        }
        return KeyPart(places=places, step=field.step)

    def _of_field(self, key: str, field: Field, part: str) -> KeyPart:
        if part and (field.step.name != "address" or part not in PARTS):
            found = f"{quoted(part)} of {field.name}{nearest(part, PARTS)}"
            self.table.fault(key, f"expected a part of an address, found {found}")
        return KeyPart(places=field.places, step=field.step, part=part)

    def _field(
        self, key: str, name: str, fields: Mapping[str, Field], expected: str
    ) -> Field | None:
        if name not in fields:
            found = f"{quoted(name)}{nearest(name, fields)}"
            self.table.fault(key, f"expected {expected}, found {found}")
        return fields.get(name)
