"""The judgement against a model: whoever edits and whatever is written in whatever order, what is
agreed, asked and owed is what the rules say word for word.

Here nothing happens while a write is under way, so the model needs no positions and no flights: it
knows what each member shows, and what it may go on showing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.flows.agree.link import NAME, Link, fields, sync

if TYPE_CHECKING:
    from collections.abc import Sequence

MEMBERS = ("crm", "books", "books2")


class Model:
    """One field, by the rules; `a` and `A` mean the same."""

    def __init__(self, members: Sequence[str], **field: str) -> None:
        self.field = {"clash": "owner", "lone": "carry", "empty": "keep", **field}
        self.members = members
        self.shows: dict[str, str | None] = {}
        self.may_show: dict[str, set[str | None]] = {member: set() for member in members}
        self.value: str | None = None
        self.by, self.second = "", 0
        self.asked: dict[str, tuple[str | None, int]] = {}

    def owes(self, member: str) -> bool:
        if self.asked or member not in self.shows:
            return False
        return self.shows[member] not in {self.value, *self.may_show[member]}

    def first(self, words: dict[str, str | None]) -> None:
        self.shows = dict(words)
        owner = self.field["owner"]
        sides = {side: [words[each] for each in words if each.startswith(side)] for side in words}
        voice = {
            side: next((word for word in words_of if word is not None), None)
            for side, words_of in sides.items()
            if side != "books2"
        }
        said = {side: word for side, word in voice.items() if word is not None}
        if not said:
            return
        winner = owner if owner in said else next(iter(said))
        word = said[winner]
        # All were seen in one second, by one event: of equally late ones the first stays.
        speaker = next(each for each in words if each.startswith(winner) and words[each] == word)
        self._agree(speaker, word, 0)
        others = [word for word in said.values() if plain(word) != plain(self.value)]
        if owner == "ask" and others:
            asked = next(side for side in said if plain(said[side]) != plain(self.value))
            who = next(each for each in words if each.startswith(asked) and words[each] is not None)
            del self.shows[who]
            self.asked = {who: (words[who], 0)}

    def edit(self, member: str, word: str | None, second: int) -> None:
        if self.asked:
            self._edit_while_asked(member, word, second)
            return
        pending, before = self.owes(member) and self._is_rival(member), self.shows[member]
        if word == before:
            return
        self.shows[member] = word
        if plain(word) in {plain(self.value), *map(plain, self.may_show[member])}:
            self.may_show[member] |= {word}
        elif word is None and self.field["empty"] == "keep":
            if before in {self.value, *self.may_show[member]} and not self._is_put_back(member):
                self.may_show[member] |= {None}
        elif pending and self.field["clash"] == "ask":
            self.shows[member] = before
            self.asked = {member: (word, second)}
        elif pending:
            self._contest(member, word, second, before)
        elif not self._is_put_back(member) or (
            self.value is None and self.field["empty"] == "keep"
        ):
            self._agree(member, word, second)

    def write(self, member: str) -> None:
        self.shows[member] = self.value
        self.may_show[member] = set()

    def answer(self, word: str | None) -> None:
        for member, (held, _) in self.asked.items():
            self.shows[member] = held
        self.asked = {}
        self._agree("ann", word, -1)

    def _edit_while_asked(self, member: str, word: str | None, second: int) -> None:
        known = self.shows.get(member)
        agreed = {plain(self.value), *map(plain, self.may_show[member])}
        if member in self.shows and (word == known or plain(word) in agreed):
            self.asked.pop(member, None)
            self.shows[member] = word
            self.may_show[member] |= {word} if word != known else set()
        elif member not in self.asked or self.asked[member][0] != word:
            self.asked[member] = (word, second)
        rest = [] if self.by in self.asked else [self.value]
        voices = [*rest, *(held for held, _ in self.asked.values())]
        if len({plain(voice) for voice in voices}) == 1:
            self._close()

    def _close(self) -> None:
        held, self.asked = self.asked, {}
        if len(held) == 1 and self.by in held:
            self.edit(self.by, *held[self.by])
            return
        if self.by in held:
            self._agree(self.by, *held[self.by])
        for each, (said, _) in held.items():
            self.shows[each] = said
            self.may_show[each] |= {said}

    def _contest(self, member: str, word: str | None, second: int, before: str | None) -> None:
        owner = self.field["owner"]
        if owner == "ask":
            self.shows[member] = before
            self.asked = {member: (word, second)}
        elif member.startswith(owner) or (owner == "latest" and second >= self.second):
            self._agree(member, word, second)

    def _agree(self, member: str, word: str | None, second: int) -> None:
        self.value, self.by, self.second = word, member, second
        self.may_show = {
            each: {shown} if shown is not None and plain(shown) == plain(word) else set()
            for each, shown in ((each, self.shows.get(each)) for each in self.members)
        }

    def _is_rival(self, member: str) -> bool:
        return self.by.rstrip("2") != member.rstrip("2")

    def _is_put_back(self, member: str) -> bool:
        owner = self.field["owner"]
        beside = owner in ("crm", "books") and not member.startswith(owner)
        return beside and self.field["lone"] == "put_back"


def plain(word: str | None) -> str | None:
    return word if word is None else word.casefold()


words = st.sampled_from(["a", "A", "b", "c", None])
edits = st.tuples(st.sampled_from(MEMBERS), words, st.integers(-3, 3))
writes = st.tuples(st.just("write"), st.sampled_from(MEMBERS))
answers = st.tuples(st.just("answer"), st.integers(0, 5))
acts = st.lists(edits | writes | answers, max_size=12)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(fields, st.integers(2, 3), st.tuples(words, words, words), acts)
def test_it_is_what_the_rules_say(
    field: dict[str, str], count: int, start: tuple[str | None, ...], done: list[Any]
) -> None:
    check(field, count, start, done)


def check(
    field: dict[str, str], count: int, start: tuple[str | None, ...], done: list[Any]
) -> None:
    members = MEMBERS[:count]
    link, model = Link(sync(**field), *members), Model(members, **field)
    link.see(dict(zip(members, start, strict=False)))
    model.first(dict(zip(members, start, strict=False)))
    agree_on_everything(link, model)
    # A member's own vendor tells the time one way only; between vendors it may be off.
    seconds = dict.fromkeys(members, 10)
    for act, *rest in done:
        if act == "answer":
            answer(link, model, rest[0])
        elif act == "write" and rest[0] in members and link.owed(rest[0]):
            assert link.write(rest[0]) == model.value
            model.write(rest[0])
            seconds[rest[0]] = max(seconds[rest[0]], link.second)
        elif act in members:
            word, drift = rest
            seconds[act] = max(seconds[act], link.second + 1 + drift)
            link.say(act, word, second=seconds[act])
            model.edit(act, word, seconds[act])
        agree_on_everything(link, model)


def answer(link: Link, model: Model, number: int) -> None:
    if model.asked:
        choices = [model.value, *(word for word, _ in model.asked.values()), "d", None]
        chosen = choices[number % len(choices)]
        link.settle(chosen)
        model.answer(chosen)


def agree_on_everything(link: Link, model: Model) -> None:
    assert link.state.asks == bool(model.asked)
    assert link.state.value == model.value
    for member in model.members:
        assert link.owed(member) == ({NAME: model.value} if model.owes(member) else {})
