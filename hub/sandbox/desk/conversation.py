"""What is said about a ticket: comments, which are notes unless they are public, and threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.desk.history import happened
from hub.sandbox.desk.refusal import nowhere, wrong_field

if TYPE_CHECKING:
    from hub.sandbox.desk.organisation import Actor, Organisation
    from hub.sandbox.system import Fields

_TYPES = ("plainText", "html")
CONTENT_MAX = 32_000


def comment(org: Organisation, ticket: Fields, sent: Fields, actor: Actor) -> Fields:
    """Add a comment."""
    content = sent.get("content")
    if not isinstance(content, str) or not content.strip():
        raise wrong_field("/content", "missing")
    if len(content) > CONTENT_MAX:
        raise wrong_field("/content", "invalid", f"It has more than {CONTENT_MAX} characters.")
    type_ = sent.get("contentType", "html")
    if type_ not in _TYPES:
        raise wrong_field("/contentType", "invalid", f"One of {', '.join(_TYPES)} is expected.")
    made = {
        "id": org.new_id(),
        "content": content,
        "contentType": type_,
        "isPublic": bool(sent.get("isPublic", False)),
        "commentedTime": org.stamp(),
        "modifiedTime": None,
        "commenterId": actor.id,
        "commenter": {"id": actor.id, "name": actor.name, "type": "AGENT"},
        "attachments": [],
    }
    org.comments.setdefault(ticket["id"], []).append(made)
    _counted(org, ticket, "commentCount", len(org.comments[ticket["id"]]), actor)
    happened(org, ticket["id"], "CommentAdded", actor)
    _told(org, ticket, "Ticket_Comment_Add", made, actor)
    return made


def change_comment(
    org: Organisation, ticket: Fields, record: str, sent: Fields, actor: Actor
) -> Fields:
    """Change what a comment says."""
    found = next((one for one in org.comments.get(ticket["id"], ()) if one["id"] == record), None)
    if found is None:
        raise nowhere()
    found |= {name: sent[name] for name in ("content", "isPublic", "contentType") if name in sent}
    found["modifiedTime"] = org.stamp()
    _told(org, ticket, "Ticket_Comment_Update", found, actor)
    return found


def reply(org: Organisation, ticket: Fields, sent: Fields, actor: Actor) -> Fields:
    """Add a thread: `in` from the customer, `out` to them."""
    direction = sent.get("direction", "out")
    made = {
        "id": org.new_id(),
        "channel": "EMAIL",
        "direction": direction,
        "status": "SUCCESS",
        "summary": str(sent.get("content", ""))[:100],
        "content": sent.get("content", ""),
        "createdTime": org.stamp(),
        "author": {"id": actor.id, "name": actor.name, "type": "AGENT"},
        "visibility": "public",
        "isDescriptionThread": False,
    }
    org.threads.setdefault(ticket["id"], []).append(made)
    if direction == "in":
        ticket["customerResponseTime"] = org.stamp()
    _counted(org, ticket, "threadCount", len(org.threads[ticket["id"]]), actor)
    happened(org, ticket["id"], "ThreadAdded", actor)
    _told(org, ticket, "Ticket_Thread_Add", made, actor)
    return made


def _counted(org: Organisation, ticket: Fields, name: str, count: int, actor: Actor) -> None:
    before = dict(ticket)
    ticket[name] = str(count)
    touches = org.quirks.comments_touch
    told = "Ticket_Update" if touches else ""
    org.noted("tickets", ticket, actor, event=told, before=before, touches=touches)


def _told(org: Organisation, ticket: Fields, event: str, said: Fields, actor: Actor) -> None:
    payload = {**said, "ticketId": ticket["id"], "departmentId": ticket["departmentId"]}
    org.tell(event, payload, actor, direction=said.get("direction", ""))
