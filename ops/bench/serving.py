"""Run a hub in a process of its own, until it is killed: serving.py BULK_FROM.

It reads a kind in bulk where the vendor has so many records of it, else by lists.
"""

from __future__ import annotations

import asyncio
import os
import sys

import uvloop

from hub.app import running
from hub.connectors.zoho_crm import crm
from hub.settings import load


async def _run() -> None:
    async with running(load(None, os.environ), os.environ, migrates=False):
        await asyncio.Event().wait()


if __name__ == "__main__":
    vars(crm)["BULK_FROM"] = int(sys.argv[1])
    uvloop.run(_run())
