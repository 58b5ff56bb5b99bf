"""Vendors that keep one field, a hub that hears of it late or twice, and writes that get lost.

What the hub knows of each member is kept as the records are: the newest stamp holds, and of equal
stamps what came last. Every edit is one of its kind, so it can be followed to what became of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from hub.flows.agree import Said, rendered, written
from tests.flows.agree.link import NAME, NOON, Link, same

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hub.flows.flow import Sync
    from hub.flows.steps.answers import Canonical


RENDERINGS: Mapping[str, Callable[[Any], str]] = {
    "as it is": str,
    "trimmed": str.strip,
    "in capitals": str.upper,
    "cut": lambda text: text[:9],
    "in other words": lambda text: f"({text.strip('()')})",
}


@dataclass
class Edit:
    """A person's word, once the hub has heard it."""

    member: str
    value: Canonical
    second: int
    informed_of: int
    """The agreed value that the person had before their eyes, by its event; -1: another."""
    is_heard: bool = False


@dataclass
class Vendor:
    render: Callable[[Any], str]
    value: Canonical
    second: int = 0
    told: list[tuple[Canonical, int]] = field(default_factory=list)
    typed: dict[Canonical, Edit] = field(default_factory=dict)
    flight: tuple[Canonical, bool] | None = None
    """What is under way to it, and whether it got there."""
    answer: tuple[Canonical, int] = (None, 0)
    """What it showed when that arrived, and its stamp."""

    def put(self, value: Canonical, second: int) -> None:
        self.value = None if value is None else self.render(value)
        self.second = second
        self.told.append((self.value, second))


