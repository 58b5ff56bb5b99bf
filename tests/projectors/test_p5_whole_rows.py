"""P5: a row that is written over is written whole: a rebuild writes it once, and it is the same."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from hub.database import statement

KEPT = sorted(
    f"projectors/{part}/{each.name}"
    for part in ("sync", "report")
    for each in (files("hub") / "projectors" / part).iterdir()
    if each.name.startswith("keep_") and "do update" in each.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", KEPT)
def test_p5_a_row_that_is_there_already_takes_every_column(name: str) -> None:
    text = statement(name)
    columns = columns_in(found(r"insert into \w+ \(([^)]*)\)", text))
    key = columns_in(found(r"on conflict \(([^)]*)\)", text))

    written = re.findall(r'("?\w+"?) = excluded\.("?\w+"?)', text)

    assert {one for one, _ in written} == columns - key
    assert all(one == other for one, other in written)


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match is not None, f"{pattern} is not in {text}"
    return match[1]


def columns_in(text: str) -> set[str]:
    return {each.strip() for each in text.split(",")}
