"""What deliveries are to say, worked out from what their links agree on, right before they go out.

A record is told what it does not show yet; one that is to be made, all that is agreed. What a flow
may not write now, by its mode or until a person lets it, is left out; if nothing is left, it waits.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from hub.database import statement
from hub.flows import agree, steps
from hub.flows.flow import Flow, Once, Sync
from hub.flows.judge.keys import holds
from hub.flows.judge.sync import PARENTS
from hub.flows.judge.words import other_side, side_of
from hub.flows.known import fields_of
from hub.flows.load.installed import load_installed
from hub.flows.steps.place import laid
from hub.flows.told import digest_of
from hub.outbound.owed import Content, Nothing, NotNow
from hub.outbound.seek import Tied, Wanted, seeks, ties
from hub.outbound.seen import Known, known_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from uuid import UUID

    from hub.flows.agree import Agreement
    from hub.flows.flow import Field, Path, Side
    from hub.flows.steps import Canonical
    from hub.outbound.owed import Owed

CURRENCIES = "currencies"

_read_agreement = msgspec.json.Decoder(dict[str, agree.FieldState]).decode
_read_fields = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal).decode
_read_names = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_read_told = msgspec.json.Decoder(dict[str, dict[str, Any]], float_hook=Decimal).decode
_read_answers = msgspec.json.Decoder(dict[str, list[str]]).decode


class InForce(msgspec.Struct, frozen=True, kw_only=True):
    flow: Flow
    mode: str


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What stands around the deliveries that are to be worked out."""

    flows: Mapping[str, InForce]
    links: Mapping[UUID, UUID]
    """Of each delivery, the link that its record is in."""
    agreements: Mapping[tuple[UUID, str], Agreement]
    names: Mapping[str, frozenset[str]]
    """The fields of each record that is there."""
    wholes: Mapping[str, str]
    """Of records that are parts of others: the id of the one that each is in."""
    currencies: Mapping[str, str]
    """The connection's own ids of currencies, where it has such."""
    seen: Mapping[UUID, Known] = {}
    """Of each delivery, as of when its record is known."""


