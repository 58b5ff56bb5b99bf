"""Find what leans on itself in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def loop_in(leans: Mapping[str, Collection[str]]) -> list[str]:
    """Give one circle, its first name again at its end; nothing if there is none."""
    done: set[str] = set()
    for start in leans:
        way = _circle(start, leans, [], done)
        if way:
            return way
    return []


def _circle(
    name: str, leans: Mapping[str, Collection[str]], way: list[str], done: set[str]
) -> list[str]:
    if name in way:
        return [*way[way.index(name) :], name]
    if name in done:
        return []
    done.add(name)
    for other in sorted(leans.get(name, ())):
        if circle := _circle(other, leans, [*way, name], done):
            return circle
    return []