class Play:
    def __init__(self, flow: Sync, vendors: Mapping[str, Vendor]) -> None:
        self.link = Link(flow, *vendors)
        self.field = flow.fields[0]
        self.vendors = vendors
        self.known: dict[str, Said] = {}
        self.open: dict[tuple[str, Canonical], Edit] = {}
        self.written_at: dict[str, int] = {}
        self.shown: dict[str, tuple[Canonical, int]] = {}
        self.second = 0
        self.writes = 0
        self.sent: set[tuple[str, Canonical]] = set()
        self._number = count(1)
        for vendor in vendors.values():
            vendor.put(vendor.value, 0)
        for member in vendors:
            self.hear(member, vendors[member].value, 0)

    def edit(self, member: str, *, clear: bool) -> None:
        vendor = self.vendors[member]
        informed_of = -1
        if vendor.value in self.may_show(member) and vendor.flight is None:
            informed_of = self.link.state.since
        value = None if clear else f" {next(self._number)} is a name"
        if clear and vendor.value is None:
            return
        vendor.put(value, self.second)
        vendor.typed[vendor.value] = Edit(member, vendor.value, self.second, informed_of)

    def may_show(self, member: str) -> set[Any]:
        state = self.link.state
        return {state.value, state.renderings.get(member, state.value)}

    def hear(self, member: str, value: Canonical, second: int, *, all_said: bool = False) -> None:
        """Have the hub see a record as it was, and judge; it may hand in what it knew before."""
        link = self.link
        link.position += 1
        known = self.known.get(member)
        stamp = NOON + timedelta(seconds=second)
        if known is None or known.stamp is None or stamp >= known.stamp:
            self.known[member] = Said(value=value, stamp=stamp, position=link.position)
            self._follow(member, value, second)
        said = self.known if all_said else {member: self.known[member]}
        self.judge(said)

    def send(self, member: str) -> None:
        value = self.link.send(member)
        vendor = self.vendors[member]
        vendor.flight = (value, False)
        self._is_called_for(member, value)

    def arrive(self, member: str) -> None:
        vendor = self.vendors[member]
        assert vendor.flight is not None
        vendor.flight = (vendor.flight[0], True)
        vendor.put(vendor.flight[0], self.second)
        if same(self.field, vendor.value, vendor.flight[0]):
            self.sent.add((member, vendor.value))
        self.writes += 1
        vendor.answer = (vendor.value, vendor.second)

    def answer(self, member: str) -> None:
        link, (returned, second) = self.link, self.vendors[member].answer
        sent = link.flights.pop(member)
        link.position += 1
        stamp = NOON + timedelta(seconds=second)
        link.agreement = written(link.agreement, member, sent, at=link.position, stamp=stamp)
        link.agreement = rendered(link.agreement, member, sent, {NAME: returned})
        self.vendors[member].flight = None
        self.written_at[member] = second
        if second >= self.shown[member][1]:
            self.shown[member] = (returned, second)
        self.judge({})

    def lose(self, member: str) -> None:
        """Lose the answer: the record is read, and judged while the flight still lasts."""
        vendor = self.vendors[member]
        self.hear(member, vendor.value, vendor.second)
        del self.link.flights[member]
        vendor.flight = None
        self.judge({})

    def judge(self, said: Mapping[str, Said]) -> None:
        verdict = self.link.judge(said)
        if verdict.changes:
            self._is_somebody_s_word()
        for conflict in verdict.conflicts:
            for member, value in conflict.values.items():
                self.open.pop((member, value), None)
        if self.link.agreement:
            self.open.pop((self.link.state.by, self.link.state.value), None)
        self._account_for_edits()

    def settle(self, number: int) -> None:
        state = self.link.state
        values = [state.value, *(word.value for word in state.held.values())]
        self.link.settle(values[number % len(values)])
        self._account_for_edits()

    def _follow(self, member: str, value: Canonical, second: int) -> None:
        """Follow an edit from when it is heard; it replaces another of that member."""
        vendor = self.vendors[member]
        self.shown[member] = (value, second)
        if value in vendor.typed or self._is_strange(vendor, value):
            self.open = {key: each for key, each in self.open.items() if key[0] != member}
        edit = vendor.typed.get(value)
        if edit is None or edit.is_heard or second < self.written_at.get(member, 0):
            return
        edit.is_heard = True
        if vendor.flight is not None:
            edit.informed_of = -1  # what it was typed over nobody can tell
        if value is not None:
            self.open[member, value] = edit

    def _is_strange(self, vendor: Vendor, value: Canonical) -> bool:
        """Tell whether this is a rendering of what is under way that nobody can know for one."""
        return vendor.flight is not None and not same(self.field, value, vendor.flight[0])

    def _account_for_edits(self) -> None:
        """Let no edit go but by a rule of the owner's."""
        for key, edit in list(self.open.items()):
            waits = self.link.state.held.get(edit.member)
            if waits is None or waits.value != edit.value:
                del self.open[key]
                self._may_be_dropped(edit)

    def _may_be_dropped(self, edit: Edit) -> None:
        field, state, side_of = self.field, self.link.state, self.link.side_of
        side = side_of[edit.member]
        if field.owner not in ("latest", "ask", side) and field.lone == "put_back":
            return
        assert edit.informed_of != state.since, f"{edit} was a lone one: {state}"
        if field.owner == side:
            assert side_of.get(state.by) == side, f"{edit} was the owner's: {state}"
        elif field.owner == "latest" and state.stamp is not None:
            assert state.stamp >= NOON + timedelta(seconds=edit.second), f"{edit}: {state}"

    def _is_somebody_s_word(self) -> None:
        """Agree on nothing that only our own write put where it was seen."""
        by, value = self.link.state.by, self.link.state.value
        if (vendor := self.vendors.get(by)) is None or (by, value) not in self.sent:
            return
        seconds = [second for shown, second in vendor.told if shown == value]
        in_doubt = any(second in seconds for shown, second in vendor.told if shown != value)
        assert value in {*vendor.typed, vendor.told[0][0]} or in_doubt

    def _is_called_for(self, member: str, value: Canonical) -> None:
        """Write nothing that the hub knows is shown, and clear nothing that was to be kept."""
        state, (shown, second) = self.link.state, self.shown[member]
        in_doubt = second == self.written_at.get(member)
        assert shown != value or in_doubt, f"{member} shows {value!r} already: {state}"
        assert value is not None or self.field.empty == "carry" or state.by == "operator:ann"

    def comes_to_rest(self) -> None:
        """Stop all edits, let everything be heard and written: all show what is agreed."""
        for member, vendor in self.vendors.items():
            if vendor.flight is not None:
                self.lose(member)
        self.second += 2
        writes = self.writes
        for _ in range(10):
            self._hear_all()
            while self.link.state.asks:
                self.settle(1)
            owing = [member for member in self.vendors if self.link.owed(member)]
            if not owing:
                break
            for member in owing:
                if self.link.owed(member):
                    self.second += 2
                    self.send(member)
                    self.arrive(member)
                    self.answer(member)
        assert self.writes - writes <= len(self.vendors) * 3
        before = self.link.agreement
        self._hear_all()
        assert self.link.agreement == before
        assert self.link.is_quiet
        for member, vendor in self.vendors.items():
            assert vendor.value in self.may_show(member)
        assert not self.open

    def _hear_all(self) -> None:
        for member, vendor in self.vendors.items():
            self.hear(member, vendor.value, vendor.second)
