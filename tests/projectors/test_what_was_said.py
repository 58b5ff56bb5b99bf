"""What a projector says itself is passed with the page that said it, and folded by no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.events import Event, FlowInstalled, ModeSet, event_of
from hub.flows.load.document import template
from hub.flows.load.installed import resolved
from hub.projectors.sync import Sync, SyncFold
from hub.projectors.sync.records import Records
from hub.settings import LogSettings
from tests.log.desk import open_desk
from tests.projectors.at_work import reached, running
from tests.projectors.histories import observed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from hub.database import Database
    from hub.database.db import Writes
    from hub.projectors.projector import Fold
    from tests.log.desk import Desk

    NewDatabase = Callable[..., Awaitable[Database]]

COMPANY: dict[str, object] = {
    "id": "1",
    "Account_Name": "Velm Ltd",
    "Created_Time": "2030-01-01T00:00:00+00:00",
}


async def test_what_was_decided_is_passed_with_its_page(log: Desk) -> None:
    projector = _Listed()
    await log.append(*_in_force(), _company())

    async with running(projector, log):
        at = await reached(log.database, projector)

    events = await log.events()
    assert [event.type for event in events][-2:] == ["observed", "decided"]
    assert at == events[-1].position
    assert projector.folded == [event.position for event in events if event.type != "decided"]


async def test_what_others_append_meanwhile_is_not_passed(log: Desk) -> None:
    projector = _Listed(meanwhile=log)
    await log.append(*_in_force(), _company())

    async with running(projector, log):
        await reached(log.database, projector)

    types = [event.type for event in await log.events()]
    between = types.index("observed") + 1
    assert types[between:] == ["observed", "decided"]
    assert projector.folded == [*range(1, len(types) + 1)]


async def test_where_no_partition_has_room_one_is_made_and_the_page_begun_again(
    new_database: NewDatabase,
) -> None:
    events = [*_in_force(), _company()]
    database = await new_database(log=LogSettings(partition_events=len(events)))

    async with open_desk(database) as log:
        await log.append(*events)
        projector = _Listed()
        async with running(projector, log):
            at = await reached(database, projector)
        types = [event.type for event in await log.events()]

    assert types[-2:] == ["observed", "decided"]
    assert at == len(types)
    assert projector.folded == [1, 2, 3, 1, 2, 3]


class _Listed(Sync):
    """Lists what it folds; `meanwhile`: where another appends before the first page is kept."""

    def __init__(self, meanwhile: Desk | None = None) -> None:
        self.folded: list[int] = []
        self.meanwhile = meanwhile

    def fold(self, *, empty: bool, cache_bytes_max: int, live: bool) -> Fold:
        return _Fold(self, Records(empty=empty, cache_bytes_max=cache_bytes_max), live=live)


class _Fold(SyncFold):
    def __init__(self, listed: _Listed, records: Records, *, live: bool) -> None:
        super().__init__(records, live=live)
        self._listed = listed

    def apply(self, event: Event, at: int) -> None:
        super().apply(event, at)
        self._listed.folded.append(event.position)

    async def write(self, db: Writes, *, all_rows: bool = True) -> None:
        log, self._listed.meanwhile = self._listed.meanwhile, None
        if log is not None:
            await log.append(observed(record="another"))
        await super().write(db, all_rows=all_rows)


def _in_force() -> Sequence[Event]:
    text = template("customers")
    installed = FlowInstalled(
        flow="customers", text=text, file="customers.toml", digest="1",
        resolved=resolved(text, "customers.toml"),
    )  # fmt: skip
    return [event_of(installed), event_of(ModeSet(flow="customers", mode="on"))]


def _company() -> Event:
    return observed(COMPANY, kind="Accounts")
