"""Have records read again at their vendor, because an operator asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.events import Event, Reviewed, new_id
from hub.operate.act import act

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NEED = "need"


def noticed(connection: str, kind: str, records: Iterable[str], by: str) -> Iterator[Event]:
    """Make the notices by which records are read."""
    for record in records:
        yield Event(
            type="noticed",
            id=new_id(),
            connection=connection,
            kind=kind,
            record=record,
            road=NEED,
            origin=f"operator:{by}",
        )


def mended(flow: str, connection: str, kind: str, records: list[str], by: str) -> list[Event]:
    """Make the events by which records that drifted are judged as they are known, and read."""
    what = Reviewed(flow=flow, records=records)
    judged = act(what, by, connection=connection, kind=kind, flow=flow)
    return [judged, *noticed(connection, kind, records, by)]
