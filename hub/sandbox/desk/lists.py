"""Pages of lists: what is out of range or not known is refused, and never clamped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.desk.refusal import extra_parameter, out_of_range, unprocessable
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hub.sandbox.desk.organisation import Organisation
    from hub.sandbox.system import Fields

FROM_MAX = 1_000_000
SORTS = {
    "tickets": ("dueDate", "createdTime", "recentThread", "customerResponseTime", "modifiedTime"),
    "contacts": ("firstName", "lastName", "phone", "email", "createdTime", "modifiedTime"),
    "accounts": ("accountName", "createdTime", "modifiedTime"),
}
_FILTERS = {
    "tickets": ("departmentId", "departmentIds", "viewId", "assignee", "teamIds", "status",
                "priority", "channel", "receivedInDays"),
    "contacts": ("viewId",),
    "accounts": ("viewId",),
}  # fmt: skip
PAGING = ("from", "limit", "orgId")


def known(query: Mapping[str, str], *names: str) -> None:
    """Refuse a parameter that the call does not have."""
    for name in query:
        if name not in PAGING and name not in names:
            raise extra_parameter(name)


def filtered(org: Organisation, kind: str, query: Mapping[str, str]) -> list[Fields]:
    """Give what a list has of a kind, in the order that is asked for."""
    known(query, "sortBy", "fields", "include", *_FILTERS[kind])
    found = [one for one in org.present(kind) if _passes(one, query)]
    return in_order(found, query.get("sortBy", "createdTime"), SORTS[kind])


def in_order(found: Iterable[Fields], sort: str, allowed: Sequence[str]) -> list[Fields]:
    """Sort; a dash is for descending, and ties come in the order of their ids."""
    name = sort.removeprefix("-")
    if name not in allowed:
        raise unprocessable("The value passed for the 'sortBy' query parameter is invalid.")
    by_id = sorted(found, key=lambda one: str(one["id"]))
    return sorted(by_id, key=lambda one: str(one.get(name) or ""), reverse=sort.startswith("-"))


def page(
    rows: Sequence[Fields], query: Mapping[str, str], *, default: int, most: int, key: str = "data"
) -> Answer:
    """Give a part of the rows; nothing at all is 204."""
    first = number(query, "from", 0, 0, FROM_MAX)
    limit = number(query, "limit", default, 1, most)
    begin = max(first - 1, 0)  # it counts from 1, and 0 gives the first too
    part = list(rows[begin : begin + limit])
    return Answer(body={key: part}) if part else Answer(status=204)


def number(query: Mapping[str, str], name: str, otherwise: int, first: int, last: int) -> int:
    """Read a number of the query."""
    text = query.get(name)
    if text is None:
        return otherwise
    if not text.isdecimal() or not text.isascii():
        raise unprocessable(f"The value passed for the '{name}' query parameter is invalid.")
    if not first <= int(text) <= last:
        raise out_of_range(name, first, last)
    return int(text)


def _passes(record: Fields, query: Mapping[str, str]) -> bool:
    departments = _several(query, "departmentId") | _several(query, "departmentIds")
    if departments and record.get("departmentId") not in departments:
        return False
    assignees = _several(query, "assignee")
    if assignees and (record.get("assigneeId") or "Unassigned") not in assignees:
        return False
    return all(
        not (wanted := _several(query, name)) or record.get(field) in wanted
        for name, field in (
            ("status", "status"), ("priority", "priority"), ("channel", "channel"),
            ("teamIds", "teamId"),
        )
    )  # fmt: skip


def _several(query: Mapping[str, str], name: str) -> set[str]:
    return {one.strip() for one in query.get(name, "").split(",") if one.strip()}
