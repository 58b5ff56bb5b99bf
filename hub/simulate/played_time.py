"""Time that is played: it stands still while anything is under way, else jumps to what is next.

So an hour in which little happens takes a moment, and nothing that waits for a timer can tell.
Under way is whatever is ready to run, what a socket of this process has yet to read, a database
that owes an answer, and a thread. All else waits for time, which goes straight to the first timer.
"""

from __future__ import annotations

import asyncio
import selectors
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hub.simulate.awaited import Awaited
from hub.simulate.life import LIFE

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Mapping
    from contextvars import Context
    from datetime import tzinfo
    from typing import TypeVar, TypeVarTuple

    T = TypeVar("T")
    Ts = TypeVarTuple("Ts")

BEYOND_SECONDS = 1e-6
"""Time goes a little beyond what is waited for, as it does: who finds it a hair too early would
wait for that hair, and for its hair, and never end."""

STUCK_SECONDS = 0.3
"""In real time: what is under way for longer may itself wait for a timer, as for a lock."""


def run_played(clock: PlayedClock, act: Callable[[PlayedLoop], Coroutine[Any, Any, T]]) -> T:
    """Do something on a loop whose time is played."""
    with asyncio.Runner(loop_factory=lambda: PlayedLoop(clock)) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, PlayedLoop)
        return runner.run(act(loop))


class PlayedClock:
    """The time it is in the simulation."""

    def __init__(self, start: datetime) -> None:
        self._start = start.timestamp()
        self._passed = 0.0

    def time(self) -> float:
        return self._start + self._passed

    def monotonic(self) -> float:
        return self._passed

    def now(self, zone: tzinfo | None = UTC) -> datetime:
        return datetime.fromtimestamp(self.time(), zone)

    def advance(self, seconds: float) -> None:
        self._passed += seconds


class PlayedLoop(asyncio.SelectorEventLoop):
    """A loop that lets time pass only when nothing is under way."""

    def __init__(self, clock: PlayedClock) -> None:
        self.clock = clock
        self.database_port = 0
        """Where the database listens: what it is asked, it is waited for."""
        self.before_asking: Callable[[], None] = lambda: None
        self._under_way: set[object] = set()
        super().__init__(_Selector(clock, self._under_way))
        self.set_task_factory(_task)

    def time(self) -> float:
        return self.clock.monotonic()

    def call_at(
        self,
        when: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Call later than now, be it by a hair: who waits for less and less is to get on."""
        later = max(when, self.time() + BEYOND_SECONDS)
        return super().call_at(later, callback, *args, context=context)

    def _tell(self) -> None:
        self.before_asking()

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Let no time pass until the end of the block."""
        token = object()
        self._under_way.add(token)
        try:
            yield
        finally:
            self._under_way.discard(token)

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:  # type: ignore[override]
        done: asyncio.Future[Any] = super().run_in_executor(executor, func, *args)
        self._under_way.add(done)
        done.add_done_callback(self._under_way.discard)
        return done

    async def create_connection(
        self, protocol_factory: Any, host: Any = None, port: Any = None, **how: Any
    ) -> Any:
        """Connect, unless who asks has been killed."""
        life = LIFE.get()
        life.must_live()
        awaited = (
            Awaited(self._under_way, self._tell) if port and port == self.database_port else None
        )
        factory = awaited.around(protocol_factory) if awaited else protocol_factory
        transport, protocol = await super().create_connection(factory, host, port, **how)
        life.hold(transport)
        return awaited.pair() if awaited else (transport, protocol)

    async def create_server(self, protocol_factory: Any, *where: Any, **how: Any) -> Any:
        life = LIFE.get()
        life.must_live()
        server = await super().create_server(life.watching(protocol_factory), *where, **how)
        life.servers.append(server)
        return server


class _Selector(selectors.DefaultSelector):
    """What the loop waits with: it waits for sockets in real time, and for timers in none."""

    def __init__(self, clock: PlayedClock, under_way: set[object]) -> None:
        super().__init__()
        self._clock = clock
        self._under_way = under_way

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0)
        if not ready and timeout != 0:
            waits = bool(self._under_way) or timeout is None
            # Over loopback what was sent is there at once: a second look is for a busy machine.
            ready = super().select(STUCK_SECONDS if waits else 0)
        if not ready and timeout:
            self._clock.advance(timeout + BEYOND_SECONDS)
        return ready


def _task(loop: asyncio.AbstractEventLoop, coro: Any, **how: Any) -> asyncio.Task[Any]:
    """Make a task that ends with the life it was begun in."""
    task: asyncio.Task[Any] = asyncio.Task(coro, loop=loop, **how)
    context: Mapping[Any, Any] | None = how.get("context")
    life = context.get(LIFE) if context is not None else None
    (life or LIFE.get()).tasks.add(task)
    return task
