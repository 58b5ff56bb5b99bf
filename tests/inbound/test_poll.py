"""P15: by when a road is to be heard of again."""

from __future__ import annotations

import pytest

from hub.connectors.connector import Kind, Page
from hub.inbound.places import FIRST, NEWS
from hub.inbound.poll import _next

KIND = Kind(name="Accounts", path="/", poll_seconds=300)


@pytest.mark.parametrize(
    ("road", "done", "soon"),
    [(FIRST, False, 300.0), (NEWS, False, 300.0), (NEWS, True, 1_200.0), (FIRST, True, None)],
)
def test_p15_every_read_that_goes_on_has_a_time_by_which_it_is_overdue(
    road: str, *, done: bool, soon: float | None
) -> None:
    page = Page(seen=(), cursor="", done=done)

    assert _next(road, page, KIND, rest=1_200.0) == soon
