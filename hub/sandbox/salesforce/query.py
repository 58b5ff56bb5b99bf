"""Queries over HTTP: pages, the locators that lead on, and rows within rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.salesforce.call import header_words
from hub.sandbox.salesforce.refusal import Refusal
from hub.sandbox.salesforce.show import attributes, value_shown
from hub.sandbox.salesforce.soql.parse import parse
from hub.sandbox.salesforce.soql.place import followed, value_of
from hub.sandbox.salesforce.soql.run import among, entity_of, found_by
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.sandbox.salesforce.call import Call
    from hub.sandbox.salesforce.fields import Object
    from hub.sandbox.salesforce.organisation import Organisation
    from hub.sandbox.salesforce.soql.query import Path, Query
    from hub.sandbox.store import Record
    from hub.sandbox.system import Fields

BATCH_LEAST, BATCH_MOST = 200, 2_000
READINGS_MAX = 10
"""So many queries of a session can be read on with; the oldest gives way."""


def query(call: Call) -> Answer:
    return _asked(call, deleted_too=False)


def query_all(call: Call) -> Answer:
    """Ask for what was deleted as well."""
    return _asked(call, deleted_too=True)


def read_on(call: Call, locator: str) -> Answer:
    """Give the next page, in the session that asked for the first."""
    key, _, start = locator.rpartition("-")
    reading = call.session.readings.get(key)
    if reading is None or not start.isdecimal():
        raise Refusal("INVALID_QUERY_LOCATOR", "invalid query locator")
    return Answer(body=_page(call, reading, key, int(start), _size(call)))


def _asked(call: Call, *, deleted_too: bool) -> Answer:
    text = call.param("q")
    asked = parse(text)
    found = found_by(call.org, asked, deleted_too=deleted_too)
    if asked.counts:
        return Answer(body={"totalSize": len(found), "done": True, "records": []})
    shape = _shape(call, entity_of(call.org, asked), asked)
    return Answer(body=_first_page(call, [shape(one) for one in found], _size(call)))


def _first_page(call: Call, rows: list[Fields], size: int) -> Fields:
    return _page(call, rows, _kept(call, rows) if len(rows) > size else "", 0, size)


def _page(call: Call, rows: list[Fields], key: str, start: int, size: int) -> Fields:
    end = start + size
    body: Fields = {"totalSize": len(rows), "done": end >= len(rows), "records": rows[start:end]}
    if end < len(rows):
        body["nextRecordsUrl"] = f"{call.base}/query/{key}-{end}"
    return body


def _kept(call: Call, rows: list[Fields]) -> str:
    """Keep rows to be read on with; a locator belongs to its session."""
    readings = call.session.readings
    key = call.org.new_id("01g")[:15]
    readings[key] = rows
    while len(readings) > READINGS_MAX:
        del readings[next(iter(readings))]
    return key


def _size(call: Call) -> int:
    asked = header_words(call.request.headers, "sforce-query-options").get("batchsize", "")
    size = int(asked) if asked.isdecimal() else BATCH_MOST
    return min(max(size, BATCH_LEAST), BATCH_MOST, call.org.quirks.page_rows_max)


def _shape(call: Call, entity: Object, asked: Query) -> Callable[[Record], Fields]:
    """Give what makes a row of a record."""
    org = call.org
    columns = [*asked.columns, *_of_groups(org, entity, asked)]
    plain = [field for path in columns if len(path) == 1 if (field := org.field(entity, path[0]))]
    relations: dict[str, list[Path]] = {}
    for path in columns:
        if len(path) > 1:
            relations.setdefault(path[0], []).append(path[1:])
    children = [_children(call, entity, one) for one in asked.children]

    def row(record: Record) -> Fields:
        made: Fields = {"attributes": attributes(record, call.base)}
        for field in plain:
            made[field.name] = value_shown(org, field, record)
        for name, paths in relations.items():
            made[name] = _related(call, record, name, paths)
        for name, rows_of in children:
            made[name] = rows_of(record)
        return made

    return row


def _related(call: Call, record: Record, name: str, paths: list[Path]) -> Fields | None:
    """Give what a reference leads to, with the fields asked for; None where it leads nowhere."""
    org = call.org
    step = followed(org, record, name)
    if step is None:
        return None
    link, other = step
    made: Fields = {"attributes": attributes(other, call.base)}
    further: dict[str, list[Path]] = {}
    for path in paths:
        if len(path) > 1:
            further.setdefault(path[0], []).append(path[1:])
            continue
        field = org.object_there(other.module).field(path[0])
        if field is None or (len(link.to) > 1 and path[0].lower() == "type"):
            made[path[0]] = value_of(org, link, other, path[0])
        else:
            made[field.name] = value_shown(org, field, other)
    for inner, rest in further.items():
        made[inner] = _related(call, other, inner, rest)
    return made


def _children(
    call: Call, entity: Object, asked: Query
) -> tuple[str, Callable[[Record], Fields | None]]:
    """Give what makes the rows within a row, under the name of the relation."""
    org = call.org
    found = [
        (other, field)
        for other in org.objects.values()
        for field in org.fields(other)
        if entity.name in field.to and field.children.lower() == asked.entity.lower()
    ]
    if not found:
        message = (
            f"Didn't understand relationship '{asked.entity}' in FROM part of query call. If you "
            "are attempting to use a custom relationship, be sure to append the '__r' after the "
            "custom relationship name."
        )
        raise Refusal("INVALID_TYPE", message)
    other, field = found[0]
    shape = _shape(call, other, asked)
    among(org, other, asked, ())

    def rows_of(record: Record) -> Fields | None:
        table = org.tables[other.name]
        ids = org.references.of(record.id, other.name, field.name)
        rows = [shape(one) for one in among(org, other, asked, [table.records[i] for i in ids])]
        if not rows:
            return None
        return _first_page(call, rows, org.quirks.lines_per_page)

    return field.children, rows_of


def _of_groups(org: Organisation, entity: Object, asked: Query) -> list[Path]:
    """Give the fields of FIELDS(ALL), FIELDS(STANDARD) or FIELDS(CUSTOM)."""
    return [
        (one.name,)
        for group in asked.groups
        for one in org.fields(entity)
        if group == "ALL" or one.custom is (group == "CUSTOM")
    ]
