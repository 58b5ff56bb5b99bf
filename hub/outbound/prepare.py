"""Work out what deliveries are to say, right before they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from hub.connectors.outcome import Refused
from hub.outbound.owed import Content, Nothing, NotNow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from hub.database import Session
    from hub.outbound.owed import Contents, Owed

Said: TypeAlias = Content | Nothing | NotNow | Refused

_NOBODY_SAID = NotNow(why="Nothing was worked out for it.")


async def prepared(session: Session, contents: Contents, rows: Sequence[Owed]) -> list[Said]:
    """Give what each is to say; one that cannot be worked out is refused, and stops no other."""
    if not rows:
        return []
    try:
        found: Mapping[UUID, Said] = await session.until_done(lambda db: contents(db, rows))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is said of the one that has it
        if len(rows) == 1:
            return [_not_worked_out(error)]
        return [said for row in rows for said in await prepared(session, contents, [row])]
    return [found.get(row.id, _NOBODY_SAID) for row in rows]


def _not_worked_out(error: Exception) -> Refused:
    return Refused(
        sentence=f"What is to be written could not be worked out ({type(error).__name__}: {error})."
        " Mend the flow or the record that it is about, then have it tried again.",
        because="data",
        reason="content",
    )
