"""The departments that the settings choose: tickets of others are nobody's.

A ticket of another department is not listed and not written to. Where a change of one is found, it
is read, and nothing is kept of it but that it is gone. So it is with one that is moved there, as if
the login had no right to that department: what the hub knew of it stays in the log, flows are told
and do what they do about a record that is gone, and moved back it is there again. Left as it was,
it would be taken for a ticket that nobody touches any more. Contacts and accounts are of no
department, and the tables of departments, teams and agents are read whole.

While a department that is named cannot be found, no ticket is read or written: one that was only
renamed would have all its tickets taken for gone.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from hub.connectors.connector import NotRead, Seen
from hub.connectors.finding import Finding
from hub.connectors.outcome import Refused, RetryAt
from hub.connectors.record import text
from hub.connectors.zoho_desk.kinds import KINDS
from hub.connectors.zoho_desk.rows import one, table
from hub.settings.faults import nearest, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hub.connectors.connector import Kind, Write
    from hub.connectors.http import Vendor
    from hub.connectors.outcome import Outcome
    from hub.connectors.zoho_desk.call import Caller
    from hub.connectors.zoho_desk.news import Place

ABOUT = "departments"
KNOWN_SECONDS = 3_600.0
"""How long a department is taken to be called what it is called."""

LOOK_AGAIN = timedelta(minutes=10)
FIELD = "departmentId"
TICKETS = KINDS["tickets"]


class _Named(msgspec.Struct):
    id: str
    name: str = ""


class _Ticket(msgspec.Struct):
    department: str | None = msgspec.field(name=FIELD, default=None)


class Departments:
    """Those of one connection; none are named: all."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names = sorted({name.casefold() for name in names})
        self._spelt = {name.casefold(): name for name in names}
        self._read_at = float("-inf")
        self._there: dict[str, _Named] = {}

    async def ids(self, vendor: Vendor, caller: Caller) -> frozenset[str]:
        """Give those that are chosen; empty: all. NotRead while one of them is not there."""
        if not self.names:
            return frozenset()
        there = await self._known(vendor, caller)
        if missing := self._missing(there):
            self._read_at = float("-inf")
            at = vendor.budget.clock.now() + LOOK_AGAIN
            raise NotRead(RetryAt(sentence=_not_there(missing, there), at=at))
        return _ids(self.names, there)

    async def turn(self, vendor: Vendor, caller: Caller, place: Place) -> None:
        """Have those read through that are chosen no more, or have been since a place was kept."""
        chosen = await self.ids(vendor, caller)
        there = await self._known(vendor, caller)
        every = frozenset(there)
        before = _ids(place.departments, there) if place.departments else every
        place.turned = sorted((before ^ (chosen or every)) | set(place.turned))
        place.departments = self.names

    async def finding(self, vendor: Vendor, caller: Caller) -> list[Finding]:
        """Say which they are, or which of them is not there."""
        if not self.names:
            return []
        there = await self._known(vendor, caller)
        if missing := self._missing(there):
            steps = ("Correct departments of this connection in hub.toml",)
            sentence = _not_there(missing, there)
            return [Finding(about=ABOUT, state="needs", sentence=sentence, steps=steps)]
        chosen = _ids(self.names, there)
        names = ", ".join(sorted(there[each].name for each in chosen))
        sentence = f"Tickets of {names} are read and written; those of others are nobody's."
        return [Finding(about=ABOUT, state="well", sentence=sentence)]

    async def bar(self, vendor: Vendor, caller: Caller, kind: Kind, what: Write) -> Outcome | None:
        """Refuse what would be written to a ticket of another department, or put one there."""
        if kind.name not in (TICKETS.name, "comments"):
            return None
        try:
            chosen = await self.ids(vendor, caller)
            into = text(what.fields.get(FIELD))
            if chosen and into and into not in chosen:
                return _barred(f"The department {into}")
            ticket = what.record if kind.name == TICKETS.name else text(what.fields.get("ticketId"))
            if not chosen or not ticket:
                return None
            there = await one(vendor, caller, TICKETS, ticket, what.share, with_tags=False)
        except NotRead as error:
            return error.outcome
        return _barred(f"The department of tickets/{ticket}") if is_other(there, chosen) else None

    async def _known(self, vendor: Vendor, caller: Caller) -> Mapping[str, _Named]:
        if time.monotonic() - self._read_at >= KNOWN_SECONDS:
            rows = await table(vendor, caller, KINDS["departments"])
            found = [msgspec.json.decode(row.data or b"{}", type=_Named) for row in rows]
            self._there = {each.id: each for each in found}
            self._read_at = time.monotonic()
        return self._there

    def _missing(self, there: Mapping[str, _Named]) -> list[str]:
        return [self._spelt[name] for name in self.names if not _ids((name,), there)]


def only(chosen: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Give what has a list hold only these; nothing where they are all."""
    ids = ",".join(sorted(chosen))
    return (("departmentIds", ids),) if ids else ()


def is_other(found: Seen, chosen: Iterable[str]) -> bool:
    """Tell whether a ticket says that it is of a department which is not chosen."""
    if not chosen or found.data is None:
        return False
    department = msgspec.json.decode(found.data, type=_Ticket).department
    return department is not None and department not in chosen


def ours(kind: Kind, found: Seen, chosen: Iterable[str]) -> Seen:
    """Give what was seen of a ticket, or that it is gone: it is of another department."""
    if kind.name == TICKETS.name and is_other(found, chosen):
        return Seen(kind=found.kind, record=found.record, data=None, at=found.at)
    return found


def _ids(names: Iterable[str], there: Mapping[str, _Named]) -> frozenset[str]:
    """Give the ids of those that are meant by a name, or by an id itself."""
    wanted = set(names)
    named = (one for one in there.values() if one.id in wanted or one.name.casefold() in wanted)
    return frozenset(one.id for one in named)


def _not_there(missing: Sequence[str], there: Mapping[str, _Named]) -> str:
    names = sorted(one.name for one in there.values())
    told = "; ".join(f"{quoted(one)}{nearest(one, names)}" for one in missing)
    return (
        f"Desk has no department {told} (there are: {', '.join(names) or 'none'}). Until that is "
        "put right no ticket is read or written."
    )


def _barred(which: str) -> Refused:
    return Refused(
        sentence=f"{which} is none of those that the settings choose (departments): nothing is "
        "written there.",
        because="data",
        reason="departments",
    )
