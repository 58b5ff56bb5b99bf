"""A fresh pair of organisations; the clock stands still: 2 March 2026, 10:15:04 in New York."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hub.sandbox.books import Books
from hub.sandbox.world import World
from tests.sandbox.books.caller import Caller, Doorman

START = datetime(2026, 3, 2, 15, 15, 4, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return World(start=START)


@pytest.fixture
def call(world: World) -> Caller:
    doorman = Doorman()
    return Caller(world, Books(world, doorman), doorman)
