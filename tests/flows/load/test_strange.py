"""Whatever stands in a file, it is read or refused: nothing else comes of it."""

from __future__ import annotations

import tomllib
from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.flows.load.faults import Faults, Source
from hub.flows.load.load import flow_of
from tests.flows.load.desk import CUSTOMERS, INVOICE, STATUS, around
from tests.flows.load.test_sync import PEOPLE

TEXTS = [CUSTOMERS + PEOPLE, INVOICE, STATUS]
WORLD = around()
STRANGE = st.sampled_from(
    [
        "", " ", "x", "a.b", "a.b.c", "crm.Accounts", "it", "=", "+", ".", "*", "\0", "é", "((",
        "a by b", "a.b in c", "1 per hour", 0, -1, 1.5, True, False, [], [[]], [1], ["x"], [{}],
        {}, {"x": 1}, {"is": {}}, {"from": 1}, {"figure": 2}, {"kind": 3}, {"": ""},
        {"crm": {"crm": {}}},
    ]
)  # fmt: skip


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Give the way to everything in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = [(*at, key) for key, _ in (inner if isinstance(value, dict | list) else ())]
    for way in list(found):
        child = value[way[-1]]
        if isinstance(child, dict | list):
            found += places(child, way)
    return found


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_flow_with_something_strange_in_it_is_read_or_refused(data: st.DataObject) -> None:
    values = deepcopy(tomllib.loads(data.draw(st.sampled_from(TEXTS))))
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(places(values)))
        held = values
        for key in way:
            held = held[key]
        held[last] = deepcopy(data.draw(STRANGE))
    faults = Faults([Source(file="f.toml", lines={})])

    flow = flow_of(values, faults, {}, WORLD)

    assert flow is not None or faults
