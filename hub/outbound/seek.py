"""Who may be the same as what a sync is to make: what to look for at the vendor, right before.

It is looked for by the flow's own keys, with the words of the records that it is made for. Those
of whom a person has said that they are others are passed over.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID  # noqa: TC003 - msgspec reads the annotations

import msgspec

from hub.database import statement
from hub.flows import steps
from hub.flows.books import PARENTS
from hub.flows.flow import Side, Sync  # noqa: TC001 - msgspec reads the annotations
from hub.flows.judge.ask import item_of
from hub.flows.judge.choice import linked_in
from hub.flows.judge.reasons import ALIKE, CREATE, PROPOSAL
from hub.flows.judge.words import other_side, side_of
from hub.flows.known import created_at, fields_of, key_of
from hub.flows.match import Card, card

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hub.database.db import Db
    from hub.flows.flow import Key
    from hub.outbound.owed import Owed


class Seek(msgspec.Struct, frozen=True, kw_only=True):
    """Who is looked for."""

    link: UUID
    flow: Sync
    side: Side
    manner: steps.Manner
    """How the side says things on which it is to be made."""
    cards: list[Card]
    """What those are recognised by for whom it is made."""
    searches: list[dict[str, str]]
    """Each finds all that say this."""
    others: frozenset[str] = frozenset()
    """Those who are not the same: a person said so."""


class Tied(msgspec.Struct, frozen=True, kw_only=True):
    """The record for which a document is made."""

    connection: str
    kind: str
    record: str
    made: datetime | None = None
    """When that record was made, where it is known to say so."""
    others: frozenset[str] = frozenset()
    """Documents that name it and that a person has passed over."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A record that a sync is to make."""

    row: Owed
    link: UUID
    flow: Sync
    side: Side
    fields: Mapping[str, Any]
    """What it is to say."""


async def ties(db: Db, wanted: Mapping[UUID, Tied]) -> dict[UUID, Tied]:
    """Say of each which documents a person has passed over, and when its record was made."""
    if not wanted:
        return {}
    rows = await db.fetch(statement("outbound/said.sql"), list(wanted))
    passed = {row["item"]: _passed_over(row) for row in rows}
    keys = [(one.connection, one.kind, one.record) for one in wanted.values()]
    found = await db.fetch(statement("outbound/named_for.sql"), *map(list, zip(*keys, strict=True)))
    made = {tuple(key): made_at(fields) for *key, fields in found}
    return {
        id_: msgspec.structs.replace(one, others=passed.get(id_, frozenset()), made=made.get(key))
        for (id_, one), key in zip(wanted.items(), keys, strict=True)
    }


def made_at(fields: bytes) -> datetime | None:
    """Read when a record was made; None where that is no moment."""
    try:
        made = created_at(fields_of(fields))
    except ValueError:
        return None
    return made if made is not None and made.tzinfo is not None else None


async def seeks(
    db: Db, wanted: Sequence[Wanted], currencies: Mapping[str, str]
) -> dict[UUID, Seek]:
    """Say of each who is to be looked for, by its delivery."""
    if not wanted:
        return {}
    links = [one.link for one in wanted]
    members = await db.fetch(statement("outbound/members.sql"), links)
    items = {item: one.row.id for one in wanted for item in _items(one, members)}
    others: dict[UUID, set[str]] = {}
    for row in await db.fetch(statement("outbound/said.sql"), list(items)):
        others.setdefault(items[row["item"]], set()).update(_passed_over(row))
    return {
        one.row.id: _seek(one, list(_said(one, members)), currencies, others.get(one.row.id, ()))
        for one in wanted
    }


def _passed_over(row: Any) -> frozenset[str]:
    """Give those of whom a person has said that another is to be made."""
    data, choices = fields_of(row["data"]), msgspec.json.decode(row["choices"], type=list[str])
    if data.get("choice") != CREATE:
        return frozenset()
    named = {key_of(one)[2] for one in linked_in(choices)}
    return frozenset({*named, *data.get(ALIKE, ())})


class _Spoken(NamedTuple):
    """What is known of somebody, in the words of a side.

    Those for whom it is made say it themselves, where they are records; who is only a part of one,
    as a person within a customer, says what is to be made.
    """

    side: Side
    fields: Mapping[str, Any]
    manner: steps.Manner


def _seek(
    one: Wanted,
    said: list[dict[str, Any]],
    currencies: Mapping[str, str],
    others: Iterable[str],
) -> Seek:
    theirs = other_side(one.flow, one.side)
    manner = steps.Manner(second=one.side is one.flow.sides[1], currencies=currencies)
    spoken = [_Spoken(theirs, fields, _manner(one.flow, theirs)) for fields in said]
    spoken = spoken or [_Spoken(one.side, one.fields, manner)]
    within = _within(one)
    searches: list[dict[str, str]] = []
    for each in spoken:
        for key in (*one.flow.match.sure, *one.flow.match.maybe):
            search = _search(one, key, each, manner)
            if search and {**search, **within} not in searches:
                searches.append({**search, **within})
    return Seek(
        link=one.link,
        flow=one.flow,
        side=one.side,
        manner=manner,
        cards=[card(one.flow, each.side.name, each.fields, each.manner) for each in spoken],
        searches=searches,
        others=frozenset(others),
    )


def _search(one: Wanted, key: Key, spoken: _Spoken, manner: steps.Manner) -> dict[str, str]:
    """Give the first part of a key as a search; what is found is then compared in all of it."""
    for part in key.parts:
        path = part.places.get(one.side.name, ())
        if len(path) != 1 or path[0].endswith("*") or spoken.side.name not in part.places:
            continue
        raw = steps.value_at(spoken.fields, part.places[spoken.side.name])
        if raw is steps.ABSENT or isinstance(raw, list):
            continue
        try:
            said = steps.write(part.step, steps.read(part.step, raw, spoken.manner), path, manner)
        except steps.NotUnderstood:
            continue
        if isinstance(said, str) and said.strip():
            return {path[0]: said}
    return {}


def _manner(flow: Sync, side: Side) -> steps.Manner:
    return steps.Manner(second=side is flow.sides[1])


def _said(one: Wanted, members: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """Give what the records say for which it is made."""
    theirs = other_side(one.flow, one.side)
    for row in members:
        place = (row["link"], row["connection"], row["kind"])
        if place == (one.link, theirs.connection, theirs.kind):
            yield fields_of(row["fields"])


def _items(one: Wanted, members: Sequence[Any]) -> Iterator[UUID]:
    """Name the questions by which a person may have said who is another."""
    yield one.row.id
    for row in members:
        if row["link"] == one.link and side_of(one.flow, row["connection"], row["kind"]):
            subject = f"{row['connection']}.{row['kind']}/{row['record']}"
            yield item_of(one.flow, PROPOSAL, subject)


def _within(one: Wanted) -> dict[str, str]:
    """Look for a person among those of the company alone that it is to name."""
    said = {} if one.row.fields is None else fields_of(one.row.fields)
    if one.side.kind in PARENTS:
        whole = PARENTS[one.side.kind]
        return {whole: said[whole]} if whole in said else {}
    if not one.side.by:
        return {}
    named = said.get(one.side.by)
    return {f"{one.side.by}.id": str(named["id"])} if isinstance(named, dict) else {}
