"""Tags, which are not on the ticket: they are a department's, and are set by their own calls."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hub.sandbox.desk.history import happened, said
from hub.sandbox.desk.refusal import wrong_field

if TYPE_CHECKING:
    from hub.sandbox.desk.organisation import Actor, Organisation
    from hub.sandbox.system import Fields

PER_CALL_MAX = 51
_NAME = re.compile(r"[\w .+%-]{3,50}")


def shown(org: Organisation, ticket: str) -> list[Fields]:
    """Give the tags of a ticket."""
    return [_shown(org.tags[tag]) for tag in org.tagged.get(ticket, ())]


def add(org: Organisation, ticket: Fields, names: object, actor: Actor) -> list[Fields]:
    """Put tags on a ticket, making those that the department has not; gives those named."""
    tags = [_tag(org, ticket["departmentId"], name) for name in _checked(names)]
    borne = org.tagged.setdefault(ticket["id"], [])
    new = [tag for tag in tags if tag["id"] not in borne]
    borne += [tag["id"] for tag in new]
    _counted(org, ticket, "TagsAdded", new, actor)
    return [_shown(tag) for tag in tags]


def remove(org: Organisation, ticket: Fields, names: object, actor: Actor) -> None:
    """Take tags off a ticket; one that it does not bear is passed over."""
    wanted = {name.casefold() for name in _checked(names)}
    borne = org.tagged.get(ticket["id"], [])
    gone = [org.tags[tag] for tag in borne if org.tags[tag]["name"].casefold() in wanted]
    for tag in gone:
        borne.remove(tag["id"])
    _counted(org, ticket, "TagsRemoved", gone, actor)


def of_department(org: Organisation, department: str) -> list[Fields]:
    """Give the tags of a department, with how many tickets bear each."""
    return [
        {**_shown(tag), "count": str(len(bearers(org, tag["id"])))}
        for tag in org.tags.values()
        if tag["departmentId"] == department
    ]


def bearers(org: Organisation, tag: str) -> list[str]:
    return [ticket for ticket, tags in org.tagged.items() if tag in tags]


def _checked(names: object) -> list[str]:
    if not isinstance(names, list) or not 1 <= len(names) <= PER_CALL_MAX:
        raise wrong_field("/tags", "invalid", f"1 to {PER_CALL_MAX} names are expected.")
    for number, name in enumerate(names):
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise wrong_field(f"/tags/{number}", "invalid", "It is no name of a tag.")
    return names


def _tag(org: Organisation, department: str, name: str) -> Fields:
    for tag in org.tags.values():
        if tag["departmentId"] == department and tag["name"].casefold() == name.casefold():
            return tag
    made = {"id": org.new_id(), "name": name, "departmentId": department, "at": org.stamp()}
    org.tags[made["id"]] = made
    return made


def _counted(
    org: Organisation, ticket: Fields, event: str, tags: list[Fields], actor: Actor
) -> None:
    if not tags:
        return
    before = dict(ticket)
    ticket["tagCount"] = str(len(org.tagged[ticket["id"]]))
    names = ",".join(tag["name"] for tag in tags)
    happened(org, ticket["id"], event, actor, [said("TagName", names)])
    touches = org.quirks.tags_touch
    told = "Ticket_Update" if touches else ""
    org.noted("tickets", ticket, actor, event=told, before=before, touches=touches)


def _shown(tag: Fields) -> Fields:
    return {"id": tag["id"], "name": tag["name"], "tagType": "MANUAL"}
