"""What deliveries are to say, worked out from what their links agree on, right before they go out.

A record is told what it does not show yet; one that is to be made, all that is agreed. What a flow
may not write now, by its mode or until a person lets it, is left out; if nothing is left, it waits.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from hub.conclusions import THE_HUB
from hub.flows.flow import Once
from hub.flows.judge.words import side_of
from hub.flows.steps.place import laid
from hub.flows.told import digest_of
from hub.outbound.around import Surroundings, syncs
from hub.outbound.owed import Content, Nothing, NotNow
from hub.outbound.seek import Tied, Wanted, seeks, ties
from hub.outbound.seen import Known
from hub.outbound.synced import narrowed, one_word_each, words_to, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from hub.database.db import Db
    from hub.outbound.around import Around
    from hub.outbound.owed import Owed
    from hub.outbound.synced import Word

_read_fields = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal).decode
_read_told = msgspec.json.Decoder(dict[str, dict[str, Any]], float_hook=Decimal).decode


class Writer:
    """Works out what is to be written to one connection."""

    def __init__(self, connection: str, *, empty: Literal[""] | None) -> None:
        self._connection = connection
        self._empty = empty
        self._surroundings = Surroundings(connection)

    async def contents(
        self, db: Db, rows: Sequence[Owed]
    ) -> Mapping[UUID, Content | Nothing | NotNow]:
        around = await self._surroundings.of(db, rows)
        said = {row.id: self.content(row, around) for row in rows}
        wanted = [
            one
            for row in rows
            if isinstance(what := said[row.id], Content)
            and (one := self._wanted(row, what, around)) is not None
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

    def _wanted(self, row: Owed, said: Content, around: Around) -> Wanted | None:
        """Say of what a sync is to make for whom it is made."""
        link = around.links.get(row.id)
        first = [force for name, force in around.flows.items() if name == row.flow]
        forces = [*first, *around.flows.values()] if link is not None and not row.record else []
        for force in forces:
            for flow in syncs(force.flow):
                side = side_of(flow, self._connection, row.kind)
                if side is not None and link is not None and (link, flow.name) in around.agreements:
                    return Wanted(row=row, link=link, flow=flow, side=side, fields=said.fields)
        return None

    def content(self, row: Owed, around: Around) -> Content | Nothing | NotNow:
        owing = _barred(around, row.flow, row) if not row.record else ""
        if owing:
            return NotNow(why=owing)  # others may have words for it too, but not without its own
        parts = list(self._parts(row, around))
        if not parts:
            return Nothing(why="the record shows all of it")
        barred = {flow: why for flow, *_ in parts if (why := _barred(around, flow, row))}
        is_open = False
        fields: dict[str, Any] = {}
        agreed: dict[str, Mapping[str, Any]] = {}
        told: dict[str, str] = {}
        alone: dict[str, dict[str, list[str]]] = {}
        for flow, said, word in parts:
            if flow in barred:
                continue
            fields = laid(fields, said)
            if word is None:
                told[flow] = digest_of(said)
                continue
            is_open = is_open or word.is_open
            agreed[flow] = word.values
            if only := narrowed(word, row, self._connection):
                alone[flow] = {field: list(parts) for field, parts in only.items()}
        if not fields:
            return NotNow(why="; ".join(barred.values()))
        known = around.seen.get(row.id, Known())
        return Content(
            fields=fields, agreed=agreed, told=told, narrowed=alone, seen=known.of(fields),
            open=is_open,
        )  # fmt: skip

    def _parts(
        self, row: Owed, around: Around
    ) -> Iterator[tuple[str, dict[str, Any], Word | None]]:
        """Give what each flow has to say, under the vendor's names; and as what was agreed."""
        if row.fields is not None:
            yield row.flow, _read_fields(row.fields), None
        words = list(words_to(row, around, self._connection))
        barred = {word.flow.name for word in words if _barred(around, word.flow.name, row)}
        for word in one_word_each(words, barred, first=row.flow if not row.record else ""):
            fields = written(word, row, around, self._connection, empty=self._empty)
            yield word.flow.name, fields, word
        for name, fields in (_read_told(row.told) if row.told else {}).items():
            yield name, fields, None


def _tied(row: Owed, around: Around) -> Tied | None:
    """Say of a document that is to be made what it is made for."""
    force = around.flows.get(row.flow)
    if row.record or not row.case or force is None or not isinstance(force.flow, Once):
        return None
    connection, kind, record = force.flow.source.key(row.case)
    return Tied(connection=connection, kind=kind, record=record)


def _barred(around: Around, flow: str, row: Owed) -> str:
    """Say why a flow may not write this now; empty: it may."""
    if flow == THE_HUB:
        return ""
    force = around.flows.get(flow)
    mode = force.mode if force is not None else "off"
    if mode == "on" or (mode in ("hold", "shadow") and row.approved is not None):
        return ""
    if mode == "hold":
        return f"{flow} is in hold: a person is to approve it (`hub approve`)"
    return f"{flow} is {mode}"
