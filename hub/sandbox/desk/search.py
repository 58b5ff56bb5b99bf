"""Searching: an index that lags behind, looked into by fields, times and custom fields."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from hub.sandbox.desk.lists import in_order, known, number
from hub.sandbox.desk.organisation import moment
from hub.sandbox.desk.refusal import unprocessable
from hub.sandbox.desk.show import row
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hub.sandbox.desk.organisation import Organisation
    from hub.sandbox.system import Fields

LIMIT, LIMIT_MAX = 10, 100
TEXT_MIN = 3
_EXACT = {
    "tickets": ("ticketNumber", "id", "contactId", "accountId", "assigneeId", "departmentId",
                "status", "priority", "channel"),
    "contacts": ("id", "accountId", "ownerId"),
    "accounts": ("id", "ownerId"),
}  # fmt: skip
_TEXTS = {
    "tickets": ("email", "phone", "subject", "accountName", "productName", "_all"),
    "contacts": ("email", "phone", "mobile", "fullName", "firstName", "lastName", "accountName",
                 "_all"),
    "accounts": ("accountName", "email", "phone", "website", "_all"),
}  # fmt: skip
_RANGES = {
    "createdTimeRange": "createdTime",
    "modifiedTimeRange": "modifiedTime",
    "dueDateRange": "dueDate",
    "customerResponseTimeRange": "customerResponseTime",
}
_SORTS = ("relevance", "modifiedTime", "createdTime", "customerResponseTime")
_CUSTOM = re.compile(r"customField\d{1,2}")
_TYPES = {"${OPEN}": "Open", "${ONHOLD}": "On Hold", "${CLOSED}": "Closed"}


def search(org: Organisation, kind: str, query: Mapping[str, str]) -> Answer:
    """Answer a search of one kind."""
    asked = {name: value for name, value in query.items() if not _is_paging(name)}
    custom = [name for name in asked if _CUSTOM.fullmatch(name)]
    known(asked, *_EXACT[kind], *_TEXTS[kind], *_RANGES, *custom)
    tests = [_test(org, kind, name, value) for name, value in asked.items()]
    found = [one for one in org.indexed(kind) if all(test(one) for test in tests)]
    sort = query.get("sortBy", "createdTime")
    ordered = in_order(found, "id" if sort == "relevance" else sort, (*_SORTS, "id"))
    first = number(query, "from", 0, 0, 10**9)
    if first > org.quirks.search_from_max:
        raise unprocessable("The value passed for the 'from' query parameter is invalid.")
    part = ordered[first : first + number(query, "limit", LIMIT, 1, LIMIT_MAX)]
    rows = [{**row(org, kind, one), "modifiedTime": one["modifiedTime"]} for one in part]
    return Answer(body={"data": rows, "count": len(ordered)}) if rows else Answer(status=204)


def _is_paging(name: str) -> bool:
    return name in ("from", "limit", "sortBy", "orgId")


def _test(org: Organisation, kind: str, name: str, value: str) -> Callable[[Fields], bool]:
    if name in _RANGES:
        return _in_range(name, value)
    if _CUSTOM.fullmatch(name):
        field, colon, word = value.partition(":")
        if not colon or field not in org.custom[kind]:
            raise unprocessable(f"The value passed for the '{name}' query parameter is invalid.")
        return lambda one: _says((one["cf"] or {}).get(field), word)
    if name in _EXACT[kind]:
        words = [word.strip() for word in value.split(",")]
        return lambda one: _is_one_of(one, name, words)
    if len(value.strip("*")) < TEXT_MIN and not value.startswith("${"):
        raise unprocessable(f"The value of '{name}' must have {TEXT_MIN} characters at least.")
    return lambda one: any(_says(text, value) for text in _texts(org, one, name))


def _in_range(name: str, value: str) -> Callable[[Fields], bool]:
    bounds = [moment(one.strip()) for one in value.split(",")]
    if len(bounds) != 2 or None in bounds:  # noqa: PLR2004
        raise unprocessable(f"The value passed for the '{name}' query parameter is invalid.")
    first, last = bounds
    field = _RANGES[name]

    def test(one: Fields) -> bool:
        at = moment(one.get(field)) if one.get(field) else None
        return at is not None and first is not None and last is not None and first <= at <= last

    return test


def _is_one_of(record: Fields, name: str, words: list[str]) -> bool:
    if name == "status":
        types = {_TYPES[word] for word in words if word in _TYPES}
        return record["status"] in words or record["statusType"] in types
    return any(_says(record.get(name), word) for word in words)


def _says(text: object, word: str) -> bool:
    """Compare without letter case; a star stands for anything."""
    if word == "${empty}":
        return text in (None, "")
    if word == "${notempty}":
        return text not in (None, "")
    pattern = word.casefold().replace("[", "[[]").replace("?", "[?]")
    return fnmatchcase(str(text or "").casefold(), pattern)


def _texts(org: Organisation, record: Fields, name: str) -> list[object]:
    if name == "fullName":
        return [f"{record.get('firstName') or ''} {record.get('lastName') or ''}".strip()]
    if name == "accountName" and "accountName" not in record:
        return [org.tables["accounts"].get(str(record.get("accountId")), {}).get("accountName")]
    if name == "_all":
        return [one for one in record.values() if isinstance(one, str)]
    return [record.get(name)]
