"""Avro schemas of events, each under its id: an event is read with the schema it was written in.

Positions in bitmaps hold only there, and an administrator who adds a field makes a new schema while
events of the old one are still under way.
"""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Any

import fastavro
import msgspec
from fastavro.schema import SchemaParseException, UnknownType

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

HEADER = "ChangeEventHeader"


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a schema; `parts` are those of a compound one, which may be plain text, too."""

    name: str
    avro: str
    """Its type in Avro, null aside: `string`, `double`, `record`..."""
    means: str = ""
    """What the vendor says it holds: `Currency`, `DateOnly`..."""
    parts: tuple[Field, ...] = ()


class Schema:
    """One schema."""

    def __init__(self, text: str) -> None:
        try:
            written = msgspec.json.decode(text)
            self.name = str(written["name"])
            self.fields = _fields(written, {})
            self._parsed = fastavro.parse_schema(written)
        except (LookupError, TypeError, SchemaParseException, UnknownType) as error:
            raise ValueError(f"a text that is no schema of Avro: {error!r}") from error

    def read(self, payload: bytes) -> dict[str, Any]:
        """Read an event; ValueError where it is not of this schema."""
        try:
            read = fastavro.schemaless_reader(io.BytesIO(payload), self._parsed, None)
        except (EOFError, IndexError, KeyError, UnicodeDecodeError, OverflowError) as error:
            raise ValueError(f"an event that is no {self.name}: {error!r}") from error
        assert isinstance(read, dict)
        return read


class Schemas:
    """All that were met, each asked for once, however many events wait for it."""

    def __init__(self) -> None:
        self._known: dict[str, Schema] = {}
        self._asking = asyncio.Lock()

    async def of(self, schema_id: str, ask: Callable[[str], Awaitable[str]]) -> Schema:
        """Give a schema; `ask` gets its text from the vendor."""
        if schema_id not in self._known:
            async with self._asking:
                if schema_id not in self._known:
                    self._known[schema_id] = Schema(await ask(schema_id))
        return self._known[schema_id]


def _fields(record: dict[str, Any], named: dict[str, tuple[Field, ...]]) -> tuple[Field, ...]:
    """Read the fields of a record; a record that was defined once is referred to by its name."""
    return tuple(_field(field, named) for field in record["fields"])


def _field(field: dict[str, Any], named: dict[str, tuple[Field, ...]]) -> Field:
    choices = field["type"] if isinstance(field["type"], list) else [field["type"]]
    role, _, rest = field.get("doc", "").partition(":")
    means = rest.partition(":")[0] if role else ""
    avro = "null"
    parts: tuple[Field, ...] = ()
    for choice in choices:
        if choice == "null":
            continue
        if isinstance(choice, dict) and choice["type"] == "record":
            named[choice["name"]] = parts = _fields(choice, named)
            avro = "record"
        elif isinstance(choice, str) and (known := named.get(choice.rpartition(".")[2])):
            avro, parts = "record", known
        else:
            avro = choice if isinstance(choice, str) else str(choice["type"])
    return Field(name=field["name"], avro=avro, means=means, parts=parts)
