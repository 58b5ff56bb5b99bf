"""The hub's own Postgres: found, made, started and stopped without anybody's help.

Several hub processes may share one. Each holds a lock while it uses the server; the first starts
it, the last to leave stops it. A process that was killed has left, too: its lock is gone, and the
next one joins the server that it left running.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import secrets
import signal
import socket
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, ParamSpec

import asyncpg
import msgspec

from hub.database.cluster import ROLE, Cluster, did_not, open_cluster
from hub.database.filelock import FileLock
from hub.errors import DatabaseFault, DatabaseRefused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping
    from pathlib import Path

DATABASE = "hub"
# Below where systems take the ports of outgoing calls, which could get hold of ours in a restart.
PORTS = range(20_000, 30_000)
PORT_TRIES_MAX = 20
CONNECT_SECONDS_MAX = 10
SAY_SO_SECONDS = 5
LOOK_AGAIN_SECONDS = 0.02
LIVES_STILL_SECONDS = 0.2
LOG_LOOK_SECONDS = 60
FAST_STOP_SECONDS_MAX = 60
QUICK_STOP_SECONDS_MAX = 10
RESTART_PAUSE_SECONDS = 1.0
RESTART_PAUSE_SECONDS_MAX = 30.0

# What a server says, or does not say, while it starts, recovers or stops.
NOT_YET = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
)

P = ParamSpec("P")
logger = logging.getLogger(__name__)


@asynccontextmanager
async def open_server(home: Path, environ: Mapping[str, str]) -> AsyncIterator[Server]:
    """Start or join the server of this home, mind it while it is used, then leave it."""
    server = embedded_server(home, environ)
    try:
        await server.start()
        minder = asyncio.create_task(_mind(server), name="mind the embedded Postgres")
        try:
            yield server
        finally:
            minder.cancel()
            await asyncio.gather(minder, return_exceptions=True)
    finally:
        await server.stop()


def embedded_server(home: Path, environ: Mapping[str, str]) -> Server:
    return Server(open_cluster(home, environ))


class ServerStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How the embedded server stands; `kept` is one that runs on when nobody uses it."""

    running: bool
    in_use: bool
    kept: bool
    process: int | None
    port: int | None
    directory: Path
    major: int
    source: str


