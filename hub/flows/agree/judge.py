"""Judge what the members of a link say: what is an echo, what is news, and what becomes of it.

A field is judged in two steps. What was said is heard: a word that a member showed already, that
stands for the agreed value, or that a flight is bringing it, is no news; any other is held. Then
what is held is ruled upon one by one, in the order in which it came, except where a flight to that
member lasts or a person is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from hub.flows.agree.agreement import (
    Change,
    Conflict,
    FieldState,
    Verdict,
    agree,
    consider,
    is_earlier,
    same_in,
)
from hub.flows.agree.rule import merged, rule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hub.flows.agree.agreement import Agreement, Said
    from hub.flows.flow import Field, Sync
    from hub.flows.steps.answers import Canonical


def judge(
    flow: Sync,
    agreement: Agreement,
    said: Mapping[str, Mapping[str, Said]],
    *,
    side_of: Mapping[str, str],
    in_flight: Mapping[str, Mapping[str, Canonical]],
    same: Callable[[Field, Canonical, Canonical], bool],
) -> Verdict:
    """Give what becomes of each field, now that members have said this.

    `side_of` has all members of the link, `said` those whose words are at hand, the main one of a
    side first, and `in_flight` what is under way to whom, by field.
    """
    changes: dict[str, Change] = {}
    conflicts: list[Conflict] = []
    for field in flow.fields:
        before = agreement.get(field.name) or FieldState()
        if _says_nothing_new(field.name, before, said, side_of):
            continue
        sent = {who: what[field.name] for who, what in in_flight.items() if field.name in what}
        hearing = Hearing(field, before, side_of, sent, same)
        for member, words in said.items():
            if field.name in words and member in side_of:
                hearing.hear(member, words[field.name])
        hearing.decide()
        if hearing.state != before:
            changes[field.name] = Change(state=hearing.state, why=hearing.why)
        if hearing.state.asks and not (before.asks and voices(before) == voices(hearing.state)):
            conflicts.append(_conflict(field, hearing.state))
    return Verdict(changes=changes, conflicts=conflicts)


def _says_nothing_new(
    name: str,
    state: FieldState,
    said: Mapping[str, Mapping[str, Said]],
    side_of: Mapping[str, str],
) -> bool:
    """Tell whether all say what they said before, and nothing waits: most fields of most events."""
    if state.held or state.asks or not state.words.keys() <= side_of.keys():
        return False
    for member, words in said.items():
        if name in words and member in side_of:
            known = state.words.get(member)
            if known is None or words[name].value != known.value:
                return False
    return True


class Hearing:
    """One field of a link while it is judged."""

    def __init__(
        self,
        field: Field,
        state: FieldState,
        side_of: Mapping[str, str],
        sent: Mapping[str, Canonical],
        same: Callable[[Field, Canonical, Canonical], bool],
    ) -> None:
        self.state = _of_members(state, side_of)
        self._field = field
        self._side_of = side_of
        self._sent = sent
        self._same = same_in(field, same)
        self._asked = self.state.held.keys() if state.asks else ()
        self._whys: list[str] = []

    @property
    def why(self) -> str:
        return "; ".join(self._whys) or "no news: it is what was agreed, written or said before"

    def hear(self, member: str, word: Said) -> None:
        known, held = self.state.words.get(member), self.state.held.get(member)
        if known is None:
            self._hear_first(member, word)
        elif not _is_newer(word, known):
            return
        elif self._is_news(member, word):
            self._hold(member, word)
        elif held is not None or word.value != known.value:
            self._consider(member, word, wins=True)
            if (
                held is not None
                and held.position > known.position
                and not self._is_ours(member, word)
            ):
                self._release(member)
                self._whys.append(f"{member} took it back")

    def _hear_first(self, member: str, word: Said) -> None:
        """Hear a member that had not spoken; one that is being made has no word of its own yet."""
        if member not in self._sent:
            self._hold(member, word)
        elif self._is_ours(member, word):
            self._consider(member, word, wins=True)

    def decide(self) -> None:
        if self.state.asks and self._is_moot():
            self.state = replace(self.state, asks=False)
            self._whys.append("they say the same again")
            word = self.state.held.get(self.state.by)
            if word is not None and len(self.state.held) > 1:
                self.state = agree(self.state, self.state.by, word, self._same)
        for member, word in sorted(self.state.held.items(), key=self._came):
            is_question = member in self.state.words or member in self._asked
            if member not in self._sent and not (self.state.asks and is_question):
                self._decide(member, word)

    def _decide(self, member: str, word: Said) -> None:
        if not self._is_news(member, word) and not self._is_baseline(member, word):
            self._release(member)
            self._consider(member, word, wins=True)
            return
        both = merged(self._field, self.state, member, word, self._side_of, same=self._same)
        if both is not None:
            self._whys.append(f"{member} and {self.state.by} changed different parts of it")
            self._release(member)
            others = {*self.state.beside, self.state.by} - {member}
            merged_state = agree(self.state, member, replace(word, value=both), self._same)
            self.state = replace(merged_state, beside=tuple(sorted(others)))
            self._consider(member, word, wins=True)
            return
        ruling = rule(self._field, self.state, member, word, self._side_of, same=self._same)
        self._whys.append(ruling.why)
        if ruling.act == "ask":
            self.state = replace(self.state, asks=True)
            return
        self._release(member)
        filled = replace(word, value=_filled(self._field, self.state.value, word.value))
        if ruling.act == "carry":
            self.state = agree(self.state, member, filled, self._same)
        self._consider(member, word, wins=ruling.act == "carry")
        left_empty = ruling.act == "carry" and filled.value != word.value
        if ruling.act == "leave empty" or left_empty:
            renderings = {**self.state.renderings, member: word.value}
            self.state = replace(self.state, renderings=renderings)

    def _is_moot(self) -> bool:
        """Tell whether there is nothing to choose from any more."""
        said = list(voices(self.state).values())
        return not self.state.held or all(self._same(said[0], each) for each in said)

    def _is_news(self, member: str, word: Said) -> bool:
        state, value = self.state, word.value
        known = state.words.get(member)
        if (known is not None and value == known.value) or self._is_agreed(member, value):
            return False
        return not self._is_ours(member, word)

    def _is_ours(self, member: str, word: Said) -> bool:
        """Tell whether a word is what a flight is bringing."""
        return member in self._sent and self._same(word.value, self._sent[member])

    def _is_baseline(self, member: str, word: Said) -> bool:
        """Tell whether an owner is heard first: of words that mean the same its own is kept."""
        owns = self._side_of[member] == self._field.owner
        return owns and member not in self.state.words and word.value is not None

    def _is_agreed(self, member: str, value: Canonical) -> bool:
        state = self.state
        accepted = member in state.renderings and self._same(value, state.renderings[member])
        return accepted or self._same(value, state.value)

    def _consider(self, member: str, word: Said, *, wins: bool) -> None:
        word = replace(word, before=None)
        self.state = state = consider(self.state, member, word, wins=wins)
        is_kept = state.words.get(member) == word
        if is_kept and self._is_agreed(member, word.value) and not state.stands(member):
            renderings = {**state.renderings, member: word.value}
            self.state = replace(state, renderings=renderings)

    def _hold(self, member: str, word: Said) -> None:
        """Keep news; said again it keeps its first stamp, unless it was written over meanwhile."""
        known, held = self.state.words.get(member), self.state.held.get(member)
        is_known = held is not None and held.value == word.value
        if held is not None and is_known and (known is None or held.position > known.position):
            return
        if member in self._sent and known is not None:
            word = replace(word, before=known.value if held is None else held.before)
        self.state = replace(self.state, held={**self.state.held, member: word})
        if member in self._sent:
            self._whys.append(f"{member} said something while it was written to: it waits for that")
        elif self.state.asks:
            self._whys.append(f"{member} says something else, while a person is asked")

    def _release(self, member: str) -> None:
        held = {who: word for who, word in self.state.held.items() if who != member}
        self.state = replace(self.state, held=held)

    def _came(self, each: tuple[str, Said]) -> int:
        """Sort first words before news, as they were handed in: the main member of a side first."""
        member, word = each
        return word.position if member in self.state.words else 0


def _filled(field: Field, known: Canonical, value: Canonical) -> Canonical:
    """Keep the parts of an address that a word leaves empty, unless it is another address."""
    if field.empty != "keep" or not isinstance(known, dict) or not isinstance(value, dict):
        return value
    if any(known.get(part) and one and known[part] != one for part, one in value.items()):
        return value
    return {part: value.get(part) or known.get(part, "") for part in {**known, **value}}


def voices(state: FieldState) -> dict[str, Canonical]:
    """Give what a person has to choose from: the agreed value, and the news that disagrees."""
    held = {member: word.value for member, word in state.held.items()}
    return held if state.by in held else {state.by: state.value, **held}


def _conflict(field: Field, state: FieldState) -> Conflict:
    before = [state.words[member].value for member in state.held if member in state.words]
    return Conflict(field=field.name, values=voices(state), agreed=next(iter(before), None))


def _is_newer(word: Said, known: Said) -> bool:
    return word.position > known.position and not is_earlier(word.stamp, known.stamp)


def _of_members(state: FieldState, side_of: Mapping[str, str]) -> FieldState:
    """Forget who is no longer in the link."""
    if side_of.keys() >= state.words.keys() | state.held.keys():
        return state
    return replace(
        state,
        words={who: word for who, word in state.words.items() if who in side_of},
        renderings={who: value for who, value in state.renderings.items() if who in side_of},
        held={who: word for who, word in state.held.items() if who in side_of},
    )
