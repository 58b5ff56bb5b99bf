"""What syncs have to say to a record: what is agreed and not shown there, in its vendor's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from hub.flows import agree, steps
from hub.flows.books import PARENTS
from hub.flows.judge.words import other_side, side_of
from hub.flows.steps.place import is_several
from hub.outbound.around import syncs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from typing import Literal

    from hub.flows.agree import Agreement
    from hub.flows.flow import Field, Path, Side, Sync
    from hub.flows.steps import Canonical
    from hub.outbound.around import Around
    from hub.outbound.owed import Owed


class Word(NamedTuple):
    """What one sync has to say to a record."""

    flow: Sync
    side: Side
    agreement: Agreement
    values: Mapping[str, Canonical]

    @property
    def is_open(self) -> bool:
        """Whether the record's own word might hold against any of these, or be a part of it."""
        theirs = other_side(self.flow, self.side).name
        written = (field for field in self.flow.fields if field.name in self.values)
        return any(
            field.owner != theirs or isinstance(self.values[field.name], dict) for field in written
        )


def words_to(row: Owed, around: Around, connection: str) -> Iterator[Word]:
    """Give what each sync has agreed on that the record does not show yet."""
    link = around.links.get(row.id)
    for force in around.flows.values() if link is not None else ():
        for flow in syncs(force.flow):
            side = side_of(flow, connection, row.kind)
            agreement = around.agreements.get((link, flow.name)) if link else None
            if side is None or agreement is None:
                continue
            values = _values(Word(flow, side, agreement, {}), row, around, connection)
            if values:
                yield Word(flow, side, agreement, values)


def one_word_each(
    words: Sequence[Word], barred: AbstractSet[str], *, first: str = ""
) -> Iterator[Word]:
    """Leave each field of the record to one sync: to one in which another side owns it, if any.

    To the others, what that one writes is news from a side that is believed. Of what is to be made,
    the sync that owes it (`first`) goes before all.
    """
    claims: dict[Path, tuple[int, str]] = {}
    for word in words if len(words) > 1 else ():
        name = word.flow.name
        for field in word.flow.fields:
            if field.name in word.values and name not in barred:
                path = field.places[word.side.name]
                rank = 0 if name == first else 1 if field.owner != word.side.name else 2
                claims[path] = min(claims.get(path, (rank, name)), (rank, name))
    for word in words:
        name, places = word.flow.name, _places(word)
        own = {
            field: value
            for field, value in word.values.items()
            if name in barred or claims.get(places[field], (0, name))[1] == name
        }
        if own:
            yield word._replace(values=own)


def written(
    word: Word, row: Owed, around: Around, connection: str, *, empty: Literal[""] | None
) -> dict[str, Any]:
    """Give it under the vendor's own names."""
    manner = steps.Manner(
        second=word.side is word.flow.sides[1],
        currencies=around.currencies,
        names=around.names.get(row.record, frozenset()),
        empty=empty,
    )
    whole = around.wholes.get(row.record)
    fields: dict[str, Any] = {PARENTS[row.kind]: whole} if row.kind in PARENTS and whole else {}
    places = _places(word)
    values = {**word.values, **narrowed(word, row, connection)}
    for field in word.flow.fields:
        if field.name in values:
            said = steps.write(field.step, values[field.name], places[field.name], manner)
            steps.put_at(fields, places[field.name], said)
    return fields


def narrowed(word: Word, row: Owed, connection: str) -> dict[str, dict[str, str]]:
    """Give of addresses that are fields of their own those parts that differ, where not all do.

    A person may be changing another of them.
    """
    found: dict[str, dict[str, str]] = {}
    subject, places = f"{connection}.{row.kind}/{row.record}", _places(word)
    for name, value in word.values.items():
        state = word.agreement.get(name)
        said = state.words.get(subject) if state is not None else None
        shown = said.value if said is not None else None
        if is_several(places[name]) and isinstance(value, dict) and isinstance(shown, dict):
            differing = {part: one for part, one in value.items() if shown.get(part) != one}
            if differing and len(differing) < len(value):
                found[name] = differing
    return found


def _values(word: Word, row: Owed, around: Around, connection: str) -> dict[str, Canonical]:
    flow, side, agreement, _ = word
    if not row.record:
        values = agree.owed_at_create(flow, agreement, side.name)
        beside = row.id in around.beside
        return {**values, **_telling_apart(flow, side, row.part, values, beside=beside)}
    owed = agree.owed(flow, agreement, f"{connection}.{row.kind}/{row.record}", side.name)
    if owed and row.kind in PARENTS:
        # Of a person all is said again: what is left out would be cleared.
        return {**agree.owed_at_create(flow, agreement, side.name), **owed}
    return owed


def _places(word: Word) -> dict[str, Path]:
    return {field.name: field.places.get(word.side.name, ()) for field in word.flow.fields}


def _telling_apart(
    flow: Sync, side: Side, part: str, values: Mapping[str, Canonical], *, beside: bool
) -> dict[str, Canonical]:
    """Give the fields by which what is to be made is another part of its link than the rest.

    Who is there already may have another part than the one that is agreed: he was known first.
    """
    own = [one for one in flow.fields if side.part and one.places.get(side.name) == side.part]
    is_agreed = all(values.get(field.name) == part for field in own)
    if not part or (is_agreed and not beside):
        return {}
    named = [field for field in flow.fields if field.apart and values.get(field.name)]
    return {
        **{field.name: part for field in own},
        **{field.name: _of_part(field, str(values[field.name]), part) for field in named},
    }


def _of_part(field: Field, value: str, part: str) -> str:
    """Say which part it is, within the length that the vendor takes."""
    behind = f" ({part})"
    if value.endswith(behind):  # a person has put it there
        return value
    length_max = field.step.cut
    return (value if length_max is None else value[: length_max - len(behind)].rstrip()) + behind
