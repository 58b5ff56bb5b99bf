from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sandbox.desk.caller import Caller

if TYPE_CHECKING:
    from hub.sandbox.world import World


@pytest.fixture
def call(world: World) -> Caller:
    """Give somebody who calls a portal in which time stands still."""
    return Caller(world)
