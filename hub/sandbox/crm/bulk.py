"""Bulk reads: a job that goes through its states by the clock, and leaves a CSV in a ZIP."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from hub.sandbox.crm.body import part_of, read_body
from hub.sandbox.crm.compare import NotOfType, holds, operand
from hub.sandbox.crm.fields import LINKS, Field
from hub.sandbox.crm.organisation import API_USER
from hub.sandbox.crm.refusal import Refusal, invalid_data, mandatory
from hub.sandbox.crm.show import show_value
from hub.sandbox.system import Answer
from hub.sandbox.world import Hook

if TYPE_CHECKING:
    from hub.sandbox.crm.fields import Module
    from hub.sandbox.crm.organisation import Organisation
    from hub.sandbox.store import Record
    from hub.sandbox.system import Request

Fields = dict[str, Any]
Meets = Callable[["Record"], bool]

ROWS_MAX = 200_000
PAGE_MAX = 500
KEPT = timedelta(days=1)
STATES = ("ADDED", "QUEUED", "IN PROGRESS", "COMPLETED")

COMPARATORS = {
    "equal": "equals", "not_equal": "not_equal", "in": "in", "not_in": "not_in",
    "contains": "contains", "not_contains": "not_contains", "starts_with": "starts_with",
    "ends_with": "ends_with", "greater_than": "greater_than", "greater_equal": "greater_equal",
    "less_than": "less_than", "less_equal": "less_equal", "between": "between",
    "not_between": "not_between",
}  # fmt: skip

ID = Field(api_name="id")


class Job(msgspec.Struct, kw_only=True):
    """A bulk read, and what it has found when it is done."""

    id: str
    module: str
    query: Fields
    meets: Meets
    names: list[str]
    page: int
    made: datetime
    done: datetime
    callback: str | None = None
    rows: list[list[str]] | None = None
    more: bool = False


def start(org: Organisation, request: Request) -> Answer:
    """Start a bulk read."""
    body = read_body(request)
    job = _read(org, body)
    org.jobs[job.id] = job
    org.world.clock.at(job.done, lambda: _finish(org, job))
    details = {
        "id": job.id,
        "operation": "read",
        "state": "ADDED",
        "created_by": org.user(API_USER.id),
        "created_time": org.told(job.made),
    }
    said = {
        "status": "success",
        "code": "ADDED_SUCCESSFULLY",
        "message": "Added successfully.",
        "details": details,
    }
    return Answer(status=201, body={"data": [said], "info": {}})


def state(org: Organisation, _: Request, key: str) -> Answer:
    """Tell how far a job is."""
    job = _job(org, key)
    shown: Fields = {
        "id": job.id,
        "operation": "read",
        "state": _state(org, job),
        "query": job.query,
        "created_by": org.user(API_USER.id),
        "created_time": org.told(job.made),
        "file_type": "csv",
    }
    if job.rows is not None:
        shown["result"] = _result(job)
    return Answer(body={"data": [shown]})


def result(org: Organisation, _: Request, key: str) -> Answer:
    """Give what a job has found, for a day."""
    job = _job(org, key)
    if job.rows is None or job.done + KEPT <= org.now():
        raise _no_resource(key)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["Id", *job.names])
    writer.writerows(job.rows)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{job.id}.csv", text.getvalue())
    headers = {
        "Content-Type": "application/zip",
        "Content-Disposition": f"attachment; filename={job.id}.zip",
    }
    return Answer(body=packed.getvalue(), headers=headers)


def _read(org: Organisation, body: Fields) -> Job:
    query = body.get("query")
    if not isinstance(query, dict):
        raise mandatory("query", "$.query")
    name = str(part_of(query, "module", "$.query").get("api_name"))
    if name not in org.tables:
        message = "the module is not available"
        raise Refusal("MODULE_NOT_AVAILABLE", message, api_name=name)
    module = org.modules[name]
    if (body.get("file_type") or query.get("file_type") or "csv") != "csv":
        raise invalid_data(api_name="file_type", json_path="$.file_type")
    page = query.get("page_token") or query.get("page") or 1
    if not str(page).isdecimal() or not 1 <= int(page) <= PAGE_MAX:
        message = "the page is out of range"
        raise Refusal("PAGE_RANGE_EXCEEDED", message, max_limit=PAGE_MAX)
    now = org.now()
    steps = (len(STATES) - 1) * org.quirks.bulk_step_seconds
    return Job(
        id=org.new_id(),
        module=name,
        query={**query, "module": {"api_name": name, "id": module.id}, "page": int(page)},
        meets=_criteria(module, part_of(query, "criteria", "$.query")),
        names=_names(module, query.get("fields")),
        page=int(page),
        made=now,
        done=now + timedelta(seconds=steps),
        callback=_callback(part_of(body, "callback", "$")),
    )


def _names(module: Module, said: object) -> list[str]:
    """Give the columns: line items have none."""
    if said is not None and not isinstance(said, list):
        raise invalid_data(
            api_name="fields", json_path="$.query.fields", expected_data_type="jsonarray"
        )
    flat = [name for name, field in module.fields.items() if field.type != "subform"]
    said = [str(name) for name in said or ()]
    for name in said:
        if name not in flat and name != "id":
            message = "the field is not supported"
            raise Refusal("FIELD_NOT_SUPPORTED", message, api_name=name, module=module.name)
    return [name for name in said if name != "id"] if said else flat


def _callback(said: Fields) -> str | None:
    if not said:
        return None
    if said.get("method") != "post":
        message = "the callback method is not supported"
        methods = ["post"]
        raise Refusal("INVALID_CALLBACK_METHOD", message, supported_callback_methods=methods)
    url = str(said.get("url"))
    if urlsplit(url).scheme not in ("http", "https"):
        raise Refusal("INVALID_CALLBACK_URL", "the callback url is invalid")
    return url


def _criteria(module: Module, said: Fields) -> Meets:
    """Read criteria into a test of one record; groups may hold groups."""
    if not said:
        return lambda _: True
    if isinstance(said.get("group"), list):
        tests = [_criteria(module, one) for one in said["group"] if isinstance(one, dict)]
        operator = str(said.get("group_operator", "and")).casefold()
        if operator not in ("and", "or"):
            message = "the group operator is not supported"
            raise Refusal("GROUP_OPERATOR_NOT_SUPPORTED", message, supported=["and", "or"])
        every = all if operator == "and" else any
        return lambda record: every(test(record) for test in tests)
    name = part_of(said, "field", "$.query.criteria").get("api_name")
    field = ID if name == "id" else module.fields.get(str(name))
    if field is None or field.type in ("subform", "textarea"):
        message = "the field is not supported in criteria"
        raise Refusal("FIELD_IN_CRITERIA_NOT_SUPPORTED", message, api_name=name)
    operator = COMPARATORS.get(str(said.get("comparator")), "")
    if not operator:
        raise Refusal(
            "FIELD_COMPARATOR_IN_CRITERIA_NOT_SUPPORTED",
            "the comparator is not supported",
            api_name=name,
            supported=list(COMPARATORS),
        )
    return _test(field, operator, said.get("value"))


def _test(field: Field, operator: str, value: Any) -> Meets:
    name = field.api_name
    if value in ("${EMPTY}", None):
        empty = "is_null" if operator == "equals" else "is_not_null"
        return lambda record: holds(empty, record.get(name), None)
    try:
        many = operator in ("in", "not_in", "between", "not_between")
        values = value if isinstance(value, list) else str(value).split(",")
        asked = (
            [operand(field, one, operator) for one in values]
            if many
            else operand(field, value, operator)
        )
    except NotOfType as wrong:
        message = "the comparator and the value do not go together"
        raise Refusal(
            "COMPARATOR_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE", message, api_name=name, value=value
        ) from wrong
    return lambda record: holds(operator, record.get(name), asked)


def _finish(org: Organisation, job: Job) -> None:
    """Read what there is at the moment when the job is done, and call back."""
    if org.jobs.get(job.id) is not job:
        return
    table = org.tables[job.module]
    found = [table.records[key] for _, key in table.order("id")]
    found = [record for record in found if job.meets(record)]
    first = (job.page - 1) * ROWS_MAX
    job.more = len(found) > first + ROWS_MAX
    job.rows = [_row(org, job, record) for record in found[first : first + ROWS_MAX]]
    if job.callback:
        told = {"job_id": job.id, "operation": "read", "state": "COMPLETED", "query": job.query}
        body = msgspec.json.encode(told | {"result": _result(job)})
        headers = {"Content-Type": "application/json;charset=UTF-8"}
        hook = Hook(system="crm", method="POST", url=job.callback, headers=headers, body=body)
        org.world.send(hook)


def _row(org: Organisation, job: Job, record: Record) -> list[str]:
    fields = org.modules[job.module].fields
    return [record.id, *(_cell(org, fields[name], record.get(name)) for name in job.names)]


def _cell(org: Organisation, field: Field, value: Any) -> str:
    """Write a value: a lookup is a bare id, and what there is not is empty."""
    if value is None:
        return ""
    if field.type in LINKS:
        return str(value)
    if field.api_name == "Tag":
        return ",".join(tag["name"] for tag in value)
    shown = show_value(org, field, value)
    if isinstance(shown, bool):
        return "true" if shown else "false"
    if isinstance(shown, list):
        return ";".join(str(one.get("value", one) if isinstance(one, dict) else one)
                        for one in shown)  # fmt: skip
    return str(shown)


def _state(org: Organisation, job: Job) -> str:
    if job.rows is not None:
        return "COMPLETED"
    step = org.quirks.bulk_step_seconds
    passed = (org.world.clock.now() - job.made).total_seconds()
    return STATES[min(int(passed / step), len(STATES) - 2)] if step else STATES[-2]


def _result(job: Job) -> Fields:
    return {
        "page": job.page,
        "count": len(job.rows or ()),
        "download_url": f"/crm/bulk/v8/read/{job.id}/result",
        "per_page": ROWS_MAX,
        "more_records": job.more,
        "next_page_token": str(job.page + 1) if job.more else None,
    }


def _job(org: Organisation, key: str) -> Job:
    if key not in org.jobs:
        raise _no_resource(key)
    return org.jobs[key]


def _no_resource(key: str) -> Refusal:
    return Refusal("RESOURCE_NOT_FOUND", "the resource is not found", 404, resource=key)
