"""The vendor's own client library against the played CRM, on a port, with tokens and all."""

from __future__ import annotations

import asyncio
import json
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hub.sandbox.server import running
from hub.sandbox.systems import all_systems
from hub.sandbox.world import World
from tests.foreign import python_with

pytestmark = pytest.mark.slow

LIBRARY = "zohocrmsdk8-0==7.0.0"
PROGRAM = Path(__file__).parent / "sdk.py"

RUN_SECONDS_MAX = 120


async def test_the_vendors_own_library_works_against_the_sandbox(tmp_path: Path) -> None:
    python = python_with(LIBRARY)
    world = World()
    systems = all_systems(world)
    crm = next(one for one in systems if one.name == "crm")
    crm.quirks = msgspec.structs.replace(crm.quirks, search_lag_seconds=0)

    async with running(world, systems, port=0) as base:
        seen = await run(python, base, tmp_path)

    (contact,) = crm.state()["Contacts"]
    assert seen == {
        "created": contact["id"],
        "updated": "SUCCESS",
        "listed": ["Faro", "Porto", "c-71"],
        "queried": ["c-71", 1],
        "found": "Faro",
        "watched": ["SUCCESS", 2],
    }
    refreshed = [call for call in world.calls if call.path == "/oauth/v2/token"]
    assert [call.status for call in refreshed] == [200]


async def run(python: Path, base: str, folder: Path) -> Any:
    program = await asyncio.create_subprocess_exec(
        python, PROGRAM, base, folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        async with asyncio.timeout(RUN_SECONDS_MAX):
            out, errors = await program.communicate()
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()
    assert program.returncode == 0, errors.decode()[-2000:]
    return json.loads(out)
