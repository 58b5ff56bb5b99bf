"""Posting what the systems send of their own accord, and what goes wrong with it on the way.

A hook is posted once: nothing says that any of these vendors tries again by itself. Several are on
their way at a time, so that none waits for a slow receiver, and their order is not kept.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import aiohttp
import msgspec

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from hub.sandbox.world import Hook, World

AT_ONCE_MAX = 16
SECONDS_MAX = 10.0
KEPT_MAX = 10_000

_log = logging.getLogger(__name__)


class Posted(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one hook: the status it was answered with, or in words why there is none."""

    n: int
    at: str
    system: str
    method: str
    url: str
    status: int
    outcome: str
    body: str


class Poster:
    """Takes hooks out of the world's outbox and posts them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._ready: asyncio.Queue[tuple[Hook, ...]] = asyncio.Queue()
        self._held: list[Hook] = []
        self._under_way = 0
        self._era = 0
        self.count = 0
        """How many were posted, or lost, so far."""
        self.posted: deque[Posted] = deque(maxlen=KEPT_MAX)
        self.failed: deque[Posted] = deque(maxlen=KEPT_MAX)

    @asynccontextmanager
    async def posting(self) -> AsyncIterator[None]:
        """Post whatever the world sends, until the end of the block."""
        self._world.on_hook = self._take
        self._take()
        timeout = aiohttp.ClientTimeout(total=SECONDS_MAX)
        async with aiohttp.ClientSession(timeout=timeout, auto_decompress=False) as session:
            tasks = [asyncio.create_task(self._post_all(session)) for _ in range(AT_ONCE_MAX)]
            try:
                yield
            finally:
                self._world.on_hook = lambda: None
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def waiting(self) -> int:
        """Tell how many are to go out or on their way; one made late is not counted until then."""
        return self._ready.qsize() + self._under_way + len(self._held)

    def forget(self) -> None:
        """Drop what is waiting and what became of the rest; what is on its way is not told of."""
        self._era += 1
        while not self._ready.empty():
            self._ready.get_nowait()
        self._held.clear()
        self.posted.clear()
        self.failed.clear()
        self.count = 0

    def _take(self) -> None:
        for hook in self._world.outbox:
            self._send(hook)
        self._world.outbox.clear()

    def _send(self, hook: Hook) -> None:
        fault = self._world.faults.of_hook(hook.system, hook.method, hook.url)
        seconds = fault.seconds if fault else 0.0
        match fault.fault if fault else None:
            case "webhook_lost":
                self._keep(hook, 0, "lost, as the fault says")
            case "webhook_late":
                self._later(seconds, lambda: self._ready.put_nowait((hook,)))
            case "webhook_reordered":
                self._held.append(hook)
                self._later(seconds, self._let_go)  # when nothing comes that could overtake it
            case "webhook_duplicated":
                self._let_go(hook, hook)
            case _:
                self._let_go(hook)

    def _let_go(self, *first: Hook) -> None:
        """Post these, and then what was held back for something to overtake it."""
        if batch := (*first, *self._held):
            self._ready.put_nowait(batch)
        self._held.clear()

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        clock = self._world.clock
        clock.at(clock.now() + timedelta(seconds=seconds), act)

    async def _post_all(self, session: aiohttp.ClientSession) -> None:
        while True:
            batch = await self._ready.get()
            self._under_way += 1
            try:
                await self._post_batch(session, batch)
            finally:
                self._under_way -= 1

    async def _post_batch(self, session: aiohttp.ClientSession, batch: tuple[Hook, ...]) -> None:
        era = self._era
        for hook in batch:
            status, outcome = await _post(session, hook)
            if era != self._era:
                return
            self._tell(hook, status, outcome)

    def _tell(self, hook: Hook, status: int, outcome: str) -> None:
        self._keep(hook, status, outcome)
        if hook.done is None:
            return
        try:
            hook.done(status)
        except Exception:  # noqa: BLE001 - the next hook must go out all the same
            _log.exception("%s failed when told what became of its hook.", hook.system)

    def _keep(self, hook: Hook, status: int, outcome: str) -> None:
        self.count += 1
        posted = Posted(
            n=self.count,
            at=self._world.clock.now().isoformat(),
            system=hook.system,
            method=hook.method,
            url=hook.url,
            status=status,
            outcome=outcome,
            body=hook.body.decode("utf-8", "replace"),
        )
        self.posted.append(posted)
        if outcome != "delivered":
            self.failed.append(posted)


async def is_there(url: str) -> bool:
    """Ask an address, with GET and then with POST, whether it answers with 200."""
    timeout = aiohttp.ClientTimeout(total=SECONDS_MAX)
    headers = {"Content-Type": "application/json"}
    async with aiohttp.ClientSession(timeout=timeout) as session:
        for method, body in (("GET", None), ("POST", b"{}")):
            with suppress(TimeoutError, aiohttp.ClientError, OSError, ValueError):
                async with session.request(
                    method, url, data=body, headers=headers, allow_redirects=False
                ) as answer:
                    if answer.status == 200:  # noqa: PLR2004
                        return True
    return False


async def _post(session: aiohttp.ClientSession, hook: Hook) -> tuple[int, str]:
    try:
        async with session.request(
            hook.method, hook.url, data=hook.body, headers=hook.headers, allow_redirects=False
        ) as answer:
            await answer.read()
    except TimeoutError:
        return 0, f"no answer within {SECONDS_MAX:g} s"
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return 0, f"not delivered: {str(error) or type(error).__name__}"
    good = 200 <= answer.status < 300  # noqa: PLR2004
    return answer.status, "delivered" if good else f"refused with {answer.status}"
