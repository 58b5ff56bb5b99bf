"""What a record is recognised by: its keys, each in one form for all sides, and its name."""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING, Any

import msgspec

from hub.flows.steps import ABSENT, Manner, NotUnderstood, apart, email, key, read, value_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.flows.flow import Field, Key, KeyPart, Match, Step, Sync
    from hub.flows.steps import Canonical

TELL_TOO_LITTLE = frozenset({"company", "name", "phone"})
"""Steps of which one alone never links, whatever a flow says: many share a name or a telephone."""

VALUES_MAX = 50
"""Of one key in one record: a company with a thousand people is found by some of them."""

PLAIN = Manner()


class KeyValue(msgspec.Struct, frozen=True, kw_only=True):
    """What a record says for one key: the value, whether it may link, what keeps it apart."""

    text: str
    value: str
    sure: bool
    apart: tuple[str, ...] = ()


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What a record is recognised by."""

    keys: tuple[KeyValue, ...]
    name: str = ""
    is_person: bool = False


def card(flow: Sync, side: str, record: Mapping[str, Any], manner: Manner = PLAIN) -> Card:
    """Give what a record of a side is recognised by."""
    names = _fields_of_name(flow)
    said = (_at(field, side, record, manner) for field in names)
    return Card(
        keys=tuple(_key_values(flow.match, side, record, manner)),
        name=" ".join(word for word in said if isinstance(word, str)),
        is_person=any(field.step.name == "name" for field in names),
    )


def keys_of(
    match: Match, side: str, record: Mapping[str, Any], manner: Manner = PLAIN
) -> list[tuple[str, str]]:
    """Give each key and value under which records that may be the same as this one are found."""
    return [(one.text, one.value) for one in _key_values(match, side, record, manner)]


def _key_values(
    match: Match, side: str, record: Mapping[str, Any], manner: Manner
) -> list[KeyValue]:
    """Give what a record says for each key of which it says all parts."""
    return [
        one
        for keys, sure in ((match.sure, True), (match.maybe, False))
        for key in keys
        for one in _values_of(key, side, record, manner, sure=sure)
    ]


def _values_of(
    key: Key, side: str, record: Mapping[str, Any], manner: Manner, *, sure: bool
) -> list[KeyValue]:
    parts = [_part_values(part, side, record, manner) for part in key.parts]
    links = sure and not (len(key.parts) == 1 and key.parts[0].step.name in TELL_TOO_LITTLE)
    found = {
        "\n".join(value for value, *_ in said): KeyValue(
            text=key.text,
            value="\n".join(value for value, *_ in said),
            sure=links and not all(shared for *_, shared in said),
            apart=tuple(mark for _, mark, _ in said),
        )
        for said in islice(product(*parts), VALUES_MAX)
    }
    return list(found.values())


def _part_values(
    part: KeyPart, side: str, record: Mapping[str, Any], manner: Manner
) -> list[tuple[str, str, bool]]:
    """Give what stands there that can be matched by, what keeps it apart, and if many share it."""
    said = value_at(record, part.places[side]) if side in part.places else ABSENT
    values = said if isinstance(said, list) else [said]
    found = [_canonical(part.step, value, manner) for value in values]
    return [
        (text, apart(part.step, value), _is_shared(part, value))
        for value in found
        if (text := key(part.step, value, part.part))
    ]


def _is_shared(part: KeyPart, value: Canonical) -> bool:
    return part.step.name == "email" and isinstance(value, str) and email.shared(value)


def _fields_of_name(flow: Sync) -> list[Field]:
    """Give the fields that say what a record is called: a company's name, or a first and a last."""
    ways = (
        [field for field in flow.fields if field.step.name == "company"],
        [field for field in flow.fields if field.step.name == "name"],
        [field for field in flow.fields if field.name == "name"],
    )
    return next(filter(None, ways), [])


def _at(field: Field, side: str, record: Mapping[str, Any], manner: Manner) -> Canonical:
    if side not in field.places:
        return None
    return _canonical(field.step, value_at(record, field.places[side]), manner)


def _canonical(step: Step, value: Any, manner: Manner) -> Canonical:
    """Read a value to match by; what cannot be read matches nothing."""
    try:
        return None if value is ABSENT else read(step, value, manner)
    except NotUnderstood:
        return None
