"""What falls due by the clock: a ticket is overdue at its due date, and escalated a while later.

Neither has an event of its own. The history says when it was; what the escalation changes in a
field of the ticket is told as automation.
"""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import TYPE_CHECKING

from hub.sandbox.desk.history import happened
from hub.sandbox.desk.organisation import Actor, moment

if TYPE_CHECKING:
    from hub.sandbox.desk.organisation import Organisation
    from hub.sandbox.system import Fields

SLA = Actor(id="", name="Standard SLA", type="SLA", road="automation")


def watch(org: Organisation, ticket: Fields) -> None:
    """Have the clock turn the flags of a ticket when its time has come."""
    due = moment(ticket.get("dueDate"))
    if due is None or ticket["statusType"] == "Closed":
        return
    said, record = ticket["dueDate"], ticket["id"]
    if not ticket["isOverDue"]:
        org.world.clock.at(due, lambda: _overdue(org, record, said))
    if not ticket["isEscalated"]:
        late = due + timedelta(seconds=org.quirks.escalate_after_seconds)
        org.world.clock.at(late, lambda: escalate(org, record, said))


def _overdue(org: Organisation, record: str, due: str) -> None:
    ticket = _waiting(org, record, due)
    if ticket is None or ticket["isOverDue"]:
        return
    before = copy.deepcopy(ticket)
    ticket["isOverDue"] = True
    happened(org, record, "OvershotDueTime", SLA)
    _flagged(org, ticket, before)


def escalate(org: Organisation, record: str, due: str, actor: Actor = SLA) -> None:
    """Escalate a ticket that still waits; its stamp in a field is a change like any other."""
    ticket = _waiting(org, record, due)
    if ticket is None or ticket["isEscalated"]:
        return
    before = copy.deepcopy(ticket)
    ticket["isEscalated"] = True
    happened(org, record, "TicketEscalated", actor)
    stamped = org.quirks.escalation_stamps
    if stamped and stamped in org.custom["tickets"]:
        ticket["cf"][stamped] = "breached"
        org.noted("tickets", ticket, actor, event="Ticket_Update", before=before)
    else:
        _flagged(org, ticket, before)


def _flagged(org: Organisation, ticket: Fields, before: Fields) -> None:
    touches = org.quirks.flags_touch
    event = "Ticket_Update" if touches else ""
    org.noted("tickets", ticket, SLA, event=event, before=before, touches=touches)


def _waiting(org: Organisation, record: str, due: str) -> Fields | None:
    """Give the ticket if it is still open, and due when it was."""
    ticket = org.tables["tickets"].get(record)
    gone = ticket is None or ticket["isTrashed"] or ticket["statusType"] == "Closed"
    return None if gone or ticket is None or ticket["dueDate"] != due else ticket