class Server:
    """One user's hold on the embedded server."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._use = FileLock(cluster.root / "in-use.lock")
        self._port: int | None = None

    def __repr__(self) -> str:
        return f"<Server {self._cluster.root} port={self._port}>"

    @property
    def url(self) -> str:
        """Where its database is, password and all; there is one once it was started."""
        assert self._port is not None, "the server has not been started"
        return f"postgresql://{ROLE}:{self._cluster.password()}@127.0.0.1:{self._port}/{DATABASE}"

    async def start(self) -> None:
        """Start the server, or join the one that runs; return when it answers.

        However long it takes to recover, it is waited for as long as it lives.
        """
        self._cluster.open_root()
        async with self._turn():
            await _taken(self._use, shared=True)
            while not await self._join():
                if await self._launch():
                    return

    async def stop(self) -> bool:
        """Leave the server. The last to leave stops it, unless it is kept; tell if it stopped."""
        if not self._cluster.root.exists():
            return False
        self._cluster.check_owner()
        async with self._turn():
            self._use.drop()
            if self._cluster.is_kept() or not self._use.is_free() or not self._cluster.is_alive():
                return False
            await self._shut_down()
            return True

    def running_url(self) -> str | None:
        """Where its database is if it runs, without becoming a user of it."""
        self._port = self._cluster.port() if self.status().running else None
        return self.url if self._port is not None else None

    def keep(self) -> None:
        """Let the server run on when everybody has left."""
        self._cluster.keep()

    def unkeep(self) -> None:
        """Let the last to leave stop it again."""
        self._cluster.unkeep()

    def status(self) -> ServerStatus:
        cluster = self._cluster
        if cluster.root.exists():
            cluster.check_owner()
        running = cluster.is_alive()
        return ServerStatus(
            running=running,
            in_use=running and not self._use.is_free(),
            kept=cluster.is_kept(),
            process=cluster.postmaster() if running else None,
            port=cluster.port() if running else None,
            directory=cluster.root,
            major=cluster.binaries.major,
            source=cluster.binaries.source,
        )

    async def wait_died(self) -> None:
        """Return when the server that runs now has died, even if another runs by then."""
        process = self._cluster.noted_process()
        # The death of what is nobody's child comes as no event: it is looked for.
        while self._cluster.is_alive() and self._cluster.noted_process() == process:  # noqa: ASYNC110
            await asyncio.sleep(LIVES_STILL_SECONDS)

    def trim_log(self) -> None:
        self._cluster.trim_log()

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Be the only one who starts or stops the server."""
        turn = FileLock(self._cluster.root / "starting.lock")
        with _patience(f"Another process is starting or stopping Postgres in {self._where}"):
            await _taken(turn)
        try:
            yield
        finally:
            turn.drop()

    async def _join(self) -> bool:
        """Wait until a server that lives answers; False if none lives, or it died meanwhile."""
        return self._cluster.is_alive() and await self._answers()

    async def _launch(self) -> bool:
        """Start the server; False if another program took the port that was free just before."""
        # After a crash the port stays: the pools of other hub processes go on calling it.
        port = self._port or _free(self._cluster.port()) or _free_port()
        self._cluster.trim_log()
        said_before = self._cluster.log_size()
        await _taken(self._cluster.living)
        try:
            await _to_its_end(self._cluster.prepare)
            await _to_its_end(self._cluster.launch, port)
        finally:
            self._cluster.living.drop()
        if await self._answers():
            return True
        words = self._cluster.last_words(said_before)
        if "Address already in use" in words and self._port is None:
            return False
        raise did_not("start", self._cluster.root, words)

    async def _answers(self) -> bool:
        """Wait until the server lets us in, for as long as it lives."""
        with _patience(f"Postgres in {self._where} is not ready yet; it may be recovering"):
            while True:
                port = self._cluster.port()
                if port and self._cluster.says_ready() and await self._lets_in(port):
                    self._port = port
                    return True
                if not self._cluster.is_alive():
                    return False
                await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def _lets_in(self, port: int) -> bool:
        try:
            try:
                db = await self._connect(port, DATABASE)
            except asyncpg.InvalidCatalogNameError:
                db = await self._connect(port, "postgres")
                await db.execute(f"CREATE DATABASE {DATABASE}")
            await db.close()
        except asyncpg.TooManyConnectionsError:
            return True
        except asyncpg.InvalidPasswordError as error:
            raise DatabaseRefused(
                f"The Postgres in {self._where} does not take the password that lies beside it. "
                "Put the file `password` back from the backup that the data came from."
            ) from error
        except NOT_YET:
            return False
        except asyncpg.PostgresError as error:
            raise DatabaseRefused(f"The Postgres in {self._where} is of no use: {error}") from error
        return True

    async def _connect(self, port: int, database: str) -> asyncpg.Connection:
        return await asyncpg.connect(
            host="127.0.0.1",
            port=port,
            user=ROLE,
            password=self._cluster.password(),
            database=database,
            ssl=False,
            timeout=CONNECT_SECONDS_MAX,
        )

    async def _shut_down(self) -> None:
        """Stop it: politely, then at once, which costs only a recovery at the next start."""
        with _patience(f"Postgres in {self._where} is writing out what it holds"):
            for how, seconds_max in (
                (signal.SIGINT, FAST_STOP_SECONDS_MAX),
                (signal.SIGQUIT, QUICK_STOP_SECONDS_MAX),
            ):
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(seconds_max):
                        await self._ended_by(how)
                        return
        raise DatabaseRefused(f"Postgres in {self._where} does not stop; see its log there.")

    async def _ended_by(self, how: signal.Signals) -> None:
        told = None
        while self._cluster.is_alive():
            process = self._cluster.postmaster()
            # A server that has only just been launched is told as soon as it is known by its id.
            if process is not None and process != told:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, how)
                told = process
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

    @property
    def _where(self) -> Path:
        return self._cluster.root


async def _mind(server: Server) -> None:
    """Keep the server alive and its log short."""
    while True:
        try:
            async with asyncio.timeout(LOG_LOOK_SECONDS):
                await server.wait_died()
        except TimeoutError:
            server.trim_log()
            continue
        logger.warning("The embedded Postgres died; starting it again.")
        await _start_again(server)


async def _start_again(server: Server) -> None:
    """Start it until it runs: what stands in its way (a full disk) may be cleared away."""
    pause_seconds, said = RESTART_PAUSE_SECONDS, False
    while True:
        try:
            await server.start()
        except (DatabaseFault, OSError) as error:
            if not said:
                logger.warning("The embedded Postgres does not start; it is tried again. %s", error)
            said = True
        else:
            if said:
                logger.warning("The embedded Postgres runs again.")
            return
        await asyncio.sleep(pause_seconds)
        pause_seconds = min(pause_seconds * 2, RESTART_PAUSE_SECONDS_MAX)


async def _taken(lock: FileLock, *, shared: bool = False) -> None:
    while not lock.take(shared=shared):  # noqa: ASYNC110 - its release is no event either
        await asyncio.sleep(LOOK_AGAIN_SECONDS)


async def _to_its_end(act: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
    """Run what blocks in a thread; if cancelled, wait for its end: it cannot be left halfway."""
    running = asyncio.ensure_future(asyncio.to_thread(act, *args, **kwargs))
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise


@contextmanager
def _patience(sentence: str) -> Iterator[None]:
    """Say once what is waited for, if it takes long."""
    loop = asyncio.get_running_loop()
    saying = loop.call_later(SAY_SO_SECONDS, logger.info, "%s ...", sentence)
    try:
        yield
    finally:
        saying.cancel()


def _free_port() -> int:
    for port in secrets.SystemRandom().sample(PORTS, PORT_TRIES_MAX):
        if _free(port):
            return port
    raise DatabaseRefused(f"No port between {PORTS.start} and {PORTS.stop} of 127.0.0.1 is free.")


def _free(port: int | None) -> int | None:
    """Give the port back if nobody has it."""
    if port is None:
        return None
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return None
    return port
