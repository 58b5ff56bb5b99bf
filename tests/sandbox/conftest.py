"""A sandbox on a port of its own, with a made-up system in it, and a receiver of what it sends."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec
import pytest
from aiohttp import web

from hub.errors import Refused
from hub.sandbox.accounts import Accounts
from hub.sandbox.server import running
from hub.sandbox.system import Answer, Fields, Request
from hub.sandbox.world import Hook, World

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from contextlib import AbstractAsyncContextManager

    from hub.sandbox.system import System

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


class ShopQuirks(msgspec.Struct, frozen=True, kw_only=True):
    loud: bool = True


class Shop:
    """The smallest system there can be: things with an id, told of to whoever subscribed."""

    def __init__(self, world: World, accounts: Accounts, name: str = "shop") -> None:
        self.name = name
        self.prefixes: Sequence[str] = (f"/{name}/v1",)
        self.quirks = ShopQuirks()
        self.begun: list[Request] = []
        self.ended: list[Request] = []
        self.acts: list[tuple[str, str, str, Fields]] = []
        self._world = world
        self._accounts = accounts
        self.reset()

    def begin(self, request: Request) -> None:
        self.begun.append(request)

    def end(self, request: Request) -> None:
        self.ended.append(request)

    def answer(self, request: Request) -> Answer:
        if wrong := self._accounts.check(request, "ZohoCRM.modules.READ"):
            return Answer(status=401, body={"wrong": wrong})
        match request.method, request.path.rpartition("/")[2]:
            case "GET", "empty":
                return Answer(status=204)
            case "GET", "broken":
                raise ZeroDivisionError
            case "GET", "file":
                return Answer(body=b"a,b", headers={"Content-Type": "text/csv"})
            case "GET", "echo":
                return Answer(body=request)
            case "POST", kind:
                return Answer(status=201, body=self._made(kind, msgspec.json.decode(request.body)))
        return Answer(body=self.state(), headers={"X-Left": "7"})

    def fault(self, fault: str) -> Answer:
        return Answer(status=int(fault[5:]) if fault.startswith("http_") else 429, body={"oh": 1})

    def state(self) -> dict[str, list[Fields]]:
        return {kind: list(records.values()) for kind, records in self.kinds.items()}

    def put(self, kind: str, fields: Fields) -> Fields:
        record = {"id": self._world.new_id("7"), **fields}
        self.kinds.setdefault(kind, {})[record["id"]] = record
        return record

    def edit(self, kind: str, record: str, fields: Fields) -> Fields:
        changed = self._record(kind, record)
        changed.update(fields)
        self.tell("edited", changed)
        return changed

    def act(self, act: str, kind: str, record: str, details: Fields) -> Fields:
        self.acts.append((act, kind, record, details))
        if act == "create":
            return self._made(kind, details)
        if act in ("channel_expired", "stream_gap"):
            return {}
        if act == "delete":
            return self.kinds[kind].pop(record)
        changed = self._record(kind, record)
        changed["acted"] = act
        return changed

    def reset(self) -> None:
        self.kinds: dict[str, dict[str, Fields]] = {"things": {}}
        self.told_at = ""
        self.told: list[int] = []

    def tell(self, what: str, record: Fields) -> None:
        if self.told_at:
            self._world.send(
                Hook(
                    system=self.name,
                    method="POST",
                    url=self.told_at,
                    headers={"Content-Type": "application/json"},
                    body=msgspec.json.encode({"what": what, **record}),
                    done=self.told.append,
                )
            )

    def _made(self, kind: str, fields: Fields) -> Fields:
        record = self.put(kind, fields)
        self.tell("made", record)
        return record

    def _record(self, kind: str, record: str) -> Fields:
        if record not in self.kinds.get(kind, {}):
            raise Refused(f"id: there is no {record!r} among the {kind}.")
        return self.kinds[kind][record]


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What came back."""

    status: int
    body: Any
    headers: dict[str, str]


class Caller:
    """Makes calls to a sandbox that runs."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self.base = base
        self._session = session

    async def __call__(
        self, method: str, path: str, json: object = None, *, token: str | None = None, **more: Any
    ) -> Said:
        headers = {"Authorization": f"Zoho-oauthtoken {token}"} if token else {}
        async with self._session.request(
            method, path, json=json, headers=headers, allow_redirects=False, **more
        ) as answer:
            raw = await answer.read()
        is_json = "json" in answer.headers.get("Content-Type", "")
        body = msgspec.json.decode(raw) if is_json else raw
        lower = {name.lower(): value for name, value in answer.headers.items()}
        return Said(status=answer.status, body=body, headers=lower)

    async def refresh(self, refresh_token: str = "sandbox-crm") -> Said:
        form = {
            "grant_type": "refresh_token",
            "client_id": "sandbox",
            "client_secret": "sandbox",
            "refresh_token": refresh_token,
        }
        return await self("POST", "/oauth/v2/token", data=form)

    async def token(self, refresh_token: str = "sandbox-crm") -> str:
        return str((await self.refresh(refresh_token)).body["access_token"])


class Receiver:
    """Takes what a sandbox sends; `take` waits for the next."""

    def __init__(self) -> None:
        self.url = ""
        self.status = 200
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self._taken: asyncio.Queue[tuple[dict[str, str], bytes]] = asyncio.Queue()

    async def take(self) -> Any:
        async with asyncio.timeout(5):
            return msgspec.json.decode((await self._taken.get())[1])

    @property
    def is_empty(self) -> bool:
        return self._taken.empty()

    async def answer(self, http: web.Request) -> web.Response:
        body = await http.read()
        self._taken.put_nowait(({name.lower(): one for name, one in http.headers.items()}, body))
        await self.may_answer.wait()
        return web.Response(status=self.status)


@pytest.fixture
def world() -> World:
    """Give a world whose clock stands still until it is moved on."""
    return World(seed=1, start=START)


@pytest.fixture
def accounts(world: World) -> Accounts:
    return Accounts(world)


@pytest.fixture
def shop(world: World, accounts: Accounts) -> Shop:
    return Shop(world, accounts)


@pytest.fixture
def serve(world: World) -> Callable[..., AbstractAsyncContextManager[Caller]]:
    """Give what runs a sandbox with any systems, for those that need more than `call`."""

    @asynccontextmanager
    async def served(*systems: System) -> AsyncIterator[Caller]:
        async with (
            running(world, systems, port=0) as base,
            aiohttp.ClientSession(base, timeout=aiohttp.ClientTimeout(total=10)) as session,
        ):
            yield Caller(session, base)

    return served


@pytest.fixture
async def call(
    serve: Callable[..., AbstractAsyncContextManager[Caller]], accounts: Accounts, shop: Shop
) -> AsyncIterator[Caller]:
    """Give what makes calls to a sandbox with accounts and a shop."""
    async with serve(accounts, shop) as caller:
        yield caller


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    taken = Receiver()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", taken.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    taken.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield taken
    await runner.cleanup()
