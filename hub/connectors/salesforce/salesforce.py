"""Salesforce as the stations see it: all is read once, then what changed and what went."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.connectors.budget import Window
from hub.connectors.connector import NotBelieved, NotRead, Page, Written
from hub.connectors.pubsub import stream
from hub.connectors.record import says
from hub.connectors.salesforce import news, query
from hub.connectors.salesforce.call import Calls
from hub.connectors.salesforce.changes import STREAMS_MAX, changes, streaming, topic_of
from hub.connectors.salesforce.judge import judge
from hub.connectors.salesforce.kinds import FOUND_MAX, PLANS, VERSION, SalesforceKind, kinds_of
from hub.connectors.salesforce.places import by_code, speaks_of_places
from hub.connectors.salesforce.rows import Rows
from hub.connectors.salesforce.write import find, write

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
    from datetime import datetime

    from hub.connectors.budget import AtOnce, Share
    from hub.connectors.connector import (
        Door,
        Hook,
        Kind,
        Listening,
        Seen,
        Told,
        Write,
    )
    from hub.connectors.http import Vendor, Verdict
    from hub.connectors.outcome import Answer
    from hub.connectors.pubsub.stream import Topics
    from hub.settings import Secret


class _Organization(msgspec.Struct):
    zone: str = msgspec.field(name="TimeZoneSidKey")


class Salesforce:
    """One org. `client` is what the hub is called there; `custom` are objects of the org's own."""

    scheme = "Bearer"
    streams_max = STREAMS_MAX
    at_once: tuple[AtOnce, ...] = ()

    def __init__(
        self,
        client: str,
        *,
        plan: str = "free",
        custom: Iterable[str] = (),
        version: str = VERSION,
        topics: Topics | None = None,
        streamed: Sequence[str] | None = (),
    ) -> None:
        self.kinds: Mapping[str, Kind] = streaming(kinds_of(custom, version), streamed or ())
        self.topics = topics
        self.silence_seconds_max = topics.silence_seconds_max if topics else 0.0
        self.streamed = streamed
        self.windows = (Window(name="day", most=PLANS.get(plan, PLANS["free"])),)
        self.calls = Calls(client)
        self._rows = Rows(self.calls)

    def judge(self, answer: Answer) -> Verdict:
        return judge(answer)

    def start(self, now: datetime) -> str:
        return news.start(now)

    async def first(self, vendor: Vendor, kind: Kind, cursor: str) -> Page:
        """Read all there is by the ids: what comes in meanwhile is news, or at the end."""
        mine = _mine(kind)
        if not await self._rows.objects.has(vendor, mine):
            return Page(seen=[], cursor="", done=True)
        where = f" WHERE Id > {query.quoted(cursor)}" if cursor else ""
        found, more = await self._rows.where(vendor, mine, where, share="backfill")
        return Page(seen=found, cursor=found[-1].record if found else cursor, done=not more)

    async def news(self, vendor: Vendor, kind: Kind, cursor: str) -> Page:
        mine = _mine(kind)
        if not await self._rows.objects.has(vendor, mine):
            return Page(seen=[], cursor=cursor, done=True)
        return await news.news(vendor, self._rows, mine, news.place_in(cursor))

    async def fetch(
        self, vendor: Vendor, kind: Kind, records: Sequence[str], share: Share = "contacts"
    ) -> list[Seen]:
        return await self._rows.fetch(vendor, _mine(kind), records, share)

    async def zone(self, vendor: Vendor) -> str:
        base = next(iter(self.kinds.values())).path.partition("/sobjects/")[0]
        soql = "SELECT TimeZoneSidKey FROM Organization"
        page = await query.ask(vendor, self.calls, base, soql)
        return msgspec.json.decode(page.records[0], type=_Organization).zone

    async def write(self, vendor: Vendor, kind: Kind, writes: Sequence[Write]) -> list[Written]:
        mine = _mine(kind)
        try:
            writes = await self._placed(vendor, mine, writes)
        except NotRead as error:
            return [Written(outcome=error.outcome, record=one.record) for one in writes]
        return await write(vendor, self.calls, mine, writes)

    async def find(self, vendor: Vendor, kind: Kind, mark: str) -> str | None:
        return await find(vendor, self.calls, _mine(kind), mark)

    async def search(
        self, vendor: Vendor, kind: Kind, fields: Mapping[str, str], share: Share = "contacts"
    ) -> list[Seen]:
        """Ask by a query, which knows what was written a moment ago; the search index lags."""
        kind.check_search(fields)
        mine = _mine(kind)
        where = query.says(await self._rows.objects.fields(vendor, mine), fields)
        found, _ = await self._rows.where(
            vendor, mine, f" WHERE {where}", limit=FOUND_MAX, share=share
        )
        return [one for one in found if one.data is not None and says(one.data, fields)]

    async def listen(
        self,
        vendor: Vendor,  # noqa: ARG002
        door: Door,  # noqa: ARG002
        cursor: str,  # noqa: ARG002
        now: datetime,  # noqa: ARG002
    ) -> Listening | None:
        """It sends nothing to an address: what changed is asked for."""
        return None

    def begin(self, now: datetime) -> str:
        return stream.begin(now)

    def stream(self, vendor: Vendor, kind: Kind, cursor: str) -> AsyncGenerator[Told, None]:
        return changes(self._topics, vendor, _mine(kind), cursor)

    def earliest(self, cursor: str) -> str:
        return stream.earliest(cursor)

    async def why_deaf(self, vendor: Vendor, kind: Kind) -> str:
        return await self._topics.why_deaf(vendor, topic_of(kind.name))

    @property
    def _topics(self) -> Topics:
        assert self.topics is not None, "only an org that streams is listened to"
        return self.topics

    def hear(self, hook: Hook, secrets: Mapping[str, Secret]) -> Sequence[Seen]:  # noqa: ARG002
        raise NotBelieved("Salesforce sends nothing to this address: nothing there is believed.")

    async def _placed(
        self, vendor: Vendor, kind: SalesforceKind, writes: Sequence[Write]
    ) -> Sequence[Write]:
        """Have countries and states said by their codes, where this org has lists of them."""
        if not any(speaks_of_places(one.fields) for one in writes):
            return writes
        described = await self._rows.objects.fields(vendor, kind)
        return [
            msgspec.structs.replace(one, fields=by_code(described, one.fields)) for one in writes
        ]


def _mine(kind: Kind) -> SalesforceKind:
    assert isinstance(kind, SalesforceKind), "a kind of this connector is asked for"
    return kind
