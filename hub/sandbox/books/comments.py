"""Comments, the system's own history among them; their date and time are written for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.books import intake, lists
from hub.sandbox.books.calls import Incoming, done
from hub.sandbox.books.refusals import bad_value, not_found

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.sandbox.books.kinds import Kind
    from hub.sandbox.books.organization import Actor, Organization
    from hub.sandbox.system import Answer, Fields

    Handler = Callable[[Incoming], Answer]


def note(
    organization: Organization,
    record_id: str,
    actor: Actor,
    description: str,
    operation: str = "Updated",
    *,
    by_hand: bool = False,
) -> Fields:
    """Write a line into the history of a record."""
    now = organization.now()
    comment = {
        "comment_id": organization.new_id(),
        "description": description,
        "commented_by_id": actor.user_id,
        "commented_by": actor.name,
        "comment_type": "internal" if by_hand else "system",
        "operation_type": operation,
        "date": now.date().isoformat(),
        "date_description": "",
        "time": f"{now:%I:%M %p}".lstrip("0"),
        "transaction_id": "",
        "transaction_type": "",
    }
    organization.comments.setdefault(record_id, []).append(comment)
    return comment


def of_contact(call: Incoming) -> Answer:
    """GET /contacts/{id}/comments: reading is all the vendor offers."""
    contact = call.organization.find("contacts", call.ids[0], "Contact")
    comments = [
        {
            "contact_id": contact["contact_id"],
            "contact_name": contact["contact_name"],
            "is_entity_deleted": False,
            **comment,
        }
        for comment in _shown(call.organization, call.ids[0])
    ]
    rows, context = lists.paged(comments, call.query, "Contact Comments")
    return done(contact_comments=rows, page_context=context)


def listed(kind: Kind) -> Handler:
    """Give the handler that lists the comments of a document."""

    def handler(call: Incoming) -> Answer:
        call.organization.find(kind.name, call.ids[0], kind.called)
        comments = _shown(call.organization, call.ids[0])
        return done(comments=[{kind.id_field: call.ids[0], **one} for one in comments])

    return handler


def add(kind: Kind) -> Handler:
    """Give the handler that adds a comment to a document."""

    def handler(call: Incoming) -> Answer:
        call.organization.find(kind.name, call.ids[0], kind.called)
        description = intake.text(call.fields(), "description")
        if not description:
            raise bad_value("description")
        comment = note(
            call.organization, call.ids[0], call.actor, description, "Added", by_hand=True
        )
        return done("Comments added.", comment={kind.id_field: call.ids[0], **comment})

    return handler


def change(call: Incoming) -> Answer:
    """PUT …/comments/{comment_id}."""
    comment = _find(call)
    comment["description"] = intake.text(call.fields(), "description", comment["description"])
    return done("Comment has been updated successfully.", comment=comment)


def remove(call: Incoming) -> Answer:
    """DELETE …/comments/{comment_id}."""
    call.organization.comments[call.ids[0]].remove(_find(call))
    return done("The comment has been deleted.")


def _find(call: Incoming) -> Fields:
    for comment in call.organization.comments.get(call.ids[0], []):
        if comment["comment_id"] == call.ids[1]:
            return comment
    raise not_found("Comment", call.organization.quirks.not_found_status)


def _shown(organization: Organization, record_id: str) -> list[Fields]:
    """Give the newest first, each with how long ago it was."""
    today = organization.today()
    shown = []
    for comment in reversed(organization.comments.get(record_id, [])):
        days = (today - today.fromisoformat(comment["date"])).days
        shown.append({**comment, "date_description": f"{days} days ago" if days else "Today"})
    return shown
