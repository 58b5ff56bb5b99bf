"""The TOML of a flow's file, laid over that of the flow which it extends."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from hub.flows.load.faults import Faults, Source
from hub.settings.faults import nearest, shown
from hub.settings.lines import lines_of
from hub.settings.syntax import not_toml

LIBRARY = Path(__file__).parents[1] / "library"
EXTENDS = "library/"

_WAYS = frozenset({"is", "from", "figure"})


def document(text: str, file: str) -> tuple[dict[str, Any], Faults]:
    """Read a flow's file with what it extends; what is wrong so far is among the faults."""
    values, source, faults = _parsed(text.removeprefix("\ufeff").replace("\r\n", "\n"), file)
    extended = values.pop("extends", None)
    if extended is None or faults:
        return values, faults
    name = str(extended).removeprefix(EXTENDS)
    if extended != EXTENDS + name or name not in templates():
        known = [EXTENDS + one for one in templates()]
        expected = f"a flow that comes with the hub, as {known[0]}"
        hint = nearest(str(extended), known)
        faults.add(("extends",), f"expected {expected}, found {shown(extended)}{hint}")
        return values, faults
    below, library, _ = _parsed(template(name), f"{EXTENDS}{name}.toml")
    return _over(below, values), Faults([source, library])


def extended(text: str) -> tuple[str, dict[str, Any], Faults] | None:
    """Give the flow that a file extends by itself: its file, what it says, and where."""
    name = str(tomllib.loads(text.removeprefix("\ufeff")).get("extends", "")).removeprefix(EXTENDS)
    if name not in templates():
        return None
    file = f"{EXTENDS}{name}.toml"
    values, _, faults = _parsed(template(name), file)
    return file, values, faults


def templates() -> list[str]:
    """Name the flows that come with the hub."""
    return sorted(path.stem for path in LIBRARY.glob("*.toml"))


def template(name: str) -> str:
    """Give the text of one of them."""
    return (LIBRARY / f"{name}.toml").read_text(encoding="utf-8")


def _parsed(text: str, file: str) -> tuple[dict[str, Any], Source, Faults]:
    try:
        values = tomllib.loads(text)
        source = Source(file=file, lines=lines_of(text))
    except RecursionError:
        return _broken(file, 0, "expected a flow, found lists or tables nested too deep to read")
    except ValueError as error:
        return _broken(file, *not_toml(str(error), text))
    return values, source, Faults([source])


def _broken(file: str, line: int, text: str) -> tuple[dict[str, Any], Source, Faults]:
    source = Source(file=file, lines={})
    faults = Faults([source])
    faults.add_line(line, text)
    return {}, source, faults


def _over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Lay one table over another: tables are joined, all else is replaced."""
    merged = dict(below)
    # A flow that has a name of its own is another flow, and has an id of its own.
    if above.get("flow") not in (None, below.get("flow")):
        merged.pop("id", None)
    for key, value in above.items():
        held = merged.get(key)
        if isinstance(value, dict) and isinstance(held, dict) and _alike(value, held):
            value = _over(held, value)  # noqa: PLW2901
        merged[key] = value
    return merged


def _alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Tell two ways of saying a value apart: `{ is = 1 }` takes nothing from `{ from = "x" }`."""
    said, held = _WAYS & one.keys(), _WAYS & other.keys()
    return not (said and held) or said == held
