"""The road `webhook`: what vendors send by themselves, to one address per connection.

    POST /hooks/{connection}
    GET /hooks/{connection}     where the vendor asks whether anybody is there

Who sends it, and what it means, is the connector's to say. It is answered once what it said is
durable: an observation where the whole body is proved, else a notice, which has the record read.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web

from hub.connectors.connector import Hook, Learning, NotBelieved
from hub.errors import EventRefused
from hub.inbound.door import answered, body_of, refused
from hub.inbound.proofs import Proofs

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from hub.connectors.connector import Notice, Seen
    from hub.inbound.account import Account
    from hub.settings import Secret

PATH = "/hooks/{connection}"
ROAD = "webhook"
CHANNEL_TOKEN = "channel_token"  # noqa: S105 - its name
PROOFS = (CHANNEL_TOKEN, "webhook_secret")
"""What the vault may hold of a connection for its hooks to be proved by."""

LEARN_SECONDS_MAX = 2.5
"""Vendors wait for an answer for five seconds, some of them."""

_log = logging.getLogger(__name__)


class Hooks:
    """Answers the vendors of all connections; `secrets` gives what a connection's are proved by."""

    def __init__(
        self,
        accounts: Mapping[str, Account],
        secrets: Callable[[str], Awaitable[Mapping[str, Secret]]],
        bytes_max: int,
    ) -> None:
        self._accounts = accounts
        self._proofs = Proofs(secrets)
        self._bytes_max = bytes_max

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(PATH, self._answer),
            web.get(PATH, self._asked),
            web.route("*", PATH, _other_method),
        ]

    async def _asked(self, request: web.Request) -> web.Response:
        account = self._accounts.get(request.match_info["connection"])
        if account is None or not isinstance(account.connector, Learning):
            return await _other_method(request)
        return web.Response(body=b"{}", content_type="application/json")

    async def _answer(self, request: web.Request) -> web.Response:
        account = self._accounts.get(request.match_info["connection"])
        name = account.name if account else None
        return await answered(request, ROAD, name, partial(self._take, request, account))

    async def _take(
        self, request: web.Request, account: Account | None, trace: str
    ) -> web.Response:
        if account is None:
            raise EventRefused(
                "There is no connection of this name; hub.toml lists them.", status=404
            )
        hook = Hook(
            query=tuple(request.query.items()),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=await body_of(request, self._bytes_max),
        )
        try:
            heard = await self._heard(account, hook)
        except NotBelieved as error:
            raise EventRefused(f"{error}", status=401) from error
        except (ValueError, ArithmeticError, RecursionError) as error:
            raise EventRefused(f"This is not what {account.name} sends: {error}.") from error
        if heard:
            async with asyncio.timeout(account.database.settings.serve.append_wait_seconds_max):
                await account.append(*account.events(ROAD, heard, trace=trace))
            if isinstance(account.connector, Learning):
                account.connector.kept(hook)
        else:
            _log.info(
                "%s told of nothing that this hub keeps, or told it again; it was let go.",
                account.name,
            )
        return web.Response(body=b"{}", content_type="application/json")

    async def _heard(self, account: Account, hook: Hook) -> Sequence[Seen | Notice]:
        if isinstance(account.connector, Learning):
            async with asyncio.timeout(LEARN_SECONDS_MAX):
                await account.connector.learn(account.vendor, account.door, hook)
        proofs = await self._proofs.of(account.name)
        try:
            return account.connector.hear(hook, proofs)
        except NotBelieved:
            # The secret may have been changed a moment ago.
            newer = await self._proofs.newer(account.name, than=proofs)
            if newer is None:
                raise
            return account.connector.hear(hook, newer)


async def _other_method(request: web.Request) -> web.Response:
    answer = refused(405, f"Here a vendor sends with POST, not {request.method}.")
    answer.headers["Allow"] = "POST"
    return answer
