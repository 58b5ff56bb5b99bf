"""Ask Salesforce by SOQL: always by where the last answer ended, never by its locators.

A locator dies with the session that it came from; a place between two records does not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec

from hub.connectors.connector import NotRead
from hub.connectors.outcome import Refused
from hub.connectors.record import read
from hub.connectors.salesforce.judge import Fault, of_fault

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hub.connectors.budget import Share
    from hub.connectors.http import Vendor
    from hub.connectors.salesforce.call import Calls
    from hub.connectors.salesforce.fields import Field

FIELD = re.compile(r"[A-Za-z]\w*")
URL_LENGTH_MAX = 12_000
"""A longer address is refused: such a query goes in the body of a composite call."""

_ESCAPED = re.compile(r"[\\'\"\n\r\t\b\f]")
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_BARE = frozenset({"boolean", "int", "double", "currency", "percent", "date", "datetime"})
_FAILS = 300


class Page(msgspec.Struct):
    """What a query gave; what else there is, is asked for anew.

    An answer without these words is none: taken for one without rows, it would have something made
    a second time.
    """

    records: list[msgspec.Raw]
    done: bool


class _Inner(msgspec.Struct):
    body: msgspec.Raw = msgspec.Raw(b"null")
    status: int = msgspec.field(default=200, name="httpStatusCode")


class _Composite(msgspec.Struct):
    answers: list[_Inner] = msgspec.field(name="compositeResponse")


async def ask(
    vendor: Vendor,
    calls: Calls,
    base: str,
    soql: str,
    *,
    share: Share = "contacts",
    deleted_too: bool = False,
) -> Page:
    """Ask for rows; NotRead where they cannot be had."""
    path = f"{base}/{'queryAll' if deleted_too else 'query'}"
    if len(quote(soql)) <= URL_LENGTH_MAX:
        answer = await read(vendor, calls.get(path, ("q", soql), share=share))
        return msgspec.json.decode(answer.body, type=Page)
    inner = {"method": "GET", "url": f"{path}?q={quote(soql)}", "referenceId": "rows"}
    call = calls.send(f"{base}/composite", {"compositeRequest": [inner]}, verb="read", share=share)
    answer = await read(vendor, call)
    (said,) = msgspec.json.decode(answer.body, type=_Composite).answers
    if said.status >= _FAILS:
        raise NotRead(of_fault(_first(said.body), answer.at, said.status))
    return msgspec.json.decode(said.body, type=Page)


def between(stamp: str, last: str) -> str:
    """Say where rows go on behind a record, in the order of their stamps."""
    return f"((SystemModstamp = {stamp} AND Id > '{last}') OR SystemModstamp > {stamp})"


def literal(moment: datetime) -> str:
    """Write a moment as a query takes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def quoted(word: str) -> str:
    """Write a text as a query takes it."""
    return "'" + _ESCAPED.sub(lambda one: _ESCAPES.get(one[0], f"\\{one[0]}"), word) + "'"


def ids(records: Any) -> str:
    return ", ".join(quoted(one) for one in records)


def says(described: Mapping[str, Field], fields: Mapping[str, str]) -> str:
    """Say what records are to say, each field by its type."""
    return " AND ".join(_says(described, name, word) for name, word in fields.items())


def _says(described: Mapping[str, Field], name: str, word: str) -> str:
    field = described.get(name) if FIELD.fullmatch(name) else None
    if field is None or not field.filterable:
        raise ValueError(f"{name!r} cannot be asked for: expected a field that a query filters by")
    if field.type not in _BARE:
        return f"{name} = {quoted(word)}"
    if not re.fullmatch(r"[\w.:+-]+", word):
        raise ValueError(f"{name}: expected a word of the type {field.type}, found {word!r}")
    return f"{name} = {word}"


def is_unknown_field(error: NotRead) -> bool:
    """Tell whether it was asked for a field that is not there any more."""
    return isinstance(error.outcome, Refused) and error.outcome.reason == "INVALID_FIELD"


def _first(body: msgspec.Raw) -> Fault:
    faults = msgspec.json.decode(body, type=list[Fault])
    return faults[0] if faults else Fault()
