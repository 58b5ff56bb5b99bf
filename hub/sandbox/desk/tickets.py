"""What is a ticket's own: its status and type, its people, its customer, its due date."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hub.sandbox.desk.organisation import moment, stamp
from hub.sandbox.desk.refusal import unprocessable, wrong_field

if TYPE_CHECKING:
    from hub.sandbox.desk.organisation import Organisation
    from hub.sandbox.system import Fields

DUE_HOURS = {"High": 8, "Medium": 24, "Low": 72}
DUE_HOURS_ELSE = 48
OPEN, ON_HOLD, CLOSED = "Open", "On Hold", "Closed"


def begin(org: Organisation, record: Fields) -> None:
    """Fill in what the vendor says of a new ticket by itself."""
    record["ticketNumber"] = org.new_number()
    record["customerResponseTime"] = record["createdTime"]
    hours = DUE_HOURS.get(str(record.get("priority")), DUE_HOURS_ELSE)
    if not record.get("dueDate"):
        record["dueDate"] = stamp(org.now() + timedelta(hours=hours))
    contact = org.tables["contacts"].get(str(record.get("contactId")), {})
    for name in ("email", "phone", "accountId"):
        record[name] = record.get(name) or contact.get(name)


def settle(org: Organisation, record: Fields, sent: Fields, *, by_hand: bool) -> None:
    """Make what was sent agree: the type of its status, when it was closed, who is at work."""
    if "status" in sent:
        _status(org, record, by_hand=by_hand)
    if "dueDate" in sent:
        _due(record)
    if "assigneeId" in sent or "departmentId" in sent:
        _check_agent(org, record)
    if "teamId" in sent or "departmentId" in sent:
        _check_team(org, record)


def _status(org: Organisation, record: Fields, *, by_hand: bool) -> None:
    type_ = org.statuses.get(str(record["status"]))
    if type_ is None:
        raise wrong_field("/status", "invalid", "It is not one of the allowed values.")
    if org.quirks.blueprint and not by_hand and record.get("statusType") != type_:
        raise unprocessable("The status is moved by the transitions of the blueprint alone.")
    record["statusType"] = type_
    if type_ != CLOSED:
        record["closedTime"] = None
    elif not record.get("closedTime"):
        record["closedTime"] = org.stamp()
    if type_ == ON_HOLD:
        record["onholdTime"] = org.stamp()
    if type_ == CLOSED:
        record["isOverDue"] = False


def _due(record: Fields) -> None:
    due = moment(record["dueDate"]) if record["dueDate"] else None
    if record["dueDate"] and due is None:
        raise wrong_field("/dueDate", "invalid", "A time is expected.")
    record["dueDate"] = stamp(due) if due else None
    record["isOverDue"] = record["isEscalated"] = False


def _check_agent(org: Organisation, record: Fields) -> None:
    agent = org.tables["agents"].get(str(record.get("assigneeId")))
    if agent is None:
        return
    if agent["status"] != "ACTIVE":
        raise wrong_field("/assigneeId", "invalid", "The agent is not active.")
    there = record["departmentId"] in agent["associatedDepartmentIds"]
    if org.quirks.agent_in_department and not there:
        raise wrong_field("/assigneeId", "invalid", "The agent is not of this department.")


def _check_team(org: Organisation, record: Fields) -> None:
    team = org.tables["teams"].get(str(record.get("teamId")))
    if team is not None and team["departmentId"] != record["departmentId"]:
        raise wrong_field("/teamId", "invalid", "The team is not of this department.")
