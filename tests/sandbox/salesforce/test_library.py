"""A client library that many use against the played Salesforce, on a port, with a login and all."""

from __future__ import annotations

import asyncio
import json
import subprocess
from pathlib import Path

import pytest

from hub.sandbox.salesforce import Salesforce
from hub.sandbox.salesforce.login import KEYS
from hub.sandbox.server import running
from hub.sandbox.world import World
from tests.foreign import python_with

pytestmark = pytest.mark.slow

LIBRARY = "simple-salesforce==1.12.10"
PROGRAM = Path(__file__).parent / "library.py"

RUN_SECONDS_MAX = 120


async def test_a_library_that_many_use_works_against_the_sandbox() -> None:
    python = python_with(LIBRARY)
    world = World()
    salesforce = Salesforce(world)

    async with running(world, [salesforce], port=0) as base:
        done = await asyncio.to_thread(
            subprocess.run,
            [str(python), str(PROGRAM), base, str(KEYS / "private.pem")],
            capture_output=True,
            text=True,
            check=False,
            timeout=RUN_SECONDS_MAX,
        )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "names": ["Evora", "Faro"],
        "upserted": 201,
        "people": 250,
        "phone": "1",
        "by_mark": True,
        "fields": True,
        "objects": True,
        "used": True,
        "deleted": 204,
    }
