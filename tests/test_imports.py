"""What may import what: read from the source, so that the layers hold whoever adds a file.

cli -> app -> stations (inbound, projectors, outbound, operate, replay, console, alerts) ->
connectors -> log, vault -> flows -> database, and settings, errors and observe below all of them.
Stations meet only in the log and its tables; replay, which rebuilds what the projectors made, may
import their folds. The sandbox is no part of the hub: it stands beside the stations and imports
nothing of theirs; simulate and stories, which play a hub, stand on top.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]

LAYERS = (
    {"settings", "observe", "errors"},
    {"conclusions"},
    {"database", "events"},
    {"flows"},
    {"log", "vault"},
    {"connectors"},
    {"inbound", "projectors", "outbound", "operate", "replay", "console", "sandbox", "alerts"},
    {"app"},
    {"simulate", "stories"},
    {"cli"},
)
"""From the bottom up. What stands in one layer may import what stands below."""

BESIDE = {("replay", "projectors"), ("settings", "errors"), ("observe", "errors")}
"""What else may be imported by whom: (who, whom)."""

NEVER_IN_REPLAY = ("hub.log.append", "hub.inbound", "hub.app", "hub.connectors", "aiohttp")


def test_every_part_has_a_layer() -> None:
    parts = {part(name) for name in modules()} - {"", "__main__"}

    assert parts <= set().union(*LAYERS)


def test_imports_go_down_the_layers() -> None:
    assert [
        f"{importer} imports {imported}"
        for importer, names in graph(typing=True).items()
        for imported in names
        if imported in modules() and not allowed(part(importer), part(imported))
    ] == []


@pytest.mark.parametrize("forbidden", NEVER_IN_REPLAY)
def test_p12_replay_has_no_way_to_what_writes_or_calls(forbidden: str) -> None:
    assert [
        " -> ".join(path)
        for start in modules()
        if part(start) == "replay"
        for path in paths(start, forbidden)
    ] == []


def test_a_forbidden_way_would_be_found() -> None:
    assert list(paths("hub.app", "hub.log.append"))
    assert list(paths("hub.inbound.push", "aiohttp"))
    assert not allowed("inbound", "projectors")
    assert not allowed("database", "log")
    assert allowed("cli", "errors")


def allowed(importer: str, imported: str) -> bool:
    if importer == imported or importer in ("", "__main__") or imported == "":
        return True
    levels = {name: level for level, names in enumerate(LAYERS) for name in names}
    return levels[importer] > levels[imported] or (importer, imported) in BESIDE


def part(module: str) -> str:
    """Give the part of the hub that a module belongs to: `hub.log.read` is of `log`."""
    return module.split(".")[1] if "." in module else ""


def paths(start: str, forbidden: str) -> Iterator[tuple[str, ...]]:
    """Give one way from a module to each that is forbidden, over any number of imports."""
    imports = graph(typing=False)
    seen = {start}
    ways: list[tuple[str, ...]] = [(start,)]
    while ways:
        way = ways.pop(0)
        for name in sorted(imports.get(way[-1], set()) - seen):
            seen.add(name)
            if name == forbidden or name.startswith(f"{forbidden}."):
                yield (*way, name)
            else:
                ways.append((*way, name))


@cache
def graph(*, typing: bool) -> dict[str, set[str]]:
    """Give what each module imports; with `typing`, what it imports only for types too."""
    return {name: set(_imported(name, path, typing=typing)) for name, path in modules().items()}


@cache
def modules() -> dict[str, Path]:
    found = {}
    for path in (ROOT / "hub").rglob("*.py"):
        names = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(names[:-1] if names[-1] == "__init__" else names)] = path
    return found


def _imported(module: str, path: Path, *, typing: bool) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in _statements(tree, typing=typing):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _known(alias.name)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports by a relative name"
            for alias in node.names:
                yield from _known(f"{node.module}.{alias.name}", str(node.module))


def _known(name: str, otherwise: str = "") -> Iterator[str]:
    """Give a module of ours, and the packages around it, whose code is run too."""
    ours = modules()
    if name not in ours and otherwise:
        name = otherwise
    if not name.startswith("hub"):
        yield name
        return
    steps = name.split(".")
    for count in range(1, len(steps) + 1):
        if (package := ".".join(steps[:count])) in ours:
            yield package


def _statements(node: ast.AST, *, typing: bool) -> Iterator[ast.AST]:
    """Walk all statements, those inside functions too, but not `if TYPE_CHECKING` unless asked."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            continue
        is_guard = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
        if is_guard and not typing:
            continue
        yield child
        yield from _statements(child, typing=typing)
