"""Answer what waits in the inbox, and let deliveries of a flow in hold go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.events import Approved, Resolved, Reviewed
from hub.flows.judge.choice import choice_of
from hub.flows.judge.reasons import LINK
from hub.flows.known import key_of
from hub.operate.act import act

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from hub.events import Event


def answer(
    item: UUID,
    choice: str,
    by: str,
    *,
    flow: str,
    subject: str,
    fields: Mapping[str, Any] | None = None,
    note: str = "",
) -> list[Event]:
    """Make the events of an answer: what was chosen, and who is to be judged anew for it.

    Two companies that are linked by it have people, who are to find each other then.
    """
    connection, kind, record = key_of(subject)
    about = {"connection": connection, "kind": kind, "record": record or None, "flow": flow or None}
    what = Resolved(item=item, choice=choice, fields=dict(fields or {}), note=note)
    events = [act(what, by, **about)]
    if choice_of(choice).word == LINK:
        again = Reviewed(flow=flow, records=[record])
        events.append(act(again, by, connection=connection, kind=kind, flow=flow))
    return events


def approve(deliveries: Sequence[UUID], by: str, seen: int | None = None) -> Event:
    """Make the event by which a person lets deliveries go, as they stood at a position."""
    return act(Approved(deliveries=list(deliveries), seen=seen), by)
