"""The hub, put together: the only place that knows all of its parts.

Everything runs in one group of tasks, around one database. It is stopped in the order in which
nothing is lost: no more requests, then what was taken is kept, then the projectors let go of their
leases, then telemetry is handed over, and last the embedded Postgres stops.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

import asyncpg

from hub import observe, projectors
from hub.alerts.told import MESSAGES
from hub.alerts.work import work_of
from hub.connectors.build import EMPTY, connector_of, source_of, vendor_of
from hub.connectors.connector import Door
from hub.console import health
from hub.console.health import Condition
from hub.console.standing import standings
from hub.database import migrate, open_database
from hub.database.migrate import pending
from hub.errors import DatabaseAway, DatabaseFault, DatabaseRefused, LogBroken
from hub.flows.about import kinds_about
from hub.inbound.account import Account
from hub.inbound.due import due
from hub.inbound.hooks import CHANNEL_TOKEN, PROOFS, Hooks
from hub.inbound.push import Push
from hub.inbound.receive import Receiver
from hub.inbound.roads import roads
from hub.inbound.serve import listening
from hub.log.append import Appender
from hub.log.follow import Wake, hear, tell
from hub.log.partitions import keep_ahead
from hub.log.read import head
from hub.operate.guard import hold_after_restore, remember
from hub.operate.in_force import in_force
from hub.outbound.content import Writer
from hub.outbound.deliver import deliver
from hub.outbound.way import Way
from hub.projectors.run import run
from hub.settings import Secret
from hub.vault import Vault, master_keys

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from aiohttp import web

    from hub.connectors.connector import Connector, Write
    from hub.connectors.outcome import Outcome
    from hub.console.standing import Standing
    from hub.database import Database
    from hub.database.db import Db
    from hub.inbound.receive import Append
    from hub.settings import Connection, ProjectorSettings, Settings

START_SECONDS_MAX = 30.0
"""How long a start waits for a database that does not answer yet: the two may start together."""

AGAIN_SECONDS = 1.0

_log = logging.getLogger(__name__)


@asynccontextmanager
async def running(
    settings: Settings,
    environ: Mapping[str, str],
    *,
    migrates: bool = True,
    prepare: Callable[[Database], Awaitable[None]] | None = None,
) -> AsyncIterator[Hub]:
    """Run the whole hub for as long as the context lasts; `prepare` is done before it begins."""
    telemetry = observe.start(settings.telemetry, environ)
    try:
        async with open_database(settings, environ) as database:
            await _bring_up_to_date(database, migrates=migrates)
            if prepare is not None:
                await prepare(database)
            try:
                async with Hub(database, environ).at_work() as hub:
                    yield hub
            finally:
                await asyncio.to_thread(telemetry.stop)
    finally:
        telemetry.stop()


@asynccontextmanager
async def appending(database: Database) -> AsyncIterator[Append]:
    """Give a way into the log for a moment, to a command that has something to say."""
    appender = Appender(database, database.settings.log, Wake())
    async with asyncio.TaskGroup() as group:
        group.create_task(appender.run())
        try:
            yield appender.append
        finally:
            appender.close()


class Hub:
    """One hub in this process, and what others may use of it while it runs."""

    def __init__(self, database: Database, environ: Mapping[str, str]) -> None:
        settings = database.settings
        self.settings = settings
        self.database = database
        self.wake = Wake()
        self.port = 0
        self._appender = Appender(database, settings.log, self.wake)
        self.append = self._appender.append
        self.receiver = Receiver(self.append, settings.serve.append_wait_seconds_max)
        self._vault = Vault(database.schema, master_keys(settings.home, environ))
        self._accounts = {
            name: self._account(name, connection, connector)
            for name, connection in settings.connections.items()
            if (connector := connector_of(name, connection)) is not None
        }
        self._followed = {one.name: Wake(of_log=False) for one in projectors.PROJECTORS}
        self._looking = asyncio.Lock()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[Hub]:
        """Start all parts, and stop them in order."""
        async with self.database.connected() as db:
            _must_be_whole(await standings(db, (one.name for one in projectors.PROJECTORS)))
            why = await hold_after_restore(self.database, db, self._accounts)
            if why:
                _log.error("Nothing is written to any connection. %s", why)
            self.wake.to(await head(db))
        runner = await self._listen()
        failure: Exception | None = None
        async with AsyncExitStack() as ways_out, asyncio.TaskGroup() as group:
            for account in self._accounts.values():
                await ways_out.enter_async_context(account.vendor)
            keeping = group.create_task(self._appender.run(), name="append")
            following, carrying = (
                [group.create_task(_lasting(name, act), name=name) for name, act in work.items()]
                for work in (self._long_work(), self._deliveries())
            )
            try:
                yield self
            except Exception as error:  # noqa: BLE001 - raised again, outside of the group
                failure = error
            finally:
                await self._stop(runner, keeping, following, carrying)
        if failure is not None:
            raise failure

    async def ready(self) -> dict[str, Condition]:
        """Look whether the hub is of use: the database answers, is as needed, and is followed."""
        async with self._looking:
            try:
                todo = await pending(self.database)
                async with self.database.connected() as db:
                    found = await standings(db, (one.name for one in projectors.PROJECTORS))
            except DatabaseAway:
                return {"database": Condition(met=False, found="it does not answer")}
            except (DatabaseFault, asyncpg.PostgresError):
                return {"database": Condition(met=False, found="`hub check` tells what is wrong")}
        return {
            "database": Condition(met=True, found="it answers"),
            "migrations": Condition(met=not todo, found=", ".join(todo) or "all applied"),
            **{
                f"projector {one.projector}": _kept_up(one, self.settings.projectors)
                for one in found
            },
        }

    def _long_work(self) -> dict[str, Callable[[], Awaitable[None]]]:
        database, wake, settings = self.database, self.wake, self.settings
        return {
            "keep a partition ahead": partial(
                keep_ahead, database, wake, settings.log.partition_events
            ),
            "hear of other processes": partial(hear, database, wake),
            "tell other processes": partial(tell, database, wake),
            "leave word of how far the log went": partial(remember, database),
            **{
                f"projector {one.name}": partial(
                    run,
                    one,
                    database,
                    wake,
                    settings.projectors,
                    moved=self._followed[one.name],
                    apart_seconds=projectors.APART_SECONDS.get(one.name, 0.0),
                )
                for one in projectors.PROJECTORS
            },
            **work_of(
                database,
                self.append,
                self._followed["sync"],
                {name: account.vendor.budget for name, account in self._accounts.items()},
                self._send,
            ),
            "tell what is due": partial(due, database, self.append, self._followed["sync"]),
            **{
                f"roads of {name}": partial(roads, account)
                for name, account in self._accounts.items()
                if any(kind.is_read for kind in account.connector.kinds.values())
            },
        }

    def _deliveries(self) -> dict[str, Callable[[], Awaitable[None]]]:
        return {
            f"deliveries to {name}": partial(deliver, self._way(account))
            for name, account in self._accounts.items()
        }

    def _account(self, name: str, connection: Connection, connector: Connector) -> Account:
        tokens = source_of(name, connection, self.database, self._vault)
        return Account(
            name=name,
            connector=connector,
            vendor=vendor_of(name, connector, tokens, self.database),
            database=self.database,
            append=self.append,
            wake=self.wake,
            keep_out=frozenset(connection.keep_out),
            door=partial(self._door, name),
            about=partial(self._about, name),
        )

    async def _about(self, name: str, db: Db) -> list[str]:
        """Give the kinds of a connection that flows are about that decide."""
        found = await in_force(db)
        return kinds_about((one.flow for one in found.values() if one.decides), name)

    def _way(self, account: Account) -> Way:
        system = self.settings.connections[account.name].system
        return Way(
            name=account.name,
            connector=account.connector,
            vendor=account.vendor,
            database=self.database,
            append=self.append,
            wake=self.wake,
            folded=self._followed["sync"],
            contents=Writer(account.name, empty=EMPTY.get(system)).contents,
            keep_out=account.keep_out,
        )

    async def _send(self, connection: str, message: Write) -> Outcome:
        """Have a message sent at once, by none of the deliveries."""
        account = self._accounts[connection]
        kind = account.connector.kinds[MESSAGES]
        (written,) = await account.connector.write(account.vendor, kind, [message])
        return written.outcome

    async def _door(self, connection: str) -> Door | None:
        """Give where a vendor reaches this hub, with a token of its own that is made once."""
        if self.settings.serve.public_url is None:
            return None
        async with self.database.connected() as db:
            token = await self._vault.read(db, connection, CHANNEL_TOKEN)
            if token is None:
                token = Secret(secrets.token_hex(16))
                await self._vault.keep(db, connection, CHANNEL_TOKEN, token)
        url = f"{self.settings.serve.public_url.rstrip('/')}/hooks/{connection}"
        return Door(url=url, token=token)

    async def _proofs(self, connection: str) -> dict[str, Secret]:
        """Give what the hooks of a connection are proved by."""
        async with self.database.connected() as db:
            proofs = {name: await self._vault.read(db, connection, name) for name in PROOFS}
        return {name: secret for name, secret in proofs.items() if secret is not None}

    async def _listen(self) -> web.AppRunner:
        serve, bytes_max = self.settings.serve, self.settings.log.event_bytes_max
        hooks = Hooks(self._accounts, self._proofs, bytes_max)
        push = Push(self.settings.connections, self.receiver, bytes_max)
        routes = [*push.routes(), *hooks.routes(), *health.routes(self.ready)]
        runner = await listening(serve, routes, bytes_max)
        self.port = runner.addresses[0][1]
        _log.info("Listening on http://%s:%d", serve.host, self.port)
        return runner

    async def _stop(
        self,
        runner: web.AppRunner,
        keeping: asyncio.Task[None],
        following: list[asyncio.Task[None]],
        carrying: list[asyncio.Task[None]],
    ) -> None:
        """Stop in order, each step for a share of the time: the database may be away."""
        clock = asyncio.get_running_loop().time
        begun, seconds = clock(), self.settings.serve.stop_seconds_max

        async def wait(tasks: list[asyncio.Task[None]], share: float) -> None:
            await asyncio.wait(tasks, timeout=max(0.05, begun + seconds * share - clock()))

        answering = asyncio.create_task(runner.cleanup())
        for task in carrying:
            task.cancel()  # calls that are under way are let end, and told of
        await wait([answering, *carrying], 0.5)
        self._appender.close()
        await wait([keeping], 0.7)
        keeping.cancel()  # those who still wait are told that theirs was not kept
        await wait([answering, keeping], 0.8)
        for task in (answering, *following, *carrying):
            task.cancel()
        await wait([answering, *following], 1.0)
        for task in following:
            task.cancel()  # one that cannot give its lease back: it runs out


async def _bring_up_to_date(database: Database, *, migrates: bool) -> None:
    """Migrate, or see that nothing is to be migrated; a database that starts is waited for."""
    todo = await _once_it_answers(database, partial(migrate, database, dry_run=not migrates))
    if todo and not migrates:
        raise DatabaseRefused(
            f"The database is not up to date: {', '.join(todo)} must be applied first. "
            "Run `hub migrate`, or start without --no-migrate."
        )
    if todo:
        _log.info("The database was brought up to date: %s.", ", ".join(todo))


async def _once_it_answers(
    database: Database, act: Callable[[], Awaitable[list[str]]]
) -> list[str]:
    clock = asyncio.get_running_loop().time
    patient_until = clock() + START_SECONDS_MAX
    while True:
        try:
            done = await act()
        except DatabaseAway as away:
            if clock() > patient_until:
                raise
            database.said_nothing(away)
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            database.answered()
            return done


async def _lasting(name: str, act: Callable[[], Awaitable[None]]) -> None:
    """Do long work again after every fault of the database's: none of them ends the process."""
    while True:
        try:
            await act()
        except (DatabaseFault, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            _log.error("%s: failed, and is tried again. %s", name, error)
        await asyncio.sleep(AGAIN_SECONDS)


def _must_be_whole(found: list[Standing]) -> None:
    for one in found:
        if one.is_ahead:
            position = one.position + one.lag_events
            raise LogBroken(
                f"The log ends at position {position}, but {one.projector} has applied it up to "
                f"{one.position}: its end was cut off. Bring back a backup that has it; "
                "`hub log verify` tells whether the rest is as it was.",
                position=position + 1,
            )


def _kept_up(one: Standing, settings: ProjectorSettings) -> Condition:
    return Condition(
        met=not one.is_ahead and one.lag_seconds <= settings.ready_lag_seconds_max,
        found=f"at {one.position}, {one.lag_events} events and {one.lag_seconds:.1f} s behind",
    )
