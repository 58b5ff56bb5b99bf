"""What the calls do that only tickets have: tags, what is said of them, history, metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.desk import conversation, lists, records
from hub.sandbox.desk import tags as labels
from hub.sandbox.desk.intake import body_of
from hub.sandbox.desk.organisation import moment
from hub.sandbox.desk.refusal import nowhere, unprocessable, wrong_field
from hub.sandbox.desk.show import row
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from hub.sandbox.desk.routes import Incoming
    from hub.sandbox.system import Fields

THREADS_MAX, COMMENTS_MAX, HISTORY_MAX, TAGS_MAX = 200, 100, 50, 100


def close(call: Incoming) -> Answer:
    """POST /closeTickets."""
    ids = body_of(call.request).get("ids")
    if not isinstance(ids, list) or not ids:
        raise wrong_field("/ids", "missing")
    for ticket in [call.org.find("tickets", str(record)) for record in ids]:
        records.change(call.org, "tickets", ticket, {"status": "Closed"}, call.actor)
    return Answer(status=200)


def tags(call: Incoming) -> Answer:
    """GET /tickets/{id}/tags, which answers under a key of its own."""
    return Answer(body={"tags": labels.shown(call.org, _ticket(call)["id"])})


def tag(call: Incoming) -> Answer:
    """POST /tickets/{id}/associateTag."""
    names = body_of(call.request).get("tags")
    return Answer(body={"data": labels.add(call.org, _ticket(call), names, call.actor)})


def untag(call: Incoming) -> Answer:
    """POST /tickets/{id}/dissociateTag."""
    labels.remove(call.org, _ticket(call), body_of(call.request).get("tags"), call.actor)
    return Answer(status=200)


def comments(call: Incoming) -> Answer:
    """GET /tickets/{id}/comments."""
    lists.known(call.query, "sortBy", "include")
    rows = call.org.comments.get(_ticket(call)["id"], [])
    ordered = lists.in_order(rows, call.query.get("sortBy", "commentedTime"), ("commentedTime",))
    return lists.page(ordered, call.query, default=50, most=COMMENTS_MAX)


def comment(call: Incoming) -> Answer:
    """POST /tickets/{id}/comments."""
    made = conversation.comment(call.org, _ticket(call), body_of(call.request), call.actor)
    return Answer(body=made)


def change_comment(call: Incoming) -> Answer:
    """PATCH /tickets/{id}/comments/{id}."""
    sent = body_of(call.request)
    found = conversation.change_comment(call.org, _ticket(call), call.ids[1], sent, call.actor)
    return Answer(body=found)


def threads(call: Incoming) -> Answer:
    """GET /tickets/{id}/threads."""
    rows = call.org.threads.get(_ticket(call)["id"], [])
    return lists.page(rows, call.query, default=50, most=THREADS_MAX)


def history(call: Incoming) -> Answer:
    """GET /tickets/{id}/History."""
    lists.known(call.query, "fieldName", "eventFilter")
    rows = call.org.history.get(_ticket(call)["id"], [])
    rows = rows[::-1] if call.org.quirks.history_order == "newest" else rows
    event, field = (call.query.get(name) for name in ("eventFilter", "fieldName"))
    rows = [
        one
        for one in rows
        if (not event or one["eventName"] == event) and (not field or _tells_of(one, field))
    ]
    return lists.page(rows, call.query, default=HISTORY_MAX, most=HISTORY_MAX)


def metrics(call: Incoming) -> Answer:
    """GET /tickets/{id}/metrics."""
    ticket = _ticket(call)
    replies = [one for one in call.org.threads.get(ticket["id"], ()) if one["direction"] == "out"]
    rows = call.org.history.get(ticket["id"], ())
    moves = [info for one in rows for info in one["eventInfo"] if info["propertyName"] == "status"]
    reopened = sum(_reopens(call, one["propertyValue"]) for one in moves)
    return Answer(
        body={
            "firstResponseTime": _hours(ticket, replies[0]["createdTime"]) if replies else None,
            "totalResponseTime": None,
            "resolutionTime": _hours(ticket, ticket["closedTime"]),
            "responseCount": str(len(replies)),
            "outgoingCount": str(len(replies)),
            "threadCount": ticket["threadCount"],
            "reopenCount": str(reopened),
            "reassignCount": "0",
            "agentsHandled": [],
            "stagingData": [{"status": ticket["status"], "handledTime": "00:00 hrs"}],
        }
    )


def resolution(call: Incoming) -> Answer:
    """GET /tickets/{id}/resolution."""
    ticket = _ticket(call)
    return Answer(body={"content": ticket["resolution"], "modifiedTime": ticket["modifiedTime"]})


def resolve(call: Incoming) -> Answer:
    """PATCH /tickets/{id}/resolution."""
    ticket, sent = _ticket(call), {"resolution": body_of(call.request).get("content")}
    records.change(call.org, "tickets", ticket, sent, call.actor)
    return resolution(call)


def department_tags(call: Incoming) -> Answer:
    """GET /ticketTags?departmentId=."""
    lists.known(call.query, "departmentId", "sortBy")
    rows = labels.of_department(call.org, _department(call))
    return lists.page(rows, call.query, default=50, most=TAGS_MAX)


def search_tags(call: Incoming) -> Answer:
    """GET /tags/search?departmentId=&searchVal=."""
    lists.known(call.query, "departmentId", "searchVal")
    word = call.query.get("searchVal", "").strip("*").casefold()
    rows = [
        one
        for one in labels.of_department(call.org, _department(call))
        if one["name"].casefold().startswith(word)
    ]
    return lists.page(rows, call.query, default=50, most=TAGS_MAX)


def tagged(call: Incoming) -> Answer:
    """GET /tags/{id}/tickets."""
    lists.known(call.query, "status", "sortBy", "include")
    if call.ids[0] not in call.org.tags:
        raise nowhere()
    found = [call.org.tables["tickets"][one] for one in labels.bearers(call.org, call.ids[0])]
    rows = [row(call.org, "tickets", one) for one in found if not one["isTrashed"]]
    return lists.page(rows, call.query, default=50, most=TAGS_MAX)


def _ticket(call: Incoming) -> Fields:
    return call.org.find("tickets", call.ids[0])


def _tells_of(row: Fields, field: str) -> bool:
    return any(info["propertyName"] == field for info in row["eventInfo"])


def _department(call: Incoming) -> str:
    department = call.query.get("departmentId", "")
    if department not in call.org.tables["departments"]:
        raise unprocessable("The value passed for the 'departmentId' query parameter is invalid.")
    return department


def _reopens(call: Incoming, value: object) -> bool:
    if not isinstance(value, dict):
        return False
    was, is_ = (
        call.org.statuses.get(str(value[name])) for name in ("previousValue", "updatedValue")
    )
    return was == "Closed" and is_ != "Closed"


def _hours(ticket: Fields, until: object) -> str | None:
    begun, ended = moment(ticket["createdTime"]), moment(until) if until else None
    if begun is None or ended is None:
        return None
    minutes = int((ended - begun).total_seconds() // 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d} hrs"
