"""The place of what a flow makes of a thing: its id is the mark of what fills it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid5

if TYPE_CHECKING:
    from hub.flows.flow import Make

_SLOTS = UUID("5b8a7a8e-2f3b-5d63-8b0c-0d9d4d1f6a55")


def slot_of_case(flow: str, case: str, make: Make, generation: int = 0) -> UUID:
    """Give the slot of a case; what is made anew, after the last was closed, is a generation on."""
    return uuid5(_SLOTS, f"{flow}/{case}/{make.connection}.{make.kind}/{generation}")
