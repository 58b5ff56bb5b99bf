"""Which fields an event speaks of: bits over the schema, and over the parts of compound fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from hub.sandbox.pubsub.schemas import Slot


def bitmaps(slots: Iterable[Slot], names: Collection[str]) -> list[str]:
    """Give the bitmaps for these fields of an object; the first field is the header."""
    whole, compound = 0, []
    for index, slot in enumerate(slots, 1):
        if not slot.parts:
            whole |= (slot.name in names) << index
            continue
        bits = sum(1 << at for at, (_, name) in enumerate(slot.parts) if name and name in names)
        if bits:
            compound.append(f"{index}-{_hex(bits)}")
    return [*([_hex(whole)] if whole else []), *compound]


def _hex(bits: int) -> str:
    """Write them in whole bytes."""
    length = (bits.bit_length() + 7) // 8
    return f"0x{bits:0{2 * length}X}"
