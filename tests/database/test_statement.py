"""Every statement that the code names is a file beside it."""

from __future__ import annotations

import re
from pathlib import Path

HUB = Path(__file__).parents[2] / "hub"
NAMED = re.compile(r'statement\(\s*"([^"]+\.sql)"')


def test_every_statement_that_is_named_is_there() -> None:
    named = {(one, name) for one in HUB.rglob("*.py") for name in NAMED.findall(one.read_text())}

    assert named
    assert [f"{one}: {name}" for one, name in sorted(named) if not (HUB / name).exists()] == []
