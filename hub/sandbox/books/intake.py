"""Reading what a caller sent, field by field; what is sent wrongly is refused by name."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from hub.sandbox.books.amounts import MONEY_MAX, rounded
from hub.sandbox.books.refusals import bad_json, bad_value, no_body, too_long

if TYPE_CHECKING:
    from hub.sandbox.system import Fields, Request

PLACES_MAX = 12
WHOLE_MAX = 10_000
YEARS = range(1900, 3000)


def entered(request: Request) -> Fields:
    """Give the fields of a write: a JSON body, or the form field JSONString of old."""
    body = request.body
    if "x-www-form-urlencoded" in request.headers.get("content-type", ""):
        body = parse_qs(body.decode("utf-8", "replace")).get("JSONString", [""])[0].encode()
        if request.body and not body:
            raise bad_json()
    elif not body:
        body = (request.param("JSONString") or "").encode()
    if not body.strip():
        raise no_body()
    try:
        fields = json.loads(body, parse_float=Decimal, parse_constant=_no_constant)
        if b"\\u" in body:
            # Half a pair of surrogates is no character: nothing could be answered with it.
            json.dumps(fields, ensure_ascii=False, default=str).encode()
    except (ValueError, RecursionError):
        raise bad_json() from None
    if not isinstance(fields, dict):
        raise bad_json()
    return fields


def text(fields: Fields, name: str, default: str = "", *, length_max: int = 65_535) -> str:
    """Read a text; a number is taken for its digits, as the vendor does."""
    value = fields.get(name)
    if value is None:
        return default
    if isinstance(value, dict | list | bool):
        raise bad_value(name)
    if len(str(value)) > length_max:
        raise too_long(name, length_max)
    return str(value)


def number(fields: Fields, name: str, default: Decimal) -> Decimal:
    """Read a number, also one in a string; an empty string is no number, but the default."""
    value = fields.get(name)
    if value is None or value == "":
        return default
    return decimal(value, name)


def decimal(value: Any, name: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | str | float | Decimal):
        raise bad_value(name)
    try:
        # A float comes from the control API alone; its shortest text is what was written there.
        amount = Decimal(str(value) if isinstance(value, float) else value)
    except InvalidOperation:
        raise bad_value(name) from None
    if not amount.is_finite() or abs(amount) >= MONEY_MAX:
        raise bad_value(name)
    return rounded(amount, PLACES_MAX)


def whole(fields: Fields, name: str, default: int) -> int:
    amount = int(number(fields, name, Decimal(default)))
    if not 0 <= amount <= WHOLE_MAX:
        raise bad_value(name)
    return amount


def flag(fields: Fields, name: str, *, default: bool) -> bool:
    """Read a yes or no, also one in a string."""
    value = fields.get(name, default)
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise bad_value(name)
    return value


def day(fields: Fields, name: str, default: str = "") -> str:
    """Read a date as yyyy-mm-dd."""
    value = fields.get(name)
    if value is None or value == "":
        return default
    try:
        found = date.fromisoformat(value if len(value) == len("2026-03-02") else "")
    except (TypeError, ValueError):
        raise bad_value(name) from None
    if found.year not in YEARS:
        raise bad_value(name)
    return found.isoformat()


def rows(fields: Fields, name: str) -> list[Fields]:
    """Read a list of objects; absent is empty."""
    value = fields.get(name)
    if value is None or value == "":
        return []
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise bad_value(name)
    return value


def names(fields: Fields, name: str) -> list[str]:
    """Read a list of ids."""
    value = fields.get(name) or []
    if not isinstance(value, list):
        raise bad_value(name)
    return [str(one) for one in value]


def one_of(fields: Fields, name: str, allowed: tuple[str, ...], default: str) -> str:
    value = text(fields, name) or default
    if value not in allowed:
        raise bad_value(name)
    return value


def _no_constant(constant: str) -> None:
    raise ValueError(constant)
