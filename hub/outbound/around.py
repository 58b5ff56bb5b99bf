"""What stands around deliveries that are to be worked out: flows, links, what these agree on."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from hub.database import statement
from hub.flows import agree
from hub.flows.books import CURRENCIES, PARENTS
from hub.flows.flow import Flow, Sync
from hub.flows.judge.keys import holds
from hub.flows.known import fields_of
from hub.flows.load.installed import load_installed
from hub.outbound.seen import Known, known_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from hub.database.db import Db
    from hub.flows.agree import Agreement
    from hub.outbound.owed import Owed

_read_agreement = msgspec.json.Decoder(dict[str, agree.FieldState]).decode
_read_fields = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal).decode
_read_names = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
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
    beside: frozenset[UUID] = frozenset()
    """Deliveries that are to make a further record beside one of their kind in their link."""
    seen: Mapping[UUID, Known] = {}
    """Of each delivery, as of when its record is known."""


class Surroundings:
    """Reads what stands around the deliveries to one connection; flows are read once."""

    def __init__(self, connection: str) -> None:
        self._connection = connection
        self._flows: dict[str, Flow] = {}

    async def of(self, db: Db, rows: Sequence[Owed]) -> Around:
        ids = [row.id for row in rows]
        found = await db.fetch(statement("outbound/around.sql"), ids, self._connection, CURRENCIES)
        records = {row.id: row.record for row in rows}
        return Around(
            flows=await self._in_force(db, found[0]) if found else {},
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
            currencies=await self._currencies(db) if found and found[0]["has_currencies"] else {},
            beside=frozenset(each["id"] for each in found if each["beside"]),
            seen={each["id"]: known_of(each) for each in found},
        )

    async def _in_force(self, db: Db, found: Any) -> dict[str, InForce]:
        names, digests, modes = found["names"] or (), found["digests"] or (), found["modes"] or ()
        if unread := [digest for digest in digests if digest not in self._flows]:
            for row in await db.fetch(statement("outbound/flows.sql"), unread):
                flow = load_installed(fields_of(row["resolved"]), _read_answers(row["answers"]))
                self._flows[row["digest"]] = flow
        # One that was replaced in this moment is left out: what it says waits until the next look.
        return {
            name: InForce(flow=self._flows[digest], mode=mode)
            for name, digest, mode in zip(names, digests, modes, strict=True)
            if digest in self._flows
        }

    async def _wholes(self, db: Db, rows: Sequence[Owed]) -> dict[str, str]:
        parts = [row for row in rows if row.kind in PARENTS and row.record]
        if not parts:
            return {}
        names, records = [holds(row.kind) for row in parts], [row.record for row in parts]
        found = await db.fetch(statement("outbound/wholes.sql"), self._connection, names, records)
        return {row["value"]: row["record"] for row in found}

    async def _currencies(self, db: Db) -> dict[str, str]:
        rows = await db.fetch(statement("outbound/currencies.sql"), self._connection, CURRENCIES)
        found = ((row["record"], _read_fields(row["fields"])) for row in rows)
        return {id_: fields["currency_code"] for id_, fields in found if "currency_code" in fields}


def syncs(flow: Flow) -> Iterator[Sync]:
    """Give the sync that a flow is, and that of its people."""
    if isinstance(flow, Sync):
        yield flow
        if flow.people is not None:
            yield flow.people
