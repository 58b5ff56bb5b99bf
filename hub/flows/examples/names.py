"""Records and fields as people write them: `deal 7`, `Stage = "Proposal", Phone = "1"`."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from hub.errors import HubError
from hub.flows.steps import put_at

if TYPE_CHECKING:
    from hub.flows.known import Key

RECORD = r"(?P<word>[A-Za-z_][\w.]*) (?P<id>[\w-]+)"

_RECORD = re.compile(RECORD)
_FIELD = re.compile(r"(?P<path>[A-Za-z_][\w.]*) = ")
_read = json.JSONDecoder(parse_float=Decimal).raw_decode


class NotAStory(HubError):
    """A line of a story cannot be read; it says what was expected."""


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """What the records of a story may be called."""

    kinds: frozenset[tuple[str, str]]
    sources: dict[str, tuple[str, str]] = {}
    """What a flow calls the records that it watches."""
    nested: frozenset[str] = frozenset()
    """The connections that name another record by `{"id": …}`, not by its id alone."""

    def key(self, word: str, record: str) -> Key:
        """Give the record that is meant by `deal 7`."""
        return (*self.kind(word), record)

    def kind(self, word: str) -> tuple[str, str]:
        """Give the kind that is meant: `deal`, `crm.deal`, `crm.Deals`, or the flow's own name."""
        if word in self.sources:
            return self.sources[word]
        found = [kind for kind in sorted(self.kinds) if word.casefold() in _words(*kind)]
        if len(found) == 1:
            return found[0]
        meant = found or sorted(self.kinds)
        choice = " or ".join(f"{connection}.{kind}" for connection, kind in meant)
        raise NotAStory(f"expected a kind of records, {choice}, found “{word}”")

    def fields(self, text: str, connection: str) -> dict[str, Any]:
        """Read `Stage = "Proposal", Amount = 100, Account_Name = account 3`."""
        fields: dict[str, Any] = {}
        rest = text.strip()
        while True:
            said = _FIELD.match(rest)
            if said is None:
                raise NotAStory(f'expected fields, as `Phone = "1"`, found “{rest}”')
            value, rest = self._value(rest[said.end() :], connection)
            put_at(fields, tuple(said["path"].split(".")), value)
            if not rest:
                return fields
            if not rest.startswith(", "):
                raise NotAStory(f"expected a comma, and one more field, found “{rest}”")
            rest = rest.removeprefix(", ")

    def _value(self, text: str, connection: str) -> tuple[Any, str]:
        """Read a value off the front: JSON, or another record."""
        try:
            value, end = _read(text)
        except ValueError:
            return self._reference(text, connection)
        return value, text[end:]

    def _reference(self, text: str, connection: str) -> tuple[Any, str]:
        said = _RECORD.match(text)
        if said is None:
            raise NotAStory(f'expected a value, as "text", 12.50 or account 3, found “{text}”')
        self.kind(said["word"])
        value = {"id": said["id"]} if connection in self.nested else said["id"]
        return value, text[said.end() :]


def _words(connection: str, kind: str) -> set[str]:
    one = kind.casefold()
    own = {one, one.removesuffix("s")}
    return own | {f"{connection}.{word}".casefold() for word in own}
