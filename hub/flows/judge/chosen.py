"""What a person chose of what an item offers, and what is said where nothing can follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.conclusions import Noted
from hub.flows.judge.choice import Choice, choice_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from hub.events import Resolved
    from hub.flows.known import Item

TOO_LATE = "the answer came too late: it is not as it was when this was asked"


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """What a person chose of what an item offers."""

    item: Item
    id: UUID
    choice: Choice
    fields: Mapping[str, Any]
    by: str

    @property
    def why(self) -> str:
        return f"{name_of(self.by)} said so"


def chosen_of(item: Item, what: Resolved, by: str) -> Chosen:
    choice = choice_of(what.choice)
    return Chosen(item=item, id=what.item, choice=choice, fields=what.fields, by=by)


def name_of(by: str) -> str:
    return by.removeprefix("operator:")


def too_late(item: Item) -> Noted:
    return Noted(flow=item.flow, subject=item.subject, why=TOO_LATE)
