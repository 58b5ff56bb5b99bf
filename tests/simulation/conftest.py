"""A Postgres that simulations may kill; it ends with the tests, however they end."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from hub.simulate.postgres import Postgres
from tests.server import held_server

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with held_server() as server, ThreadPoolExecutor(1) as other_thread:
        one = Postgres(server)
        other_thread.submit(asyncio.run, one.begin()).result()
        yield one
        other_thread.submit(asyncio.run, one.end()).result()
