"""What is owed, and what each delivery waits for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 - msgspec reads the annotations

import msgspec

from hub.console.moment import clock
from hub.console.roads import troubles
from hub.database import statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.console.roads import Trouble
    from hub.database.db import Db

DELIVERIES_MAX = 1_000
SHORT = 8


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One write that is or was owed; `waits_for` is empty where it waits for nothing."""

    id: UUID
    connection: str
    kind: str
    record: str
    part: str
    flow: str
    case: str
    state: str
    share: str
    attempt: int
    approved: int | None
    not_before: datetime | None
    because: str
    reason: str
    owed: int
    moved: int
    moved_at: datetime
    mode: str
    stopped: bool
    waits_for: str = ""
    is_held: bool = False
    """Whether it waits for a person to approve it."""

    @property
    def short(self) -> str:
        return str(self.id)[:SHORT]

    @property
    def target(self) -> str:
        record = f"/{self.record}" if self.record else " (to be made)"
        return f"{self.connection}.{self.kind}{record}"


async def deliveries(
    db: Db,
    *,
    state: str | None = None,
    flow: str | None = None,
    connection: str | None = None,
    ids: Sequence[UUID] | None = None,
    most: int = DELIVERIES_MAX,
) -> list[Delivery]:
    """Give deliveries, the longest owed first; without a state those that are not at rest.

    `held` is a state here too: owed by a flow in hold, and not approved.
    """
    kept = "owed" if state == "held" else state
    rows = await db.fetch(statement("console/deliveries.sql"), kept, flow, connection, ids, most)
    shut = {one.connection: one for one in await troubles(db)}
    found = [_with_wait(Delivery(**dict(row)), shut) for row in rows]
    return [one for one in found if one.is_held] if state == "held" else found


def _with_wait(one: Delivery, shut: dict[str, Trouble]) -> Delivery:
    held = one.state == "owed" and one.mode == "hold" and one.approved is None
    waits_for = _SAID.get(one.state, "")
    if one.state == "owed":
        waits_for = _person(one, held=held) or _connection(one, shut) or "its turn at a running hub"
    elif one.state == "parked":
        waits_for = f"a person: {one.reason} (hub inbox show {one.short})"
    return msgspec.structs.replace(one, waits_for=waits_for, is_held=held)


_SAID = {"sending": "the answer of the vendor"}


def _person(one: Delivery, *, held: bool) -> str:
    """Name what a person has stopped."""
    if held:
        return f"a person: {one.flow} is in hold (hub approve {one.short})"
    if one.mode not in ("on", "hold"):
        return f"its flow, which is {one.mode} (hub flows start {one.flow})"
    if one.stopped:
        name = one.connection
        return f"writes to {name}, which were stopped (hub stop writes {name} --off)"
    return ""


def _connection(one: Delivery, shut: dict[str, Trouble]) -> str:
    """Name what keeps the connection, or this delivery, from being tried now."""
    trouble = shut.get(one.connection)
    if trouble is not None and trouble.dead:
        return f"{one.connection} to be let in again: {trouble.dead} (hub connect {one.connection})"
    if one.not_before is not None and one.not_before > datetime.now(UTC):
        return f"{clock(one.not_before)}, when it is tried again: {one.reason}"
    if trouble is not None:
        return f"{one.connection}, which is left alone for now: {trouble.why}"
    return ""
