"""Salesforce as whoever prepares it sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from uuid import uuid4

from hub.connectors.connector import Hook, NotRead
from hub.connectors.finding import Finding, rights
from hub.connectors.outcome import Refused
from hub.connectors.salesforce import organisation
from hub.connectors.salesforce.call import Calls
from hub.connectors.salesforce.custom_field import Wanted, see_to
from hub.connectors.salesforce.kinds import MARK, ROWS_MAX, base_of, kinds_of
from hub.connectors.salesforce.own_fields import own_fields
from hub.connectors.salesforce.query import ask
from hub.connectors.salesforce.rows import Rows
from hub.connectors.salesforce.unconfirmed import FACTS
from hub.connectors.salesforce.write import find

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hub.connectors.connector import Door, Kind, Listening
    from hub.connectors.field import Field, Plain
    from hub.connectors.ground import Login, Organisation
    from hub.connectors.http import Vendor
    from hub.connectors.salesforce.kinds import SalesforceKind

_MARK = Wanted(name=MARK, label="Hub Id", is_mark=True)


class SalesforceGround:
    """One org."""

    secret = ""
    facts = FACTS
    scopes = frozenset({"api"})

    def __init__(self, client: str, *, custom: Iterable[str] = (), version: str) -> None:
        self._kinds = kinds_of(custom, version)
        self._base = base_of(self._kinds["Account"])
        self._rows = Rows(Calls(client))

    async def organisations(self, vendor: Vendor) -> list[Organisation]:
        has = await self._rows.objects.has(vendor, self._kinds["CurrencyType"])
        return await organisation.organisations(
            vendor, self._rows.calls, self._base, has_currencies=has
        )

    async def login(self, vendor: Vendor) -> Login:
        return await organisation.login(vendor, self._rows.calls, self._base)

    async def others(self, vendor: Vendor, url: str | None) -> list[Finding]:  # noqa: ARG002
        """Salesforce lists nobody who writes there besides."""
        return []

    async def permissions(self, vendor: Vendor) -> list[Finding]:
        walked = [one for one in self._kinds.values() if not one.within]
        there = [one for one in walked if await self._rows.objects.has(vendor, one)]
        refused = {one.name: why for one in there if (why := await self._refused(vendor, one))}
        found = rights([one.name for one in there], refused, _MORE)
        absent = [one.name for one in walked if one not in there]
        return [*found, *([_absent(absent)] if absent else [])]

    async def marks(self, vendor: Vendor, *, make: bool) -> list[Finding]:
        return [
            await self._mark(vendor, one, make=make)
            for one in self._kinds.values()
            if one.mark and await self._rows.objects.has(vendor, one)
        ]

    async def fields(self, vendor: Vendor, kind: Kind) -> Mapping[str, Field]:
        return await own_fields(vendor, self._rows.objects, cast("SalesforceKind", kind))

    async def field(
        self, vendor: Vendor, kind: Kind, name: str, label: str, word: Plain, *, make: bool
    ) -> Finding:
        wanted = Wanted(name=name, label=label, word=word)
        return await see_to(vendor, self._rows, cast("SalesforceKind", kind), wanted, make=make)

    async def renew(self, vendor: Vendor, door: Door) -> None:
        """Nothing is done: it sends nothing that would have to be proved."""

    async def tells(
        self,
        vendor: Vendor,  # noqa: ARG002
        door: Door,  # noqa: ARG002
        *,
        make: bool,  # noqa: ARG002
        known: Listening | None,  # noqa: ARG002
    ) -> list[Finding]:
        """It sends nothing to an address."""
        return []

    async def unheard(self, vendor: Vendor, door: Door) -> list[Finding]:  # noqa: ARG002
        return []

    def knock(self, door: Door) -> Hook:  # noqa: ARG002
        return Hook(query=(), headers={}, body=b"")

    def calls(self, kind: Kind, records: int) -> int:  # noqa: ARG002
        """One for what changed, one for what was deleted, and one for lines."""
        return 3 if cast("SalesforceKind", kind).lines else 2

    def calls_of_scan(self, kind: Kind, records: int) -> int:  # noqa: ARG002
        return records // ROWS_MAX + 1

    async def _mark(self, vendor: Vendor, kind: SalesforceKind, *, make: bool) -> Finding:
        found = await see_to(vendor, self._rows, kind, _MARK, make=make)
        if found.state not in ("well", "made"):
            return found
        try:
            await find(vendor, self._rows.calls, kind, f"probe-{uuid4()}")
        except NotRead as error:
            sentence = f"It is there, but it could not be proved. {error}"
            return Finding(about=found.about, state="needs", sentence=sentence)
        how = "Made: a" if found.state == "made" else "There is a"
        sentence = f"{how} unique External ID {MARK}, by which the hub finds its own {kind.name}."
        return Finding(about=found.about, state=found.state, sentence=sentence)

    async def _refused(self, vendor: Vendor, kind: SalesforceKind) -> str | None:
        """Ask for a single row; say why there is none to be had."""
        soql = f"SELECT Id FROM {kind.name} LIMIT 1"  # noqa: S608
        try:
            await ask(vendor, self._rows.calls, self._base, soql, share=organisation.SHARE)
        except NotRead as error:
            if isinstance(error.outcome, Refused):
                return f"{error}"
            raise
        return None


def _absent(names: list[str]) -> Finding:
    sentence = f"This org has no {', '.join(names)}, or the hub's user may not see them."
    return Finding(about="objects", state="told", sentence=sentence)


_MORE = (
    "Give the profile of the hub's user the right to it (Setup, Profiles, Object Settings), with "
    "View All, so that no record is hidden"
)
