"""What would be written, were one link part of another: judged as it would be, and kept nowhere."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from hub.flows.agree import owed
from hub.flows.judge.words import side_of
from hub.log.read import head
from hub.projectors.sync import SyncFold
from hub.projectors.sync.owing import syncs
from hub.projectors.sync.records import Records

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from hub.database.db import Db
    from hub.events import Event
    from hub.flows.steps import Canonical

TOLD = frozenset({"merged", "reviewed"})
"""Of the events of a merge, those by which it is judged who says what."""


class Rewritten(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a record that would say something else."""

    record: str
    field: str
    flow: str
    now: Canonical
    then: Canonical


async def rewritten(db: Db, into: UUID, events: Sequence[Event]) -> list[Rewritten]:
    """Give what would be written to the records of a link, once these events had come."""
    fold = SyncFold(Records(empty=False, cache_bytes_max=2**62), live=True)
    told = [one for one in events if one.type in TOLD]
    first, now = await head(db) + 1, datetime.now(UTC)
    supposed = [
        msgspec.structs.replace(one, position=at, recorded_at=now)
        for at, one in enumerate(told, first)
    ]
    await fold.load(db, supposed)
    for event in supposed:
        await fold.at_hand(db, partial(fold.apply, event, event.position))
        await fold.at_hand(db, partial(fold.judge, event, event.position))
    return await fold.at_hand(db, lambda: list(_owed(fold, into)))


def _owed(fold: SyncFold, link: UUID) -> Iterator[Rewritten]:
    for flow in syncs(fold.world.flows):
        agreement = fold.world.agreement(link, flow.name)
        for member in fold.world.members(link):
            side = side_of(flow, member.connection, member.kind)
            owes = owed(flow, agreement, member.subject, side.name) if side is not None else {}
            for field, value in owes.items():
                yield Rewritten(
                    record=member.subject,
                    field=field,
                    flow=flow.name,
                    now=agreement[field].words[member.subject].value,
                    then=value,
                )
