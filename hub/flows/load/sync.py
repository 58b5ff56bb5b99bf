"""Syncs: `[sides]` that are to agree, field by field, and the people within them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, get_args

import msgspec

from hub.flows.flow import Field, Gone, Guard, Match, New, Side, Sync
from hub.flows.inactive import kinds_of
from hub.flows.load.guard import guard_of
from hub.flows.load.match import match_of
from hub.flows.load.places import place_of
from hub.flows.load.reading import NAME, NAME_EXPECTED
from hub.flows.load.stories import examples_of
from hub.flows.load.table import one_of
from hub.flows.load.targets import may_write
from hub.flows.load.value import step_of
from hub.settings.faults import nearest, quoted, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hub.flows.flow import Path
    from hub.flows.load.reading import Reading
    from hub.flows.load.table import Table
    from hub.flows.load.world import Kind

    Kinds = Mapping[str, Kind | None]

SIDES = 2
SAID_OF_FIELDS = ("owner", "as", "cut", "clash", "lone", "empty", "write", "apart")
"""Keys that a field of a sync may have beside its sides; so no side is called by them."""

_OF_PEOPLE = re.compile(r"(?P<kind>\S+) (?P<how>by|in) (?P<field>\S+)")
_CLASH, _LONE = ("owner", "ask"), ("carry", "put_back")
_EMPTY, _WRITE = ("keep", "carry"), ("always", "on create", "never")


def sync_of(root: Table, name: str, id: str, reading: Reading) -> Sync:  # noqa: A002
    """Read a sync; what cannot be taken is among the faults."""
    guard = guard_of(root)
    examples = examples_of(root)
    about = root.text("about")
    people = root.table("people")
    inner = None
    if people is not None:
        inner = _sync(people, name, f"The people of: {about}", reading, people=None, inner=True)
        people.close(of="people")
        inner = msgspec.structs.replace(inner, id=id, guard=guard)
    sync = _sync(root, name, about, reading, people=inner, inner=False)
    return msgspec.structs.replace(sync, id=id, guard=guard, examples=examples)


def has_two_sides(root: Table) -> bool:
    """Tell whether a sync, and its people, have two sides; without, nothing else of it is told."""
    tables = [table for table in (root, root.table("people")) if table is not None]
    wrong = [table for table in tables if len(table.needed("sides").keys()) != SIDES]
    for table in wrong:
        _note_sides(table)
    return not wrong


def _note_sides(root: Table) -> None:
    names = root.needed("sides").keys()
    fields = root.table("fields")
    said = [key for _, field in fields.tables() for key in field.keys()] if fields else []  # noqa: SIM118
    more = [one for one in said if one not in (*names, *SAID_OF_FIELDS)]
    also = f"; [fields] speak of {quoted(more[0])} too" if len(names) < SIDES and more else ""
    if "sides" in root:
        found = f"{len(names)}: {', '.join(names)}" if names else "none"
        root.fault("sides", f"expected two sides, found {found}{also}")


def _sync(
    root: Table, name: str, about: str, reading: Reading, *, people: Sync | None, inner: bool
) -> Sync:
    sides, kinds = _sides(root, reading, inner=inner)
    fields = _fields(root, kinds, reading)
    table = root.table("match")
    match, new, gone = Match(), dict.fromkeys(kinds, "ask"), dict.fromkeys(kinds, "ask")
    if table is not None:
        match = match_of(table, kinds, fields, reading, people)
        new, gone = _new(table, kinds), _gone(table, kinds, reading)
        table.close()
    _judge_written(root, fields, kinds, new, reading)
    return Sync(
        name=name,
        id=name,
        about=about,
        sides=sides,
        match=match,
        new=msgspec.convert(new, dict[str, New]),
        gone=msgspec.convert(gone, dict[str, Gone]),
        fields=fields,
        people=people,
        guard=Guard(),
    )


def _sides(root: Table, reading: Reading, *, inner: bool) -> tuple[tuple[Side, ...], Kinds]:
    table = root.needed("sides")
    names = table.keys()
    kinds: dict[str, Kind | None] = {}
    sides = []
    for name in names:
        if not NAME.fullmatch(name) or name in (*SAID_OF_FIELDS, "latest", "ask", "people"):
            table.fault(name, f"expected {NAME_EXPECTED}, found {quoted(name)}")
        side, kind = (
            _person_side(table, name, reading) if inner else _side(root, table, name, reading)
        )
        kinds[name] = kind
        sides.append(side)
    _judge_sides(root, [kind for kind in kinds.values() if kind])
    return tuple(sides), kinds


def _judge_sides(root: Table, kinds: list[Kind]) -> None:
    texts = [kind.text for kind in kinds]
    if len(set(texts)) < len(texts):
        root.fault("sides", f"expected two different kinds, found {texts[0]} twice")


def _side(root: Table, table: Table, name: str, reading: Reading) -> tuple[Side, Kind | None]:
    """Read `crm = "crm.Accounts"`, or a table that says more."""
    if not isinstance(table.raw(name), dict):
        kind = reading.kind(table, name, text) if (text := table.text(name)) else None
        return _made(name, kind), kind
    inner = table.table(name)
    assert inner is not None
    kind = reading.kind(inner, "kind", text) if (text := inner.text("kind")) else None
    only = None
    part: Path = ()
    if "only" in inner:
        only = reading.condition(inner, "only", {"it": kind.shape if kind else "record"})
    if "part" in inner:
        part = _part(root, inner, name, kind, reading)
    inner.close(of="a side")
    return msgspec.structs.replace(_made(name, kind), only=only, part=part), kind


def _part(root: Table, side: Table, name: str, kind: Kind | None, reading: Reading) -> Path:
    """Read what tells records of a side apart: one of `[fields]`, which say how it is read."""
    text = side.raw("part")
    fields = root.raw("fields")
    known = fields if isinstance(fields, dict) else {}
    field = known.get(text) if isinstance(text, str) else None
    place = field.get(name) if isinstance(field, dict) else None
    if place is None:
        found = f"{shown(text)}{nearest(str(text), list(known))}"
        side.fault("part", f"expected one of [fields] that {name} has, found {found}")
        return ()
    return reading.path(side, "part", place, kind)


def _person_side(table: Table, name: str, reading: Reading) -> tuple[Side, Kind | None]:
    """Read `crm.Contacts by Account_Name`, or `books.contactpersons in contact_persons`."""
    text = table.text(name)
    said = _OF_PEOPLE.fullmatch(text)
    if said is None:
        expected = '"crm.Contacts by Account_Name" or "books.contactpersons in contact_persons"'
        if text:
            table.fault(name, f"expected {expected}, found {quoted(text)}")
        return _made(name, None), None
    kind = reading.kind(table, name, said["kind"])
    side = _made(name, kind)
    if said["how"] == "in":
        return msgspec.structs.replace(side, within=said["field"]), kind
    reading.path(table, name, said["field"], kind)
    return msgspec.structs.replace(side, by=said["field"]), kind


def _made(name: str, kind: Kind | None) -> Side:
    connection, of = (kind.connection, kind.name) if kind else ("", "")
    return Side(name=name, connection=connection, kind=of)


def _fields(root: Table, kinds: Kinds, reading: Reading) -> tuple[Field, ...]:
    tables = root.needed("fields").tables()
    return tuple(_field(inner, name, kinds, reading) for name, inner in tables)


def _judge_written(
    root: Table, fields: Sequence[Field], kinds: Kinds, new: Mapping[str, str], reading: Reading
) -> None:
    """Note each place that a field is written to, and that nobody can write."""
    tables = dict(root.needed("fields").tables())
    for field in fields:
        for side, kind in kinds.items():
            makes = any(new[other] != "ignore" for other in kinds if other != side)
            is_written = may_write(field, side) or (field.write == "on create" and makes)
            if is_written and field.name in tables:
                reading.judge_written(tables[field.name], side, field.places[side], kind)


def _field(table: Table, name: str, kinds: Kinds, reading: Reading) -> Field:
    if not NAME.fullmatch(name):
        table.fault(None, f"expected {NAME_EXPECTED}, found {quoted(name)}")
    step = step_of(table)
    write = table.choice("write", _WRITE, "always")
    places: dict[str, Path] = {}
    for side, kind in kinds.items():
        if side in table or write != "never":  # what is never written, one side alone may say
            places[side] = place_of(table, side, kind, step, reading)
    owners = (*kinds, "latest", "ask")
    field = Field(
        name=name,
        places=places,
        # Who owns what is never written makes no difference.
        owner=table.choice("owner", owners, next(iter(kinds), "") if write == "never" else None),
        step=step,
        clash=msgspec.convert(table.choice("clash", _CLASH, "owner"), Literal["owner", "ask"]),
        lone=msgspec.convert(table.choice("lone", _LONE, "carry"), Literal["carry", "put_back"]),
        empty=msgspec.convert(table.choice("empty", _EMPTY, "keep"), Literal["keep", "carry"]),
        write=msgspec.convert(write, Literal["always", "on create", "never"]),
        apart=_apart(table, write),
    )
    table.close(of="a field")
    return field


def _apart(table: Table, write: str) -> bool:
    said = table.raw("apart")
    if said is not None and not isinstance(said, bool):
        table.fault("apart", f"expected true or false, found {quoted(str(said))}")
    if said is True and write != "on create":
        table.fault("apart", f'expected write = "on create" beside it, found {quoted(write)}')
    return said is True


def _new(table: Table, kinds: Kinds) -> dict[str, str]:
    """Read what becomes of a record that matches nothing: `create in books`."""
    said = table.table("new")
    new = dict.fromkeys(kinds, "ask")
    for side in kinds if said else ():
        assert said is not None
        other = next((name for name in kinds if name != side), "")
        words = {f"create in {other}": "create", "ask": "ask", "ignore": "ignore"}
        new[side] = words.get(said.choice(side, words, "ask"), "ask")
    if said is not None:
        said.close(of="new")
    return new


def _gone(table: Table, kinds: Kinds, reading: Reading) -> dict[str, str]:
    said = table.table("gone")
    if said is None:
        return dict.fromkeys(kinds, "ask")
    gone = {side: said.choice(side, get_args(Gone), "ask") for side in kinds}
    for side in (name for name, rule in gone.items() if rule == "deactivate"):
        other = next((kind for name, kind in kinds.items() if name != side), None)
        if other is not None:
            _judge_inactive(said, side, other, reading)
    said.close(of="gone")
    return gone


def _judge_inactive(said: Table, side: str, other: Kind, reading: Reading) -> None:
    """See that what is to be made inactive, when one of a side is gone, can be."""
    known = kinds_of(reading.world.connections[other.connection].system)
    if other.name in known:
        return
    expected = one_of([word for word in get_args(Gone) if word != "deactivate"])
    can = f", only {' and '.join(known)} can" if known else ""
    found = f'"deactivate"; {other.text} cannot be made inactive{can}'
    said.fault(side, f"expected {expected}, found {found}")