class Writer:
    """Works out what is to be written to one connection."""

    def __init__(self, connection: str, *, empty: Literal[""] | None) -> None:
        self._connection = connection
        self._empty = empty
        self._flows: dict[str, Flow] = {}

    async def contents(
        self,
        db: Any,  # noqa: ANN401
        rows: Sequence[Owed],
    ) -> Mapping[UUID, Content | Nothing | NotNow]:
        around = await self._around(db, rows)
        said = {row.id: self.content(row, around) for row in rows}
        wanted = [
            one
            for row in rows
            if isinstance(said[row.id], Content) and (one := self._wanted(row, around)) is not None
        ]
        found = await seeks(db, wanted, around.currencies)
        documents = {row.id: _tied(row, around) for row in rows}
        tied = await ties(db, {id_: one for id_, one in documents.items() if one is not None})
        return {
            id_: msgspec.structs.replace(one, seek=found.get(id_), tied=tied.get(id_))
            if isinstance(one, Content)
            else one
            for id_, one in said.items()
        }

    def _wanted(self, row: Owed, around: Around) -> Wanted | None:
        """Say of what a sync is to make for whom it is made."""
        link = around.links.get(row.id)
        first = [force for name, force in around.flows.items() if name == row.flow]
        forces = [*first, *around.flows.values()] if link is not None and not row.record else []
        for force in forces:
            for flow in _syncs(force.flow):
                side = side_of(flow, self._connection, row.kind)
                if side is not None and link is not None and (link, flow.name) in around.agreements:
                    return Wanted(row=row, link=link, flow=flow, side=side)
        return None

    def content(self, row: Owed, around: Around) -> Content | Nothing | NotNow:
        parts = list(self._parts(row, around))
        if not parts:
            return Nothing(why="the record shows all of it")
        barred = {flow: why for flow, *_ in parts if (why := _barred(around, flow, row))}
        is_open = False
        fields: dict[str, Any] = {}
        agreed: dict[str, dict[str, Any]] = {}
        told: dict[str, str] = {}
        for flow, written, values, prevails in parts:
            if flow in barred:
                continue
            fields = laid(fields, written)
            is_open = is_open or prevails
            if values is None:
                told[flow] = digest_of(written)
            else:
                agreed[flow] = values
        if not fields:
            return NotNow(why="; ".join(barred.values()))
        known = around.seen.get(row.id, Known())
        return Content(fields=fields, agreed=agreed, told=told, seen=known.of(fields), open=is_open)

    def _parts(
        self, row: Owed, around: Around
    ) -> Iterator[tuple[str, dict[str, Any], dict[str, Canonical] | None, bool]]:
        """Give what each flow has to say: under the vendor's names, and as what was agreed.

        Last, whether a word of the record itself might prevail over that.
        """
        if row.fields is not None:
            yield row.flow, _read_fields(row.fields), None, False
        agreed = list(self._agreed(row, around))
        barred = {flow.name for flow, *_ in agreed if _barred(around, flow.name, row)}
        for flow, side, values in _one_word_each(agreed, barred):
            agreement = around.agreements[around.links[row.id], flow.name]
            narrowed = self._narrowed(flow, side, row, values, agreement)
            whole = self._whole(row, around)
            written = {**whole, **self._written(flow, side, row, narrowed, around)}
            yield flow.name, written, values, _prevails(flow, side, values)
        for name, fields in (_read_told(row.told) if row.told else {}).items():
            yield name, fields, None, False

    def _agreed(
        self, row: Owed, around: Around
    ) -> Iterator[tuple[Sync, Side, dict[str, Canonical]]]:
        """Give what each sync has agreed on that the record does not show yet."""
        link = around.links.get(row.id)
        for force in around.flows.values() if link is not None else ():
            for flow in _syncs(force.flow):
                side = side_of(flow, self._connection, row.kind)
                agreement = around.agreements.get((link, flow.name)) if link else None
                if side is None or agreement is None:
                    continue
                values = self._values(flow, side, row, agreement)
                if values:
                    yield flow, side, values

    def _whole(self, row: Owed, around: Around) -> dict[str, str]:
        """Name the record of which this one is a part."""
        whole = around.wholes.get(row.record)
        return {PARENTS[row.kind]: whole} if row.kind in PARENTS and whole else {}

    def _values(
        self, flow: Sync, side: Side, row: Owed, agreement: Agreement
    ) -> dict[str, Canonical]:
        if not row.record:
            values = agree.owed_at_create(flow, agreement, side.name)
            return {**values, **_telling_apart(flow, side, row.part, values)}
        subject = f"{self._connection}.{row.kind}/{row.record}"
        owed = agree.owed(flow, agreement, subject, side.name)
        if owed and row.kind in PARENTS:
            # Of a person all is said again: what is left out would be cleared.
            return {**agree.owed_at_create(flow, agreement, side.name), **owed}
        return owed

    def _narrowed(
        self,
        flow: Sync,
        side: Side,
        row: Owed,
        values: Mapping[str, Canonical],
        agreement: Agreement,
    ) -> Mapping[str, Canonical]:
        """Say of an address that is fields of their own only those that differ.

        A person may be changing another of them.
        """
        subject = f"{self._connection}.{row.kind}/{row.record}"
        told = dict(values)
        for field in flow.fields:
            word = agreement[field.name].words.get(subject) if field.name in agreement else None
            value, shown = values.get(field.name), word.value if word is not None else None
            if is_several(field.places.get(side.name, ())) and isinstance(value, dict) and isinstance(shown, dict):
                differing = {part: one for part, one in value.items() if shown.get(part) != one}
                told[field.name] = differing or value
        return told

    def _written(
        self,
        flow: Sync,
        side: Side,
        row: Owed,
        values: Mapping[str, Canonical],
        around: Around,
    ) -> dict[str, Any]:
        manner = steps.Manner(
            second=side is flow.sides[1],
            currencies=around.currencies,
            names=around.names.get(row.record, frozenset()),
            empty=self._empty,
        )
        fields: dict[str, Any] = {}
        for field in flow.fields:
            if field.name in values:
                path = field.places[side.name]
                said = steps.write(field.step, values[field.name], path, manner)
                steps.put_at(fields, path, said)
        return fields

    async def _around(self, db: Any, rows: Sequence[Owed]) -> Around:  # noqa: ANN401
        found = await db.fetch(statement("outbound/around.sql"), [row.id for row in rows])
        records = {row.id: row.record for row in rows}
        return Around(
            flows=await self._in_force(db),
            links={each["id"]: each["link"] for each in found if each["link"] is not None},
            agreements={
                (each["link"], flow): _read_agreement(fields)
                for each in found
                for flow, fields in zip(each["flows"] or (), each["agreed"] or (), strict=True)
            },
            names={
                records[each["id"]]: frozenset(_read_names(each["known"]))
                for each in found
                if each["known"] is not None
            },
            wholes=await self._wholes(db, rows),
            currencies=await self._currencies(db),
            seen={each["id"]: known_of(each) for each in found},
        )

    async def _in_force(self, db: Any) -> dict[str, InForce]:  # noqa: ANN401
        found = {}
        for row in await db.fetch(statement("outbound/flows.sql"), list(self._flows)):
            flow = self._flows.get(row["digest"])
            if flow is None:
                flow = load_installed(fields_of(row["resolved"]), _read_answers(row["answers"]))
                self._flows[row["digest"]] = flow
            found[row["flow"]] = InForce(flow=flow, mode=row["mode"])
        return found

    async def _wholes(self, db: Any, rows: Sequence[Owed]) -> dict[str, str]:  # noqa: ANN401
        parts = [row for row in rows if row.kind in PARENTS and row.record]
        if not parts:
            return {}
        names, records = [holds(row.kind) for row in parts], [row.record for row in parts]
        found = await db.fetch(statement("outbound/wholes.sql"), self._connection, names, records)
        return {row["value"]: row["record"] for row in found}

    async def _currencies(self, db: Any) -> dict[str, str]:  # noqa: ANN401
        rows = await db.fetch(statement("outbound/currencies.sql"), self._connection, CURRENCIES)
        found = ((row["record"], _read_fields(row["fields"])) for row in rows)
        return {id_: fields["currency_code"] for id_, fields in found if "currency_code" in fields}


