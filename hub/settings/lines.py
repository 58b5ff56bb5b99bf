"""On which line each key of a TOML document stands, which tomllib does not tell.

tomllib stays the judge of what is TOML. This scan reads a document that tomllib has accepted and
only finds its way from key to key, so it may be small: it need not know a date from a number.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left

Place = tuple[str | int, ...]
"""The way to a value: keys, and for what stands in a list its number, from 0."""

# No possessive quantifiers: `re` of Python before 3.11.5 matches too much with some of them.
_GAP = re.compile(r"[ \t\r\n]*(?:#[^\n]*[ \t\r\n]*)*")
_BARE = re.compile(r"[^\s.=\[\]{},#\"']+")
_SCALAR = re.compile(r"[^,\]}#\n]+")
# A multi-line string may end in up to two quotes of its own before the three that close it.
_QUOTED = re.compile(
    r'''"""(?:\\.|[^"\\]|"{1,2}(?!"))*"{3,5}'''
    r"""|'''(?:[^']|'{1,2}(?!'))*'{3,5}"""
    r'''|"(?:\\.|[^"\\])*"'''
    r"""|'[^']*'""",
    re.DOTALL,
)


def lines_of(text: str) -> dict[Place, int]:
    """Map every table, key and list entry of a valid TOML document to its line, from 1."""
    scan = _Scan(text)
    scan.document()
    return scan.lines


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Place, int] = {}
        self._line_ends = [found.start() for found in re.finditer("\n", text)]
        self._last_table: dict[Place, int] = {}

    def document(self) -> None:
        table: Place = ()
        while self._skip_gap():
            if self._took("[["):
                table = self._header_of_one_more()
            elif self._took("["):
                table = self._header()
            else:
                self._entry(table)

    def _header(self) -> Place:
        line, table = self._line(), self._resolved(self._key())
        self._took("]")
        self._note((), table, line)
        return table

    def _header_of_one_more(self) -> Place:
        line, key = self._line(), self._key()
        self._took("]]")
        tables = (*self._resolved(key[:-1]), key[-1])
        self._last_table[tables] = self._last_table.get(tables, -1) + 1
        self.lines.setdefault(tables, line)
        table = (*tables, self._last_table[tables])
        self._note((), table, line)
        return table

    def _resolved(self, key: tuple[str, ...]) -> Place:
        """A header that passes through an array of tables means the last one written so far."""
        place: Place = ()
        for part in key:
            place = (*place, part)
            if place in self._last_table:
                place = (*place, self._last_table[place])
        return place

    def _entry(self, table: Place) -> None:
        line, key = self._line(), self._key()
        self._took("=")
        self._skip_gap()
        self._note(table, (*table, *key), line)
        self._value((*table, *key))

    def _note(self, table: Place, place: Place, line: int) -> None:
        for length in range(len(table) + 1, len(place)):
            self.lines.setdefault(place[:length], line)
        self.lines[place] = line

    def _value(self, place: Place) -> None:
        if self._took("["):
            self._list(place)
        elif self._took("{"):
            self._inline_table(place)
        else:
            value = self._took_match(_QUOTED) or self._took_match(_SCALAR)
            assert value, f"there is no value on line {self._line()}"

    def _list(self, place: Place) -> None:
        entry = 0
        while self._skip_gap() and not self._took("]"):
            self.lines[(*place, entry)] = self._line()
            self._value((*place, entry))
            entry += 1
            self._skip_gap()
            self._took(",")

    def _inline_table(self, place: Place) -> None:
        while self._skip_gap() and not self._took("}"):
            self._entry(place)
            self._skip_gap()
            self._took(",")

    def _key(self) -> tuple[str, ...]:
        parts = [self._key_part()]
        while self._took("."):
            parts.append(self._key_part())
        return tuple(parts)

    def _key_part(self) -> str:
        self._skip_gap()
        if word := self._took_match(_QUOTED):
            part = str(tomllib.loads(f"part = {word}")["part"])
        else:
            part = self._took_match(_BARE)
            assert part, f"there is no key on line {self._line()}"
        self._skip_gap()
        return part

    def _took(self, sign: str) -> bool:
        if not self.text.startswith(sign, self.at):
            return False
        self.at += len(sign)
        return True

    def _took_match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found.group()

    def _skip_gap(self) -> bool:
        self._took_match(_GAP)
        return self.at < len(self.text)

    def _line(self) -> int:
        return bisect_left(self._line_ends, self.at) + 1
