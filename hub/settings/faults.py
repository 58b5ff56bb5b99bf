"""What is wrong with the settings, gathered so that all of it is told at once."""

from __future__ import annotations

import json
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from hub.errors import ConfigFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hub.settings.lines import Place

TEXT_SHOWN_MAX = 60
# Python refuses to write out an integer of more than a few thousand digits.
NUMBER_SHOWN_MAX = 10**20
NOT_SHOWN = "text that is not shown, as it may hold a secret"

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_URL_WITH_PASSWORD = re.compile(r"://\S*@")
_KINDS = {bool: "true or false", int: "a whole number", float: "a number", dict: "a table"}


class Unfit(Exception):
    """One value that cannot be taken: what was expected, and what was found."""

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(f"expected {expected}, found {found}")


class Faults:
    """The faults of one reading. `add` takes one of the file, `add_variable` one of a variable."""

    def __init__(self) -> None:
        self.file = "hub.toml"
        self.lines: Mapping[Place, int] = {}
        self._of_file: list[tuple[int, str, dict[str, object]]] = []
        self._of_variables: list[tuple[str, str, dict[str, object]]] = []

    def raise_any(self) -> None:
        """Raise the faults, in the order of the file, as one ConfigFault; return if none."""
        of_file = sorted(self._of_file, key=lambda one: one[:2])
        told = [*of_file, *sorted(self._of_variables, key=lambda one: one[:2])]
        if told:
            faults = [fault for *_, fault in told]
            raise ConfigFault("\n".join(text for _, text, _ in told), faults=faults)

    def add(self, place: Place, text: str) -> None:
        """Keep a fault of the setting at `place`."""
        line, name = self._line(place), name_of(place)
        fault = _fault(text, file=self.file, line=line or None, setting=name)
        self._of_file.append((line, f"{self._at(line)}: {name}: {text}", fault))

    def add_line(self, line: int, text: str) -> None:
        """Keep a fault of a line; line 0 is the file as a whole."""
        fault = _fault(text, file=self.file, line=line or None)
        self._of_file.append((line, f"{self._at(line)}: {text}", fault))

    def add_variable(self, variable: str, text: str) -> None:
        """Keep a fault of an environment variable."""
        fault = _fault(text, variable=variable)
        self._of_variables.append((variable, f"{variable}: {text}", fault))

    def where(self, place: Place) -> str:
        """Name the file and the line of a place: `hub.toml:7`."""
        return self._at(self._line(place))

    def _at(self, line: int) -> str:
        return f"{self.file}:{line}" if line else self.file

    def _line(self, place: Place) -> int:
        # What is missing has no line: then that of the table around it.
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 0)


def _fault(text: str, **where: object) -> dict[str, object]:
    """Give a fault in parts; what is no matter of expected and found has None for both."""
    nowhere = {"file": None, "line": None, "setting": None, "variable": None}
    expected, parted, found = text.partition(", found ")
    is_parted = parted and expected.startswith("expected ")
    return {
        **nowhere,
        **where,
        "message": text,
        "expected": expected.removeprefix("expected ") if is_parted else None,
        "found": found if is_parted else None,
    }


def name_of(place: Place) -> str:
    """Write a place as one would in TOML: `connections."my shop".keep_out[2]`."""
    name = ""
    for part in place:
        if isinstance(part, int):
            name += f"[{part}]"
        else:
            name += f".{part if _BARE_KEY.fullmatch(part) else quoted(part)}"
    return name.removeprefix(".")


def nearest(name: str, known: Iterable[str], *, likeness: float = 0.6) -> str:
    """Give `; did you mean "x"?` when a known name is near, else nothing."""
    near = get_close_matches(name, list(known), n=1, cutoff=likeness)
    return f'; did you mean "{near[0]}"?' if near else ""


def shown(value: object) -> str:
    """Say what was found, without repeating what may be a password."""
    if isinstance(value, str):
        return NOT_SHOWN if _URL_WITH_PASSWORD.search(value) else quoted(value)
    if isinstance(value, int) and abs(value) > NUMBER_SHOWN_MAX:
        return "a number too long to repeat"
    if isinstance(value, int | float):
        return str(value).lower()
    return kind_of(value)


def kind_of(value: object) -> str:
    """Say of what kind a value is, and nothing of its content."""
    if isinstance(value, str):
        return NOT_SHOWN
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    return _KINDS.get(type(value), "a date or time")


def quoted(text: str) -> str:
    """Put text in quotes, escaped, and cut where it grows long."""
    if len(text) > TEXT_SHOWN_MAX:
        return json.dumps(text[:TEXT_SHOWN_MAX], ensure_ascii=False) + "…"
    return json.dumps(text, ensure_ascii=False)