def _prevails(flow: Sync, side: Side, values: Mapping[str, Canonical]) -> bool:
    """Tell whether this side's own word might hold against any of these, or be a part of it."""
    theirs = other_side(flow, side).name
    written = (field for field in flow.fields if field.name in values)
    return any(field.owner != theirs or isinstance(values[field.name], dict) for field in written)


def _tied(row: Owed, around: Around) -> Tied | None:
    """Say of a document that is to be made what it is made for."""
    force = around.flows.get(row.flow)
    if row.record or not row.case or force is None or not isinstance(force.flow, Once):
        return None
    return Tied(kind=force.flow.source.kind, record=row.case)


def _telling_apart(
    flow: Sync, side: Side, part: str, values: Mapping[str, Canonical]
) -> dict[str, Canonical]:
    """Give the fields by which what is to be made is another part of its link than the rest."""
    own = [one for one in flow.fields if side.part and one.places.get(side.name) == side.part]
    if not part or all(values.get(field.name) == part for field in own):
        return {}
    named = [field for field in flow.fields if field.apart and values.get(field.name)]
    return {
        **{field.name: part for field in own},
        **{field.name: _of_part(field, str(values[field.name]), part) for field in named},
    }


def _of_part(field: Field, value: str, part: str) -> str:
    """Say which part it is, within the length that the vendor takes."""
    behind = f" ({part})"
    length_max = field.step.cut
    return (value if length_max is None else value[: length_max - len(behind)].rstrip()) + behind


def _one_word_each(
    agreed: Sequence[tuple[Sync, Side, dict[str, Canonical]]], barred: AbstractSet[str]
) -> Iterator[tuple[Sync, Side, dict[str, Canonical]]]:
    """Leave each field of the record to one sync: first to one in which another side owns it.

    To the others, what that one writes is news from a side that is believed.
    """
    claims: dict[Path, str] = {}
    for flow, side, values in agreed if len(agreed) > 1 else ():
        for field in flow.fields:
            if field.name in values and flow.name not in barred:
                path = field.places[side.name]
                if path not in claims or field.owner != side.name:
                    claims[path] = flow.name
    for flow, side, values in agreed:
        places = {field.name: field.places.get(side.name, ()) for field in flow.fields}
        own = {
            name: value
            for name, value in values.items()
            if flow.name in barred or claims.get(places[name], flow.name) == flow.name
        }
        if own:
            yield flow, side, own


def _syncs(flow: Flow) -> Iterator[Sync]:
    if isinstance(flow, Sync):
        yield flow
        if flow.people is not None:
            yield flow.people


def _barred(around: Around, flow: str, row: Owed) -> str:
    """Say why a flow may not write this now; empty: it may."""
    force = around.flows.get(flow)
    mode = force.mode if force is not None else "off"
    if mode == "on" or (mode in ("hold", "shadow") and row.approved is not None):
        return ""
    if mode == "hold":
        return f"{flow} is in hold: a person is to approve it (`hub approve`)"
    return f"{flow} is {mode}"
