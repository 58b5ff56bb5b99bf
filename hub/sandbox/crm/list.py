"""Reading records: lists, one record, and what was deleted."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any

from hub.sandbox.crm.change import RECYCLE
from hub.sandbox.crm.external import record_in_path
from hub.sandbox.crm.pages import Paging, answered, counted
from hub.sandbox.crm.refusal import invalid_data, invalid_id, over_limit
from hub.sandbox.crm.show import show, show_rows, wanted_fields
from hub.sandbox.crm.values import is_id, moment
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hub.sandbox.crm.organisation import Organisation
    from hub.sandbox.store import Place, Removed, Table
    from hub.sandbox.system import Request

Fields = dict[str, Any]

IDS_MAX = 100


def list_records(org: Organisation, request: Request, name: str) -> Answer:
    """List a module: all of it, some ids, or what was modified since."""
    module = org.module(name)
    names = wanted_fields(request, module, needed=not request.path.startswith("/crm/v2/"))
    paging = Paging.of(org, request)
    table = org.tables[name]
    since = modified_since(request)
    places = places_of(table, paging.sort_by, since, _ids(request))
    if since is not None and not places:
        return Answer(status=304)
    return page_of(org, table, places, paging, names)


def places_of(
    table: Table, sort_by: str, since: datetime | None, ids: list[str] | None
) -> Sequence[Place]:
    """Give the order of all records, of some, or of those modified since a moment."""
    if ids is not None:
        records = [one for one in map(table.get, ids) if one is not None]
    elif since is None:
        return table.order(sort_by)
    else:
        changed = table.since(since, exclusive=True)
        if sort_by == "Modified_Time":
            return changed
        records = [table.records[record_id] for _, record_id in changed]
    if since is not None:
        records = [one for one in records if one.get("Modified_Time") > since]
    return sorted((one.get(sort_by), one.id) for one in records)


def page_of(
    org: Organisation,
    table: Table,
    places: Sequence[Place],
    paging: Paging,
    names: list[str] | None,
) -> Answer:
    """Answer one page of an order, without a look at the rest of it."""
    start = paging.start if paging.token is None else _behind(places, paging)
    end = min(start + paging.per_page, len(places))
    chosen = [places[-1 - n] if paging.descending else places[n] for n in range(start, end)]
    records = [table.records[record_id] for _, record_id in chosen]
    more = end < len(places)
    answer = answered(paging, show_rows(org, records, names), more=more)
    if records:
        answer.body["info"] |= paging.tokens(org, records[-1] if more else None)
    return answer


def one_record(org: Organisation, request: Request, name: str, key: str) -> Answer:
    """Give one record, with everything there is of it."""
    module = org.module(name)
    record = record_in_path(org, request, name, key)
    if record is None:
        return _missing(org, key)
    since = modified_since(request)
    if since is not None and record.get("Modified_Time") <= since:
        return Answer(status=304)
    return Answer(body={"data": [show(org, record, wanted_fields(request, module))]})


def deleted_records(org: Organisation, request: Request, name: str) -> Answer:
    """List what was deleted from a module, newest first."""
    org.module(name)
    asked = request.param("type") or "all"
    if asked not in ("all", "recycle", "permanent"):
        supported = ["all", "recycle", "permanent"]
        raise invalid_data(param_name="type", supported_values=supported)
    since = modified_since(request)
    found = [
        one
        for one in reversed(org.tables[name].removed.values())
        if asked in ("all", removed_type(org, one)) and (since is None or one.at > since)
    ]
    if since is not None and not found:
        return Answer(status=304)
    return counted(request, found, lambda one: _removed(org, one), "data")


def removed_type(org: Organisation, removed: Removed) -> str:
    """Tell whether a deleted record can be brought back."""
    old = removed.permanent or removed.at + RECYCLE <= org.now()
    return "permanent" if old else "recycle"


def modified_since(request: Request) -> datetime | None:
    """Read the header that asks only for what has changed."""
    said = request.headers.get("if-modified-since")
    if not said:
        return None
    found = moment(said)
    if found is None:
        raise invalid_data(header="If-Modified-Since", expected_data_type="datetime")
    return found


def _behind(places: Sequence[Place], paging: Paging) -> int:
    """Find where an order goes on behind the last record of the page before."""
    if paging.descending:
        return len(places) - bisect_left(places, paging.last)
    return bisect_right(places, paging.last)


def _ids(request: Request) -> list[str] | None:
    said = request.param("ids")
    if said is None:
        return None
    ids = [one.strip() for one in said.split(",") if one.strip()]
    if len(ids) > IDS_MAX:
        raise over_limit(IDS_MAX)
    return ids


def _missing(org: Organisation, key: str) -> Answer:
    """Say that there is no such record: what is no id at all is refused."""
    if not is_id(key):
        raise invalid_id(resource_path_index=1)
    status = org.quirks.missing_record_status
    if status == 204:  # noqa: PLR2004 - an HTTP status
        return Answer(status=204)
    refusal = invalid_id(resource_path_index=1)
    refusal.status = status
    raise refusal


def _removed(org: Organisation, removed: Removed) -> Fields:
    kind = removed_type(org, removed)
    return {
        "id": removed.record.id,
        "display_name": removed.name if kind == "recycle" else None,
        "type": kind,
        "deleted_time": org.told(removed.at),
        "deleted_by": org.user(removed.by),
        "created_by": org.user(removed.record.get("Created_By")),
    }
