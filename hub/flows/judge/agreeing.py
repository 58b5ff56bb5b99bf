"""Have a link agree: what its fields are, now that some of its members have spoken.

What a vendor made of what was written to it, cut or spelt its own way, is accepted as how it says
the agreed value; all else that is news is judged by the owners of the fields.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec

from hub.conclusions import Agreed
from hub.flows import agree, steps
from hub.flows.judge import ask
from hub.flows.judge.keys import mark_of
from hub.flows.judge.words import said, side_of
from hub.flows.known import slot_of, together

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from hub.conclusions import Conclusion, Member
    from hub.flows.flow import Field, Sync
    from hub.flows.known import Known, Owed, Record
    from hub.flows.steps import Canonical


class Agreeing:
    """What one sync has its links agree on."""

    def __init__(self, known: Known, flow: Sync) -> None:
        self.known = known
        self.flow = flow

    def of(
        self, link: UUID, records: Sequence[Record], joining: Sequence[Member] = ()
    ) -> Iterator[Conclusion]:
        """Conclude what the fields of a link are, now that these of its members have spoken."""
        members = [
            member
            for member in (*self.known.members(link), *joining)
            if side_of(self.flow, member.connection, member.kind) is not None
        ]
        before = self.known.agreement(link, self.flow.name)
        agreement, verdict = self._judged(before, link, members, records)
        for name, state in agreement.items():
            if name not in verdict.changes and state != before.get(name):
                yield self._agreed(link, name, state, "it is how its vendor says what was written")
        for name, change in verdict.changes.items():
            emptied = _emptied(before.get(name), change.state)
            yield self._agreed(link, name, change.state, change.why, emptied)
        for conflict in verdict.conflicts:
            yield ask.conflict(self.flow, link, conflict, members)

    def begun(self, link: UUID) -> Iterator[Conclusion]:
        """Conclude what a link agrees on, by what all its members say, where nothing was yet."""
        if records := self.unheard(link):
            yield from self.of(link, records)

    def unheard(self, link: UUID) -> list[Record]:
        """Give who is in a link already and not gone, where the flow is yet to begin with it."""
        if self.known.agreement(link, self.flow.name):
            return []
        members = self.known.members(link)
        keys = [one.key for one in members]
        own = [key for key in keys if side_of(self.flow, key[0], key[1]) is not None]
        found = together(partial(self.known.record, key) for key in own)
        return [one for one in found if one is not None and not one.gone]

    def _judged(
        self,
        before: agree.Agreement,
        link: UUID,
        members: Sequence[Member],
        records: Sequence[Record],
    ) -> tuple[agree.Agreement, agree.Verdict]:
        """Give what was agreed, in the words of the vendors, and what follows from the news."""
        words = {record.subject: self._said(record) for record in records}
        spoke = {record.subject: record for record in records}
        writing = {one.subject: self._writing(link, one, spoke.get(one.subject)) for one in members}
        agreement = self._with_renderings(before, words, writing)
        return agreement, agree.judge(
            self.flow,
            agreement,
            words,
            side_of={each.subject: self._side_name(each) for each in members},
            in_flight={who: self._in_flight(deliveries) for who, deliveries in writing.items()},
            same=_same,
        )

    def _said(self, record: Record) -> Mapping[str, agree.Said]:
        side = side_of(self.flow, record.key[0], record.key[1])
        return {} if side is None else said(self.known, self.flow, side, record)

    def _writing(self, link: UUID, member: Member, record: Record | None) -> list[Owed]:
        """Give the deliveries that wrote to a member: the one that made it, and the one to it."""
        slot = slot_of(link, member.connection, member.kind, member.part)
        key = member.key
        made, to_it = together([partial(self.known.owed, slot), partial(self.known.owed_to, key)])
        bears = record is not None and mark_of(record.fields) == str(slot)
        if made is not None and not _has_made(made, member, bears=bears):
            made = None
        return [one for one in (made, to_it) if one is not None]

    def _with_renderings(
        self,
        agreement: agree.Agreement,
        words: Mapping[str, Mapping[str, agree.Said]],
        writing: Mapping[str, Sequence[Owed]],
    ) -> agree.Agreement:
        """Accept what a vendor made of what was written to it, where this is that."""
        for subject, spoken in words.items():
            for each in writing.get(subject, ()):
                agreement = agree.made(agreement, subject, self._own(each, agreement, spoken))
            if (last := _last_answered(writing.get(subject, ()))) is not None:
                returned = self._returned(last, spoken)
                sent = last.sent.get(self.flow.name, {})
                agreement = agree.rendered(agreement, subject, sent, returned)
        return agreement

    def _own(
        self, made: Owed, agreement: agree.Agreement, spoken: Mapping[str, agree.Said]
    ) -> dict[str, agree.Said]:
        """Give what a record said when an attempt to make it has made it, where no answer told.

        Where something else was agreed since, that is older, and nobody's news. And what it says
        otherwise by now is a person's edit, to be held against that.
        """
        is_answered = made.link is None or made.answered_at is not None
        if made.record and is_answered and not made.found:
            return {}
        attempts = [each.get(self.flow.name, {}) for each in (made.sent, *made.earlier)]
        found = {}
        for field in self.flow.fields:
            word, state = spoken.get(field.name), agreement.get(field.name)
            sent = [each[field.name] for each in attempts if field.name in each]
            if word is None or state is None or _same(field, word.value, state.value) or not sent:
                continue
            is_ours = any(_may_render(field, one, word.value) for one in sent)
            found[field.name] = word if is_ours else _first_said(sent, word.value)
        return found

    def _returned(self, delivery: Owed, spoken: Mapping[str, agree.Said]) -> dict[str, Canonical]:
        """Give those words of a record that are what its vendor made of a write.

        Of an address, those parts that were written: another is a person's, who changed it then.
        """
        if delivery.under_way or delivery.answered_at is None:
            return {}
        sent = delivery.sent.get(self.flow.name, {})
        narrowed = delivery.narrowed.get(self.flow.name, {})
        is_answer = self.known.origin == f"hub:{delivery.id}" and not delivery.found
        found = {}
        for field in self.flow.fields:
            word = spoken.get(field.name)
            if word is None or field.name not in sent or word.stamp != delivery.answered_at:
                continue
            made = _written_parts(sent[field.name], word.value, narrowed.get(field.name))
            if is_answer or _may_render(field, sent[field.name], made):
                found[field.name] = made
        return found

    def _agreed(
        self,
        link: UUID,
        name: str,
        state: agree.FieldState,
        why: str,
        emptied: Sequence[str] = (),
    ) -> Agreed:
        return Agreed(
            link=link,
            flow=self.flow.name,
            field=name,
            state=msgspec.to_builtins(state),
            why=why,
            emptied=list(emptied),
        )

    def _side_name(self, member: Member) -> str:
        side = side_of(self.flow, member.connection, member.kind)
        return side.name if side is not None else ""

    def _in_flight(self, deliveries: Sequence[Owed]) -> Mapping[str, Canonical]:
        under_way = (one.sent.get(self.flow.name, {}) for one in deliveries if one.under_way)
        return {name: value for sent in under_way for name, value in sent.items()}


def _emptied(before: agree.FieldState | None, state: agree.FieldState) -> list[str]:
    """Give the members that said something before, and nothing now."""
    said = {} if before is None else before.words
    return [
        subject
        for subject, word in state.words.items()
        if word.value is None and subject in said and said[subject].value is not None
    ]


def _last_answered(deliveries: Sequence[Owed]) -> Owed | None:
    """Give the one that wrote last: what was made of an earlier write is written over."""
    answered = [each for each in deliveries if each.answered_at is not None]
    return max(answered, key=lambda each: (each.answered_at, not each.record), default=None)


def _written_parts(sent: Canonical, shown: Canonical, parts: Sequence[str] | None) -> Canonical:
    """Give what is shown, as far as it was written: of the rest, what was sent stands."""
    if parts is None or not isinstance(sent, dict) or not isinstance(shown, dict):
        return shown
    return {**sent, **{part: shown.get(part, "") for part in parts}}


def _has_made(made: Owed, member: Member, *, bears: bool) -> bool:
    """Tell whether a delivery has made a member: its answer says so, or else its mark on that."""
    if made.record != member.record:
        return bears and not made.record
    return bears or made.found or made.answered_at is not None


def _first_said(sent: Sequence[Canonical], shown: Canonical) -> agree.Said:
    """Give what a record said before it was edited: of several attempts, what is most like it."""
    return agree.Said(value=min(sent, key=partial(_unlike, shown)), position=0)


def _unlike(one: Canonical, other: Canonical) -> int:
    """Count the parts of two addresses that differ."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return int(one != other)
    return sum(one.get(part, "") != other.get(part, "") for part in {**one, **other})


def _may_render(field: Field, sent: Canonical, shown: Canonical) -> bool:
    """Tell whether a vendor may have made this of what was sent: it means the same, or was cut.

    Stamps tell seconds, and a person may have written within the same one. Of an address each part
    may have been cut by itself.
    """
    if isinstance(sent, dict) and isinstance(shown, dict):
        cut = {part: word for part, word in sent.items() if _is_cut(word, shown.get(part))}
        return _same(field, sent, {**shown, **cut})
    return _is_cut(sent, shown) or _same(field, sent, shown)


def _is_cut(sent: Canonical, shown: Canonical) -> bool:
    return (
        isinstance(sent, str) and isinstance(shown, str) and shown != "" and sent.startswith(shown)
    )


def _same(field: Field, one: Canonical, other: Canonical) -> bool:
    return steps.same(field.step, one, other)
