"""Zoho Desk as the stations see it: lists and searches, single records, and one webhook for all."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from hub.connectors.budget import AtOnce, Window
from hub.connectors.connector import Listening, NotBelieved, NotRead, Page, Written
from hub.connectors.outcome import Refused
from hub.connectors.record import read
from hub.connectors.zoho import SCHEME
from hub.connectors.zoho_desk import comments, news, rows
from hub.connectors.zoho_desk.call import Caller, at
from hub.connectors.zoho_desk.departments import Departments, only, ours
from hub.connectors.zoho_desk.history import HISTORY, history
from hub.connectors.zoho_desk.hook import HEADER, is_a_ping, key_name, notices, proved
from hub.connectors.zoho_desk.judge import judge
from hub.connectors.zoho_desk.keys import Keys
from hub.connectors.zoho_desk.kinds import KINDS, LISTENS, PLANS, ROWS_MAX, TABLES
from hub.connectors.zoho_desk.organisation import statuses, zone
from hub.connectors.zoho_desk.replays import Replays, delivery_of
from hub.connectors.zoho_desk.search import bearer, search
from hub.connectors.zoho_desk.subscription import PATH, Webhook, subscribed
from hub.connectors.zoho_desk.tagged import with_tagged
from hub.connectors.zoho_desk.write import write

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

    from hub.connectors.budget import Share
    from hub.connectors.connector import Door, Hook, Kind, Notice, Seen, Write
    from hub.connectors.http import Vendor, Verdict
    from hub.connectors.outcome import Answer
    from hub.settings import Secret

STATUSES_SECONDS = 3_600.0
"""How long the words for a status are taken to stay what they are."""

ASK_AGAIN_SECONDS = 60.0
"""How soon it is asked again whose webhook it is that signs and is not known to be ours."""


class ZohoDesk:
    """One portal."""

    scheme = SCHEME

    def __init__(
        self,
        organization: str,
        plan: str = "free",
        *,
        base_url: str = "https://desk.zoho.com",
        source: str = "",
        open_seconds: float = 300.0,
        tags: Collection[str] = (),
        history_rows: int = 0,
        departments: Collection[str] = (),
    ) -> None:
        per_day, together = PLANS.get(plan, PLANS["free"])
        self.kinds: Mapping[str, Kind] = KINDS
        self.windows = (Window(name="day", most=per_day),)
        self.at_once = (AtOnce(name="calls", most=together),)
        self._organization = organization
        self._caller = Caller(organization=organization, source=source)
        self._open_seconds = open_seconds
        self._tags = tags
        self._history_rows = history_rows
        self._departments = Departments(departments)
        self._keys = Keys(base_url)
        self._webhooks: set[str] = set()
        self._replays = Replays()
        self._asked: dict[str, float] = {}
        self._statuses: tuple[float, list[str]] = (float("-inf"), [])

    def judge(self, answer: Answer) -> Verdict:
        return judge(answer)

    def start(self, now: datetime) -> str:
        return news.written(news.Place(since=now, departments=self._departments.names))

    async def first(self, vendor: Vendor, kind: Kind, cursor: str) -> Page:
        """Read the rows of a list, the oldest first; a row is all that is read at first sight."""
        if kind.name in TABLES:
            return await self._table(vendor, kind)
        place = news.read_place(cursor)
        chosen = await self._chosen(vendor, kind)
        oldest = (("sortBy", "createdTime"), *only(chosen))
        found = await rows.listed(vendor, self._caller, kind, place.rows, oldest, share="backfill")
        new = [row for row in found if row.record != place.last]
        place.rows += len(found)
        place.last = found[-1].record if found else ""
        return Page(seen=new, cursor=news.written(place), done=len(found) < ROWS_MAX)

    async def news(self, vendor: Vendor, kind: Kind, cursor: str) -> Page:
        if kind.name in TABLES:
            return await self._table(vendor, kind)
        place = news.read_place(cursor)
        if kind.name != "tickets":
            return await news.newest_first(vendor, self._caller, kind, place)
        chosen = await self._chosen(vendor, kind)
        if place.open_rows is not None:
            waiting = await self._waiting(vendor)
            page = await news.still_open(vendor, self._caller, kind, place, waiting, chosen)
            if not page.done or not self._tags:
                return page
            return await with_tagged(vendor, self._caller, page, self._tags, chosen)
        if place.departments != self._departments.names and not place.rows:
            await self._departments.turn(vendor, self._caller, place)
        if place.turned:
            return await news.turned(vendor, self._caller, kind, place, chosen)
        seconds = self._open_seconds
        return await news.searched(vendor, self._caller, kind, place, open_seconds=seconds)

    async def fetch(
        self, vendor: Vendor, kind: Kind, records: Sequence[str], share: Share = "contacts"
    ) -> list[Seen]:
        if kind == comments.KIND:
            raise NotRead(comments.READ_WITHIN)
        return [await self._one(vendor, kind, record, share) for record in records]

    async def zone(self, vendor: Vendor) -> str:
        return await zone(vendor, self._caller)

    async def write(self, vendor: Vendor, kind: Kind, writes: Sequence[Write]) -> list[Written]:
        return [await self._write(vendor, kind, one) for one in writes]

    async def find(self, vendor: Vendor, kind: Kind, mark: str) -> str | None:
        there = await bearer(vendor, self._caller, kind, mark)
        return None if there is None else there.record

    async def search(
        self, vendor: Vendor, kind: Kind, fields: Mapping[str, str], share: Share = "contacts"
    ) -> list[Seen]:
        kind.check_search(fields)
        if kind == comments.KIND:
            return await comments.find(vendor, self._caller, fields, share)
        found = await search(vendor, self._caller, kind, fields, share)
        chosen = await self._chosen(vendor, kind)
        return [one for one in found if ours(kind, one, chosen).data is not None]

    async def listen(self, vendor: Vendor, door: Door, cursor: str, now: datetime) -> Listening:  # noqa: ARG002
        """See that there is a webhook and that it tells all; it is looked after again later."""
        chosen = await self._departments.ids(vendor, self._caller)
        webhook, _ = await subscribed(vendor, self._caller, door.url, chosen)
        self._webhooks.add(webhook.id)
        return Listening(cursor=webhook.id, until=now + LISTENS)

    async def learn(
        self, vendor: Vendor, door: Callable[[], Awaitable[Door | None]], hook: Hook
    ) -> None:
        """Read what a hook is to be proved by: a key of Desk's, and whose webhook it is sent for.

        Whose it is, is asked only of what Desk has signed: nobody else can make the hub call.
        """
        name = key_name(hook)
        if name is None:
            return
        await self._keys.learn(name)
        try:
            claims = proved(hook, self._keys)
        except NotBelieved:
            return
        if claims.issuer == self._issuer and self._may_ask(claims.webhook):
            await self._learn_webhook(vendor, await door(), claims.webhook)

    def hear(self, hook: Hook, secrets: Mapping[str, Secret]) -> Sequence[Notice]:
        if is_a_ping(hook, secrets.get("webhook_secret")):
            return []
        claims = proved(hook, self._keys)
        if claims.issuer != self._issuer:
            raise NotBelieved("the webhook is of another organisation")
        if claims.webhook not in self._webhooks:
            raise NotBelieved("the webhook is not one that leads to this hub")
        return [] if delivery_of(hook, HEADER) in self._replays else notices(hook.body)

    def kept(self, hook: Hook) -> None:
        with suppress(NotBelieved):  # its end has come meanwhile: it will not be believed again
            ends = proved(hook, self._keys).ends
            self._replays.remember(delivery_of(hook, HEADER), ends, datetime.now(UTC).timestamp())

    @property
    def _issuer(self) -> str:
        return f"orgId:{self._organization}"

    async def _one(self, vendor: Vendor, kind: Kind, record: str, share: Share) -> Seen:
        """Read a record in full; a ticket with the end of its history, if that is asked for."""
        found = await rows.one(vendor, self._caller, kind, record, share)
        found = ours(kind, found, await self._chosen(vendor, kind))
        if kind.name != "tickets" or not self._history_rows or found.data is None:
            return found
        last = await history(vendor, self._caller, record, self._history_rows, share)
        return msgspec.structs.replace(found, data=rows.beside(found.data, HISTORY, last))

    async def _write(self, vendor: Vendor, kind: Kind, one: Write) -> Written:
        if barred := await self._departments.bar(vendor, self._caller, kind, one):
            return Written(outcome=barred, record=one.record)
        if kind == comments.KIND:
            return await comments.write(vendor, self._caller, one)
        return await write(vendor, self._caller, kind, one)

    async def _chosen(self, vendor: Vendor, kind: Kind) -> frozenset[str]:
        """Give the departments of which a kind is read; none: all, or it is of no department."""
        if kind.name != "tickets":
            return frozenset()
        return await self._departments.ids(vendor, self._caller)

    async def _table(self, vendor: Vendor, kind: Kind) -> Page:
        return Page(seen=await rows.table(vendor, self._caller, kind), cursor="", done=True)

    async def _waiting(self, vendor: Vendor) -> list[str]:
        """Give the words for a ticket that is not closed."""
        read_at, known = self._statuses
        if time.monotonic() - read_at >= STATUSES_SECONDS:
            known = await statuses(vendor, self._caller)
            self._statuses = (time.monotonic(), known)
        return known

    def _may_ask(self, webhook: str) -> bool:
        asked = self._asked.get(webhook, float("-inf"))
        return webhook not in self._webhooks and time.monotonic() - asked >= ASK_AGAIN_SECONDS

    async def _learn_webhook(self, vendor: Vendor, door: Door | None, webhook: str) -> None:
        self._asked[webhook] = time.monotonic()
        try:
            answer = await read(vendor, self._caller.reads(at(PATH, webhook), share="documents"))
        except NotRead as error:
            if isinstance(error.outcome, Refused):
                return
            del self._asked[webhook]
            raise
        if door is not None and msgspec.json.decode(answer.body, type=Webhook).url == door.url:
            self._webhooks.add(webhook)
