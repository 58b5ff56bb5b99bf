"""A link of one field, played by hand: members speak, are written to, and answer.

Every call is a second and an event later than the one before, unless it says otherwise.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
from hypothesis import strategies as st

from hub.flows.agree import (
    Agreement,
    FieldState,
    Said,
    Verdict,
    judge,
    owed,
    rendered,
    settle,
    written,
)
from hub.flows.flow import Field, Guard, Match, Side, Sync

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.flows.steps.answers import Canonical

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAME = "name"

fields = st.fixed_dictionaries(
    {
        "owner": st.sampled_from(["crm", "books", "latest", "ask"]),
        "clash": st.sampled_from(["owner", "ask"]),
        "lone": st.sampled_from(["carry", "put_back"]),
        "empty": st.sampled_from(["keep", "carry"]),
    }
)


def sync(**field: Any) -> Sync:
    """Make a sync of crm and books that has one field, owned by crm unless said otherwise."""
    places = {"crm": ("Account_Name",), "books": ("company_name",)}
    return Sync(
        name="customers",
        id="customers",
        about="",
        sides=tuple(Side(name=side, connection=side, kind="kind") for side in places),
        match=Match(),
        new={},
        gone={},
        fields=(Field(**{"name": NAME, "places": places, "owner": "crm", **field}),),
        guard=Guard(),
    )


def same(field: Field, one: Canonical, other: Canonical) -> bool:
    return _plain(one) == _plain(other)


def _plain(value: Canonical) -> Canonical:
    if isinstance(value, dict):
        return {part: said.strip().casefold() for part, said in value.items()}
    return value.strip().casefold() if isinstance(value, str) else value


class Link:
    """Its members are `crm`, `books` and `books2`: the member's name begins with its side's."""

    def __init__(self, flow: Sync, *members: str) -> None:
        self.flow = flow
        self.side_of = {member: member.rstrip("2") for member in members or ("crm", "books")}
        self.agreement: Agreement = {}
        self.flights: dict[str, dict[str, Canonical]] = {}
        self.position = 0
        self.second = 0

    @property
    def state(self) -> FieldState:
        return self.agreement[NAME]

    def at_rest(self, value: Canonical = "Acme") -> Link:
        """Have all members say the same from the start."""
        self.see(dict.fromkeys(self.side_of, value))
        return self

    def see(self, values: Mapping[str, Canonical]) -> Verdict:
        """Have several be seen by one event."""
        self.second += 1
        self.position += 1
        return self.judge({who: self.word(value) for who, value in values.items()})

    def say(self, member: str, value: Canonical, *, second: int | None = None) -> Verdict:
        """Have a member be seen to say this, at its vendor's stamp."""
        self.second += 1
        self.position += 1
        return self.judge({member: self.word(value, second)})

    def word(self, value: Canonical, second: int | None = None) -> Said:
        stamp = NOON + timedelta(seconds=self.second if second is None else second)
        return Said(value=value, stamp=stamp, position=self.position)

    def judge(self, words: Mapping[str, Said]) -> Verdict:
        verdict = judge(
            self.flow,
            self.agreement,
            {member: {NAME: word} for member, word in words.items()},
            side_of=self.side_of,
            in_flight=self.flights,
            same=same,
        )
        changed = {name: change.state for name, change in verdict.changes.items()}
        self._keep({**self.agreement, **changed})
        return verdict

    def owed(self, member: str) -> dict[str, Canonical]:
        return owed(self.flow, self.agreement, member, self.side_of[member])

    @property
    def is_quiet(self) -> bool:
        return not any(self.owed(member) for member in self.side_of)

    def send(self, member: str) -> Canonical:
        """Put what is owed under way; give it."""
        self.position += 1
        self.flights[member] = self.owed(member)
        return self.flights[member][NAME]

    def answer(
        self,
        member: str,
        *,
        second: int | None = None,
        shows: Canonical = None,
        stampless: bool = False,
    ) -> Verdict:
        """Have the vendor say that it is done, and what it made of it."""
        self.second += 1
        self.position += 1
        sent = self.flights.pop(member)
        stamp = None if stampless else self.word(None, second).stamp
        self._keep(written(self.agreement, member, sent, at=self.position, stamp=stamp))
        if shows is not None:
            self._keep(rendered(self.agreement, member, sent, {NAME: shows}))
        return self.judge({})

    def refuse(self, member: str) -> Verdict:
        self.position += 1
        del self.flights[member]
        return self.judge({})

    def write(self, member: str, *, shows: Canonical = None) -> Canonical:
        """Send and answer in one go; give what was sent."""
        value = self.send(member)
        self.answer(member, shows=shows)
        return value

    def settle(self, value: Canonical) -> None:
        self.position += 1
        (field,) = self.flow.fields
        self._keep(
            settle(self.agreement, field, value, by="operator:ann", at=self.position, same=same)
        )
        self.judge({})

    def _keep(self, agreement: Agreement) -> None:
        """Keep it as it is kept in the log: as JSON."""
        text = msgspec.json.encode(agreement)
        self.agreement = msgspec.json.decode(text, type=dict[str, FieldState])
        assert self.agreement == agreement
