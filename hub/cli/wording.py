"""What deliveries would write, field by field, next to what the records say now.

It is worked out by what works it out when they are sent, as if a person had let them go.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from hub.cli.document import Document, documents, is_line, line
from hub.connectors.build import EMPTY
from hub.console.outcome import called, names_of
from hub.database import statement
from hub.errors import NotApplicable
from hub.flows.known import fields_of
from hub.outbound.content import Writer
from hub.outbound.owed import Content, NotNow, Owed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from uuid import UUID

    from hub.console.deliveries import Delivery
    from hub.database.db import Db
    from hub.outbound.owed import Nothing
    from hub.settings import Settings

SHOWN_CHARACTERS_MAX = 100


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """A field that would say something else; of a record that is to be made there is no `before`.

    A field inside another is named by its way: `billing_address.zip`.
    """

    field: str
    before: Any
    after: Any


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """What one delivery would write: of whom, and what; or why nothing."""

    called: str = ""
    words: list[Word] = []
    why_not: str = ""
    document: Document = Document()
    """Of what is to be made: what it is made of, and what that comes to."""


async def contents(
    settings: Settings, db: Db, connection: str, ids: Sequence[UUID], *, let_go: bool = False
) -> list[tuple[Owed, Content | Nothing | NotNow]]:
    """Give what deliveries to a connection are to say; `let_go`: as if a person had approved."""
    rows = await db.fetch(statement("cli/shown_calls.sql"), list(ids), connection)
    owed = [Owed(**dict(row)) for row in rows]
    if let_go:
        owed = [msgspec.structs.replace(one, approved=one.owed) for one in owed]
    known = settings.connections.get(connection)
    writer = Writer(connection, empty=EMPTY.get(known.system) if known else None)
    said = await _worked_out(writer, db, owed)
    return [(one, said[one.id]) for one in owed]


async def _worked_out(
    writer: Writer, db: Db, owed: Sequence[Owed]
) -> Mapping[UUID, Content | Nothing | NotNow]:
    """Work out what each is to say; one of which that cannot be done hides no other."""
    try:
        return await writer.contents(db, owed)
    except (LookupError, TypeError, ValueError, ArithmeticError, NotApplicable) as error:
        if len(owed) == 1:
            why = f"it could not be worked out ({type(error).__name__}: {error})"
            return {owed[0].id: NotNow(why=why)}
    found: dict[UUID, Content | Nothing | NotNow] = {}
    for one in owed:
        found |= await _worked_out(writer, db, [one])
    return found


async def wordings(settings: Settings, db: Db, held: Sequence[Delivery]) -> dict[UUID, Wording]:
    """Give what each would write, were it let go now."""
    found = []
    for connection in sorted({one.connection for one in held}):
        ids = [one.id for one in held if one.connection == connection]
        said = await contents(settings, db, connection, ids, let_go=True)
        found += [(connection, row, what) for row, what in said]
    there = await _there(db, held)
    names = await _names(db, [(connection, row) for connection, row, _ in found])
    made = await documents(db, found)
    return {
        row.id: msgspec.structs.replace(
            _wording(what, there.get((connection, row.kind, row.record), {}), names[row.id]),
            document=made.get(row.id, Document()),
        )
        for connection, row, what in found
    }


def lines_of(one: Wording) -> Iterator[str]:
    """Say it line by line, each field with what it says now and would say then."""
    rows = [*_of_document(one.document), *(each for word in one.words for each in _of(word, one))]
    width = max((len(name) for name, _ in rows), default=0)
    for name, said in rows:
        yield f"{name:{width}}  {said}"
    if one.why_not:
        yield one.why_not


def _of_document(one: Document) -> Iterator[tuple[str, str]]:
    if one.source:
        name = f" “{one.called}”," if one.called else ""
        yield "for", f"the {one.kind}{name} {one.source}"
    if one.total:
        yield "comes to", one.total


def _of(word: Word, one: Wording) -> Iterator[tuple[str, str]]:
    """Say a field: an id by what it names, and the lines of a document each by itself."""
    if name := one.document.names.get(word.field):
        yield word.field.removesuffix("_id"), f"{name} ({word.after})"
    elif isinstance(word.after, list) and word.after and all(map(is_line, word.after)):
        for number, row in enumerate(word.after, start=1):
            yield f"line {number}", line(row)
    else:
        before = "" if word.before is None else f"{_shown(word.before)} -> "
        yield word.field, f"{before}{_shown(word.after)}"


def _wording(
    what: Content | Nothing | NotNow, there: Mapping[str, Any], names: Sequence[str]
) -> Wording:
    if not isinstance(what, Content):
        return Wording(called=next(iter(names), ""), why_not=what.why)
    words = [
        Word(field=field, before=before, after=after)
        for field, before, after in _fields(what.fields, there)
        if before != after and not (_is_empty(before) and _is_empty(after))
    ]
    return Wording(called=next(filter(None, [*names, called(what.fields)]), ""), words=words)


def _fields(
    fields: Mapping[str, Any], there: Mapping[str, Any], way: str = ""
) -> Iterator[tuple[str, Any, Any]]:
    """Give each field with what it says now: those within another, and custom ones, by themselves.

    Books takes its custom fields as a list, and says each beside the others too.
    """
    for name, value in fields.items():
        before = there.get(name)
        if isinstance(value, Mapping) and value:
            yield from _fields(
                value, before if isinstance(before, Mapping) else {}, f"{way}{name}."
            )
        elif name == "custom_fields" and isinstance(value, list):
            custom = {str(one.get("api_name", "")): one.get("value") for one in value}
            yield from _fields(custom, {**there, **(there.get("custom_field_hash") or {})}, way)
        else:
            yield f"{way}{name}", before, value


async def _there(db: Db, held: Iterable[Delivery]) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Give what the records say now that are there already."""
    keys = [(one.connection, one.kind, one.record) for one in held if one.record]
    if not keys:
        return {}
    rows = await db.fetch(statement("console/names.sql"), *map(list, zip(*keys, strict=True)))
    return {
        (row["connection"], row["kind"], row["record"]): fields_of(row["fields"]) for row in rows
    }


async def _names(db: Db, found: Sequence[tuple[str, Owed]]) -> dict[UUID, list[str]]:
    """Give what each is called: the record itself, or those with whom it is linked."""
    subjects = {row.id: [f"{name}.{row.kind}/{row.record}"] for name, row in found if row.record}
    for row in await db.fetch(statement("cli/linked_with.sql"), [row.id for _, row in found]):
        subject = f"{row['connection']}.{row['kind']}/{row['record']}"
        subjects.setdefault(row["id"], []).append(subject)
    names = await names_of(db, {one for some in subjects.values() for one in some})
    return {
        row.id: [names[one] for one in subjects.get(row.id, ()) if one in names] for _, row in found
    }


def _is_empty(value: object) -> bool:
    return value in (None, "", [], {})


def _shown(value: object) -> str:
    text = _encode(value).decode()
    short = f"{text[: SHOWN_CHARACTERS_MAX - 1]}…"
    return text if len(text) <= SHOWN_CHARACTERS_MAX else short


_encode = msgspec.json.Encoder(decimal_format="number").encode
