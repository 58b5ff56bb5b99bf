"""What is wrong with a flow's file, gathered so that all of it is told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.errors import ConfigFault
from hub.settings.faults import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hub.settings.lines import Place


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A file, and the line of each place in it."""

    file: str
    lines: Mapping[Place, int]


class Faults:
    """The faults of one flow; its own file comes first, then the one that it extends."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self.sources = sources
        self._kept: list[tuple[tuple[int, int], dict[str, object]]] = []

    def __bool__(self) -> bool:
        return bool(self._kept)

    def add(self, place: Place, text: str) -> None:
        """Keep a fault of what stands at `place`."""
        number, line = self._at(place)
        self._keep((number, line), name_of(place) or None, text)

    def add_line(self, line: int, text: str) -> None:
        """Keep a fault of a line of the flow's own file; line 0 is the file as a whole."""
        self._keep((0, line), None, text)

    def raise_any(self) -> None:
        """Raise the faults in the order of the file, as one ConfigFault; return if none."""
        faults = [fault for _, fault in sorted(self._kept, key=lambda kept: kept[0])]
        if faults:
            raise ConfigFault("\n".join(map(_told, faults)), faults=faults)

    def where(self, place: Place) -> str:
        """Name the file and the line of a place: `customers.toml:7`."""
        number, line = self._at(place)
        return f"{self.sources[number].file}:{line}"

    def line_of(self, place: Place) -> int:
        return self._at(place)[1]

    def _at(self, place: Place) -> tuple[int, int]:
        # What is missing has no line: then that of the table around it.
        while place:
            for number, source in enumerate(self.sources):
                if place in source.lines:
                    return number, source.lines[place]
            place = place[:-1]
        return 0, 0

    def _keep(self, at: tuple[int, int], key: str | None, text: str) -> None:
        expected, parted, found = text.partition(", found ")
        is_parted = bool(parted) and expected.startswith("expected ")
        fault: dict[str, object] = {
            "file": self.sources[at[0]].file if self.sources else None,
            "extended_by": self.sources[0].file if at[0] else None,
            "line": at[1] or None,
            "setting": key,
            "message": text,
            "expected": expected.removeprefix("expected ") if is_parted else None,
            "found": found if is_parted else None,
        }
        if fault not in [kept for _, kept in self._kept]:
            self._kept.append((at, fault))


def _told(fault: Mapping[str, object]) -> str:
    where = f"{fault['file']}:{fault['line']}" if fault["line"] else fault["file"]
    if fault["extended_by"]:
        where = f"{where} (extended by {fault['extended_by']})"
    parts = [where, fault["setting"], fault["message"]]
    return ": ".join(str(part) for part in parts if part)
