"""Ask Zoho CRM which records say something: a query knows what was written a moment ago.

A search lags behind that, so it is never used.
"""

from __future__ import annotations

import re
from functools import reduce
from typing import TYPE_CHECKING

import msgspec

from hub.connectors.http import Call
from hub.connectors.record import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.budget import Share
    from hub.connectors.connector import Kind
    from hub.connectors.http import Vendor

FIELD = re.compile(r"[A-Za-z_]\w*(\.id)?")
"""A field, or the id of the record that a lookup leads to."""


class _Found(msgspec.Struct):
    id: str


class _Rows(msgspec.Struct):
    data: list[_Found] = []


async def records(
    vendor: Vendor, kind: Kind, fields: Mapping[str, str], most: int, share: Share = "contacts"
) -> list[str]:
    """Give the ids of records whose fields say this, letter case aside."""
    tests = [f"{_field(name)} = {_quoted(word)}" for name, word in fields.items()]
    # It takes no more than two conditions side by side: further ones are nested.
    where = reduce(lambda left, right: f"({left} and {right})", tests)
    query = f"select id from {kind.name} where {where} limit {most}"  # noqa: S608
    call = Call(
        method="POST",
        path="/crm/v8/coql",
        headers={"Content-Type": "application/json"},
        body=msgspec.json.encode({"select_query": query}),
        verb="read",
        share=share,
        marks=frozenset({"heavy"}),
    )
    answer = await read(vendor, call)
    rows = msgspec.json.decode(answer.body, type=_Rows).data if answer.body else []
    return [row.id for row in rows]


def _field(name: str) -> str:
    if FIELD.fullmatch(name):
        return name
    raise ValueError(f"{name!r} cannot be asked for: expected the API name of a field")


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"
