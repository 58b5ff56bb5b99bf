"""The lines of `expect`, held against what happened in a story.

books.contacts is made with company_name = "Velm"     that, among others
books.invoices is made once                           and no second one
books.invoices is not made
account 3 gets Website = "y"                          account 3 gets nothing
account 3 is linked with books.contact 9
asked: part of the question                           nothing is asked
nothing, because: part of the reason                  nothing at all was written
because: part of the reason
nothing else                                          is written than the lines above say
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hub.flows.examples.names import RECORD, NotAStory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from re import Match

    from hub.flows.examples.happened import Happened
    from hub.flows.examples.names import Names

_KIND = r"(?P<kind>[A-Za-z_][\w.]*)"


def missed(lines: Sequence[str], happened: Sequence[Happened], names: Names) -> list[str]:
    """Give the lines that did not come true; NotAStory where one cannot be read."""
    kept = _Kept(happened, names)
    return [line for line in lines if not kept.holds(line)]


class _Kept:
    """What happened, and which of the writes were spoken of."""

    def __init__(self, happened: Sequence[Happened], names: Names) -> None:
        self._happened = happened
        self._names = names
        self._spoken: set[int] = set()

    def holds(self, line: str) -> bool:
        for pattern, holds in _FORMS:
            if said := pattern.fullmatch(line):
                try:
                    return holds(self, said)
                except NotAStory as fault:
                    raise NotAStory(f"{line}: {fault}") from fault
        forms = "`books.contacts is made with …`, `account 3 gets …`, `asked: …`, `nothing else`"
        raise NotAStory(f"{line}: expected what is to follow, as {forms}")

    def is_made(self, said: Match[str]) -> bool:
        return bool(self._made(said))

    def is_made_once(self, said: Match[str]) -> bool:
        return len(self._made(said)) == 1 == len(list(self._made_of(said["kind"])))

    def is_not_made(self, said: Match[str]) -> bool:
        return not list(self._made_of(said["kind"]))

    def gets(self, said: Match[str]) -> bool:
        key = self._names.key(said["word"], said["id"])
        fields = self._names.fields(said["fields"], key[0])
        return self._spoke_of(
            (number, one)
            for number, one in self._writes()
            if one.key == key and says(one.sent, fields)
        )

    def gets_nothing(self, said: Match[str]) -> bool:
        key = self._names.key(said["word"], said["id"])
        return not any(one.key == key and one.what == "wrote" for _, one in self._writes())

    def is_linked(self, said: Match[str]) -> bool:
        both = {
            self._names.key(said["word"], said["id"]),
            self._names.key(said["other"], said["other_id"]),
        }
        return any(both <= set(one.keys) for one in self._happened)

    def asked(self, said: Match[str]) -> bool:
        return self._told("asked", said["part"])

    def nothing_asked(self, _: Match[str]) -> bool:
        return not any(one.what == "asked" for one in self._happened)

    def because(self, said: Match[str]) -> bool:
        return self._told("why", said["part"])

    def nothing_because(self, said: Match[str]) -> bool:
        return not list(self._writes()) and self.because(said)

    def nothing(self, _: Match[str]) -> bool:
        return not list(self._writes())

    def nothing_else(self, _: Match[str]) -> bool:
        return all(number in self._spoken for number, _ in self._writes())

    def _made(self, said: Match[str]) -> list[int]:
        connection, _ = self._names.kind(said["kind"])
        fields = self._names.fields(said["fields"], connection) if said["fields"] else {}
        found = [number for number, one in self._made_of(said["kind"]) if says(one.fields, fields)]
        self._spoken.update(found)
        return found

    def _made_of(self, word: str) -> Iterator[tuple[int, Happened]]:
        kind = self._names.kind(word)
        for number, one in self._writes():
            if one.what == "made" and one.key is not None and one.key[:2] == kind:
                yield number, one

    def _writes(self) -> Iterator[tuple[int, Happened]]:
        return ((number, one) for number, one in enumerate(self._happened) if one.is_write)

    def _spoke_of(self, found: Iterator[tuple[int, Happened]]) -> bool:
        numbers = {number for number, _ in found}
        self._spoken |= numbers
        return bool(numbers)

    def _told(self, what: str, part: str) -> bool:
        return any(one.what == what and part in one.sentence for one in self._happened)


def says(found: Any, expected: Any) -> bool:
    """Tell whether JSON says what is expected; what else it says is no matter."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return all(name in found and says(found[name], one) for name, one in expected.items())
    if isinstance(expected, list) and isinstance(found, list):
        return len(found) == len(expected) and all(map(says, found, expected))
    return bool(found == expected)


_WITH = r"(?: with (?P<fields>.+))?"
_FORMS: tuple[tuple[re.Pattern[str], Callable[[_Kept, Match[str]], bool]], ...] = (
    (re.compile("nothing"), _Kept.nothing),
    (re.compile("nothing else"), _Kept.nothing_else),
    (re.compile("nothing is asked"), _Kept.nothing_asked),
    (re.compile("nothing, because: (?P<part>.+)"), _Kept.nothing_because),
    (re.compile("because: (?P<part>.+)"), _Kept.because),
    (re.compile("asked: (?P<part>.+)"), _Kept.asked),
    (re.compile(rf"{_KIND} is not made"), _Kept.is_not_made),
    (re.compile(rf"{_KIND} is made once{_WITH}"), _Kept.is_made_once),
    (re.compile(rf"{_KIND} is made{_WITH}"), _Kept.is_made),
    (re.compile(rf"{RECORD} gets nothing"), _Kept.gets_nothing),
    (re.compile(rf"{RECORD} gets (?P<fields>.+)"), _Kept.gets),
    (
        re.compile(rf"{RECORD} is linked with (?P<other>[A-Za-z_][\w.]*) (?P<other_id>[\w-]+)"),
        _Kept.is_linked,
    ),
)
"""The first that a line has the form of is what it says."""
