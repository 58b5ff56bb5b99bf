"""Onces: `[when]` something becomes true, `[make]` one thing, and `[tell]` of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from hub.flows.flow import MESSAGES, Check, LinesNeed, Make, Once, Source, Tell
from hub.flows.load.ask import answers_of, shapes_of
from hub.flows.load.guard import guard_of, seconds_of
from hub.flows.load.needs import OF_A_LINE, Needs
from hub.flows.load.reading import KIND, NAME, NAME_EXPECTED, TAKEN, Names, held
from hub.flows.load.stories import examples_of
from hub.flows.load.table import one_too_many
from hub.flows.load.value import Values
from hub.settings.faults import nearest, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hub.flows.expression import Shape
    from hub.flows.flow import Need, Value
    from hub.flows.load.reading import Reading
    from hub.flows.load.table import Table
    from hub.flows.load.world import Kind

OF_MAKING: Names = {"today": "date", "date": "date", "taxes": "list"}
"""At hand while a document is made: the day it is, the document's own date, and the taxes there."""

_OFF_BY = ("0", "1 minor unit per line")
_NOWHERE = Make(connection="", kind="", fields={})


def once_of(
    root: Table,
    name: str,
    id: str,  # noqa: A002
    answers: Mapping[str, object],
    reading: Reading,
) -> Once:
    """Read a once; what cannot be taken is among the faults."""
    ask = answers_of(root, name, answers, reading)
    when = root.needed("when")
    source, kind = source_of(when, ("becomes", "stays"), reading)
    names: Names = {"ask": shapes_of(ask)}
    if source.name:
        names = {source.name: kind.shape if kind else "record", **names}
    becomes = reading.condition(when, "becomes", names)
    stays = seconds_of(when, "stays")
    when.close()
    needs = Needs(names, kind, ask, reading).of(root)
    at_hand: Names = {**names, **OF_MAKING}
    made, made_kind = _make(root, at_hand, needs, reading)
    for key in ("agree", "tell"):
        if key in root and made.kind == MESSAGES:
            root.fault(key, "expected none, for nothing of a message is read; found it")
    return Once(
        name=name,
        id=id,
        about=root.text("about"),
        ask=ask,
        source=source,
        becomes=becomes,  # type: ignore[arg-type] # None only where a fault is noted
        stays_seconds=stays,
        needs=needs,
        make=made,
        agree=_checks(root, at_hand, made_kind, reading),
        tell=told(root, "tell", {**at_hand, "made": _shape(made_kind)}, reading),
        guard=guard_of(root),
        examples=examples_of(root),
    )


def source_of(table: Table, others: Sequence[str], reading: Reading) -> tuple[Source, Kind | None]:
    """Read `deal = "crm.Deals"`: the one key that is none of the others."""
    names = [key for key in table.keys() if key not in others]  # noqa: SIM118 - no dict
    plain = [name for name in names if KIND.fullmatch(str(table.raw(name)))]
    if len(plain) != 1:
        near = next((nearest(name, others) for name in names if nearest(name, others)), "")
        found = " and ".join(names) or "nothing"
        table.fault(
            None, f'expected one record to watch, as deal = "crm.Deals", found {found}{near}'
        )
        return Source(name="", connection="", kind=""), None
    name = plain[0]
    if not NAME.fullmatch(name) or name in TAKEN:
        expected = f"{NAME_EXPECTED}, other than {', '.join(sorted(TAKEN))}"
        table.fault(name, f"expected {expected}, found {quoted(name)}")
    kind = reading.kind(table, name, table.text(name))
    connection, of = (kind.connection, kind.name) if kind else ("", "")
    return Source(name=name, connection=connection, kind=of), kind


def _make(
    root: Table, names: Names, needs: Sequence[Need], reading: Reading
) -> tuple[Make, Kind | None]:
    tables = list(root.needed("make").tables())
    if len(tables) > 1:
        found = one_too_many([name for name, _ in tables])
        root.fault("make", f'expected one thing, as [make."books.invoices"], found {found}')
    if not tables:
        return _NOWHERE, None
    spelled, inner = tables[0]
    kind = reading.kind(inner, None, spelled)
    each = _each(inner, names, needs, reading)
    values = Values(reading, names, making=True)
    fields = written(inner, [key for key in inner.keys() if key != "each"], values, kind, reading)  # noqa: SIM118
    inner.close()
    connection, of = (kind.connection, kind.name) if kind else ("", "")
    return Make(connection=connection, kind=of, fields=fields, each=each), kind


def _each(
    table: Table, names: Names, needs: Sequence[Need], reading: Reading
) -> dict[str, dict[str, Value]]:
    """Read `each.line_items`: what every entry of a list says, one to each line."""
    each = table.table("each")
    lines = [need for need in needs if isinstance(need, LinesNeed)]
    if each is None:
        return {}
    if len(lines) != 1:
        table.fault("each", f"expected one need that has first_of, found {len(lines)}")
    words = {word for need in lines for place in need.first_of for word in place.fields}
    line: dict[str, Shape] = {**dict.fromkeys(words, "any"), **OF_A_LINE}
    values = Values(reading, {**names, "line": line}, making=True)
    return {
        # What is called in an entry as it is in a line is of that kind, too.
        name: {key: values.read(inner, key, OF_A_LINE.get(key, "any")) for key in inner.keys()}  # noqa: SIM118
        for name, inner in each.tables()
    }


def written(
    table: Table, keys: Sequence[str], values: Values, kind: Kind | None, reading: Reading
) -> dict[str, Value]:
    """Read what is to stand in fields of a record."""
    fields = {}
    for key in keys:
        path = reading.target(table, key, key, kind)
        reading.judge_written(table, key, path, kind)
        fields[key] = values.read(table, key, held(path, kind.shape) if kind and path else "any")
    return fields


def _checks(root: Table, names: Names, kind: Kind | None, reading: Reading) -> tuple[Check, ...]:
    table = root.table("agree")
    return tuple(
        _check(inner, name, names, kind, reading)
        for name, inner in (table.tables() if table else ())
    )


def _check(table: Table, name: str, names: Names, kind: Kind | None, reading: Reading) -> Check:
    said = Values(reading, names).read(table, "said")
    made = table.text("made")
    if made:
        reading.path(table, "made", made, kind)
    off_by = table.choice("off_by", _OFF_BY, "0")
    table.close(of="a check")
    return Check(
        name=name,
        said=said,
        made=made,
        off_by=msgspec.convert(off_by, Literal["0", "1 minor unit per line"]),
    )


def told(root: Table, key: str, names: Names, reading: Reading) -> tuple[Tell, ...]:
    """Read what is written on records that are there: `[tell."crm.Deals"]`."""
    table = root.table(key)
    return tuple(
        _tell(inner, spelled, names, reading)
        for spelled, inner in (table.tables() if table else ())
    )


def _tell(table: Table, spelled: str, names: Names, reading: Reading) -> Tell:
    kind = reading.kind(table, None, spelled)
    if kind is not None and kind.name == MESSAGES:
        table.fault(
            None, "expected a record that is there; a message is made, by a flow of its own"
        )
    values = Values(reading, names)
    to = values.read(table, "to", "id")
    keys = [one for one in table.keys() if one != "to"]  # noqa: SIM118 - no dict
    if not keys:
        table.fault(None, f"expected fields of {spelled} to write, found none")
    fields = written(table, keys, values, kind, reading)
    connection, of = (kind.connection, kind.name) if kind else ("", "")
    return Tell(connection=connection, kind=of, to=to, fields=fields)


def _shape(kind: Kind | None) -> Shape:
    return kind.shape if kind else "record"
