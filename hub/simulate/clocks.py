"""Have every clock tell the time that is played: those of the hub's modules, and the database's.

A module of the hub reads the clock as `time.monotonic()` or `datetime.now(UTC)`, SQL as
`clock_timestamp()` or `now()`. For as long as a simulation lasts, these names mean the played time:
in modules by a stand-in, in the database by functions in a schema that is looked in before
Postgres' own, and that read the moment from a file.
"""

from __future__ import annotations

import datetime as dt
import inspect
import sys
import time
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from hub.database import Database, migrate, statement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

    from hub.database.open import Role
    from hub.settings import Settings
    from hub.simulate.played_time import PlayedClock

READS_NOW = "datetime.now("


@contextmanager
def played_in_modules(clock: PlayedClock) -> Iterator[None]:
    """Have the modules of the hub go by this clock."""
    stand_ins = {"time": _Time(clock), "datetime": _Datetime(clock)}
    changed = [(module, name) for module in _modules() for name in _clocks_of(module)]
    before = [(module, name, getattr(module, name)) for module, name in changed]
    for module, name in changed:
        setattr(module, name, stand_ins[name])
    try:
        yield
    finally:
        for module, name, meant in before:
            setattr(module, name, meant)


class PlayedDatabase(Database):
    """A database whose clock is played; the moment lies in a file that its server reads."""

    def __init__(self, settings: Settings, url: str, clock: PlayedClock, file: Path) -> None:
        super().__init__(settings, url)
        self._clock = clock
        self._where = file
        self._file = file.open("wb", buffering=0)
        self._told = ""
        self.tell()

    async def connect(self, role: Role = "serve", **session: str) -> Any:
        path = session.pop("search_path", self.schema)
        path = f"{path}, {self._clock_schema}, pg_catalog"
        return await super().connect(role, search_path=path, **session)

    async def prepare(self) -> None:
        """Make the clock, and then what the hub needs."""
        text = statement("simulate/clock.sql").replace("played_schema", self._clock_schema)
        async with self.connected("owner") as db:
            await db.execute(text.replace("played_file", str(self._where)))
            await migrate(self)
            # It names where it looks itself.
            path = f"{self.schema}, {self._clock_schema}, pg_catalog, pg_temp"
            await db.execute(f"alter function {self.schema}.fence set search_path = {path}")

    async def drop(self) -> None:
        """Remove all that was made."""
        async with self.connected("owner") as db:
            await db.execute(f"drop schema if exists {self.schema}, {self._clock_schema} cascade")
            for role in ("serve", "replay"):
                await db.execute(f"drop role if exists {self.schema}_{role}")
        self._where.unlink()

    def tell(self) -> None:
        """Write down what time it is."""
        moment = f"{round(self._clock.time() * 1_000_000):020d}"
        if moment != self._told:
            self._told = moment
            self._file.seek(0)
            self._file.write(moment.encode())

    @property
    def _clock_schema(self) -> str:
        return f"{self.schema}_clock"


class _Time:
    """The module `time`, with the played time in it."""

    def __init__(self, clock: PlayedClock) -> None:
        self.time = clock.time
        self.monotonic = clock.monotonic
        self._clock = clock

    def time_ns(self) -> int:
        return round(self._clock.time() * 1_000_000) * 1_000

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)


class _Datetime:
    """The class `datetime`, with the played time in it."""

    def __init__(self, clock: PlayedClock) -> None:
        self._clock = clock

    def now(self, tz: dt.tzinfo | None = None) -> dt.datetime:
        return self._clock.now(tz)

    def __instancecheck__(self, one: object) -> bool:
        return isinstance(one, dt.datetime)

    def __call__(self, *parts: Any, **named: Any) -> dt.datetime:
        return dt.datetime(*parts, **named)  # noqa: DTZ001 - as it was called

    def __getattr__(self, name: str) -> Any:
        return getattr(dt.datetime, name)


def _modules() -> list[ModuleType]:
    return [
        module
        for name, module in sorted(sys.modules.items())
        if name.startswith("hub.") and not name.startswith(("hub.simulate", "hub.cli"))
    ]


def _clocks_of(module: ModuleType) -> list[str]:
    found = ["time"] if getattr(module, "time", None) is time else []
    reads = getattr(module, "datetime", None) is dt.datetime and _reads_now(module)
    return [*found, "datetime"] if reads else found


@cache
def _reads_now(module: ModuleType) -> bool:
    return READS_NOW in inspect.getsource(module)
