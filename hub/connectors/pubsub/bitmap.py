"""Which fields a change event speaks of: bitmaps over the fields of the schema it is written in.

A text `0x...` is over the fields of the record, `5-0x...` over the parts of its field 5. The lowest
bit is field 0; the hex is padded to whole bytes. A compound field that is named whole stands for
all of its parts. https://developer.salesforce.com/docs/platform/pub-sub-api (event deserialization)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hub.connectors.pubsub.schema import Field

Path: TypeAlias = tuple[str, ...]
"""A field by its name, or a part of a compound one: ("Phone",), ("BillingAddress", "City")."""


def named(bitmaps: Iterable[str], fields: Sequence[Field]) -> list[Path]:
    """Name the fields that these bitmaps stand for; ValueError where the schema has no such."""
    found: dict[Path, None] = {}
    for text in bitmaps:
        parent, dash, hexadecimal = text.rpartition("-")
        if not dash:
            for index in _bits(hexadecimal):
                found.update(dict.fromkeys(_whole(_at(fields, index, text))))
            continue
        compound = _at(fields, int(parent), text)
        for index in _bits(hexadecimal):
            found[compound.name, _at(compound.parts, index, text).name] = None
    return list(found)


def _whole(field: Field) -> list[Path]:
    return [(field.name, part.name) for part in field.parts] or [(field.name,)]


def _bits(hexadecimal: str) -> Iterator[int]:
    bits = int(hexadecimal, 16)
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def _at(fields: Sequence[Field], index: int, text: str) -> Field:
    if index >= len(fields):
        raise ValueError(f"the bitmap {text} names field {index} of {len(fields)}")
    return fields[index]
