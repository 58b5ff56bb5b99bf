"""Play the vendors in a process of its own, with so many accounts in the CRM: vendor.py RECORDS.

It prints its address and the accounts' ids, changes every account, telling nobody, each time it is
sent a line, and ends with its input. It has no limits: how fast the hub may go is not measured.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec
import uvloop

from hub.connectors.build import tokens_of
from hub.database import migrate, open_database
from hub.database.embedded import open_server
from hub.sandbox.server import running
from hub.sandbox.systems import all_systems
from hub.sandbox.world import World
from hub.settings import Secret, load
from hub.vault import Vault, master_keys

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from hub.sandbox.system import System
    from hub.settings import Settings

KIND = "Accounts"
CONFIG = """
[serve]
port = 0
[connections.crm]
system = "zoho_crm"
client_id = "sandbox"
secret_env = "BENCH_SECRET"
plan = "ultimate"
mode = "test"
address = "{address}"
"""


class Vendor:
    """The process, as a bench sees it."""

    def __init__(self, process: asyncio.subprocess.Process, told: dict[str, Any]) -> None:
        self._process = process
        self.address: str = told["address"]
        self.ids: list[str] = told["ids"]
        self.fields: list[str] = told["fields"]

    async def change(self) -> None:
        """Change every account."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(b"change\n")
        await self._process.stdout.readline()

    async def calls(self, since: int = 0) -> tuple[list[dict[str, Any]], int]:
        """Give the calls it has had since, and how many it had in all."""
        async with (
            aiohttp.ClientSession(self.address) as session,
            session.get("/_sandbox/calls", params={"since": since, "system": "crm"}) as answer,
        ):
            said = await answer.json()
            return said["calls"], said["last"]


@asynccontextmanager
async def vendor(records: int) -> AsyncIterator[Vendor]:
    """Play one for the length of a bench."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ops.bench.vendor", str(records)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=64 * 2**20,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield Vendor(process, json.loads(await process.stdout.readline()))
    finally:
        process.stdin.close()
        await process.wait()


@asynccontextmanager
async def connected(
    home: Path, config: str, *schemas: str, name: str = "crm"
) -> AsyncIterator[list[tuple[Settings, dict[str, str]]]]:
    """Stand up a Postgres with these schemas, each of a hub with a grant for a connection."""
    file = home / "hub.toml"
    file.write_text(config)
    usual = {"HUB_HOME": str(home), "HUB_CONFIG": str(file), "BENCH_SECRET": "sandbox"}
    async with open_server(home, {}) as server:
        made = []
        for schema in schemas:
            environ = {**usual, "HUB_DATABASE_URL": server.url, "HUB_DATABASE_SCHEMA": schema}
            settings = load(file, environ)
            await _grant(settings, environ, name)
            made.append((settings, environ))
        yield made


async def _grant(settings: Settings, environ: dict[str, str], name: str) -> None:
    async with open_database(settings, environ) as database:
        await migrate(database)
        vault = Vault(database.schema, master_keys(settings.home, environ))
        connection = settings.connections[name]
        tokens = tokens_of(name, connection, database, vault)
        await tokens.connect(Secret(f"sandbox-{connection.system.removeprefix('zoho_')}"))


async def _play(records: int) -> None:
    world = World(7)
    systems = all_systems(world)
    crm = next(system for system in systems if system.name == "crm")
    much = {"credits_per_day": 10**7, "calls_at_once": 1_000, "heavy_calls_at_once": 1_000}
    crm.quirks = msgspec.structs.replace(crm.quirks, bulk_step_seconds=0, **much)
    made = [crm.put(KIND, _account(number)) for number in range(records)]
    ids = [one["id"] for one in made]
    async with running(world, systems, port=0) as address:
        fields = [name for name in made[0] if name != "id" and name[0] != "$" and "__s" not in name]
        _say({"address": address, "ids": ids, "fields": fields[:49]})
        times = 0
        while await asyncio.to_thread(sys.stdin.readline):
            times += 1
            _change(crm, ids, times)
            _say({"changed": len(ids)})


def _change(crm: System, ids: list[str], times: int) -> None:
    for record in ids:
        crm.edit(KIND, record, {"Description": f"Changed {times} times"})


def _account(number: int) -> dict[str, object]:
    return {
        "Account_Name": f"Zylker {number}",
        "Phone": f"+351 555 {number}",
        "Website": f"https://zylker{number}.example",
        "Billing_Street": f"Rua do Farol {number}",
        "Billing_City": "Porto",
        "Annual_Revenue": number * 10,
        "Description": "Met at the fair, wants to hear of the new line in spring.",
    }


def _say(what: object) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    uvloop.run(_play(int(sys.argv[1])))
