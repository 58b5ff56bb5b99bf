"""Whether a value may stand in a field, and how it is kept if so."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from hub.sandbox.crm.fields import NUMBERS
from hub.sandbox.crm.refusal import invalid_data, invalid_id, mandatory

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.sandbox.crm.fields import Field
    from hub.sandbox.crm.organisation import Organisation

    Check = Callable[[Organisation, Field, Any, str], Any]

DIGITS_MAX = 16
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_PERCENT = re.compile(r"\d+(\.\d+)?%")
_ID = re.compile(r"[0-9]{15,20}")


def checked(org: Organisation, field: Field, value: Any, path: str) -> Any:
    """Give a value as it is kept, or refuse it; `path` says where it stands in the body."""
    if value is None or value == "":
        if field.mandatory:
            raise mandatory(field.api_name, path)
        return None
    check: Check = _CHECKS.get(field.type, _text)
    return check(org, field, value, path)


def is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def rounded(value: Decimal, decimals: int = 2) -> Decimal:
    """Round as bookkeepers do: a half goes up."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def moment(text: str) -> datetime | None:
    """Read a time with its zone, in ISO 8601; nothing if it is none."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    return parsed.astimezone(UTC).replace(microsecond=0) if parsed.tzinfo else None


def day(text: str) -> str | None:
    """Read a date; nothing if it is none."""
    try:
        return date.fromisoformat(text).isoformat() if len(text) == len("2026-01-01") else None
    except ValueError:
        return None


def _text(_: Organisation, field: Field, value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise _wrong_type(field, path)
    if len(value) > field.length:
        raise invalid_data(api_name=field.api_name, json_path=path, maximum_length=field.length)
    return value


def _email(org: Organisation, field: Field, value: Any, path: str) -> str:
    text = _text(org, field, value, path)
    if not _EMAIL.fullmatch(text):
        raise _wrong_type(field, path)
    return text


def _picklist(org: Organisation, field: Field, value: Any, path: str) -> str:
    """Any text goes in, as with the vendor, except where something hangs on it."""
    text = _text(org, field, value, path)
    if field.api_name == "Stage" and text not in field.choices:
        message = "Pipeline doesn't contain the Stage"
        raise invalid_data(message, api_name="Stage", json_path=path)
    if field.api_name == "Currency" and text not in org.currencies:
        raise invalid_data(api_name="Currency", json_path=path)
    return text


def _number(_: Organisation, field: Field, value: Any, path: str) -> Decimal:
    if field.api_name == "Discount" and isinstance(value, str) and _PERCENT.fullmatch(value):
        return value  # type: ignore[return-value]  # a share of the sum, worked out with it
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise _wrong_type(field, path)
    number = Decimal(value)
    if number.adjusted() >= DIGITS_MAX:
        raise invalid_data(api_name=field.api_name, json_path=path, maximum_length=DIGITS_MAX)
    return rounded(number, field.decimals)


def _integer(_: Organisation, field: Field, value: Any, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong_type(field, path)
    longest = 18 if field.type == "bigint" else 9
    if len(str(abs(value))) > longest:
        raise invalid_data(api_name=field.api_name, json_path=path, maximum_length=longest)
    return value


def _boolean(_: Organisation, field: Field, value: Any, path: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong_type(field, path)
    return value


def _date(_: Organisation, field: Field, value: Any, path: str) -> str:
    found = day(value) if isinstance(value, str) else None
    if found is None:
        raise _wrong_type(field, path)
    return found


def _datetime(_: Organisation, field: Field, value: Any, path: str) -> datetime:
    found = moment(value) if isinstance(value, str) else None
    if found is None:
        raise _wrong_type(field, path)
    return found


def _lookup(org: Organisation, field: Field, value: Any, path: str) -> str:
    """Find whom a lookup means: `{"id"}`, or the bare id; for an account, its name will do."""
    if isinstance(value, dict) and "id" not in value and isinstance(value.get("name"), str):
        named = org.tables["Accounts"].by_value("Account_Name", value["name"])
        if field.target == "Accounts" and named:
            return named[0]
    found = value.get("id") if isinstance(value, dict) else value
    if not isinstance(found, str):
        raise _wrong_type(field, path)
    if org.homes.get(found) not in ({field.target} if field.target != "se_module" else org.tables):
        raise invalid_id(api_name=field.api_name, json_path=f"{path}.id")
    return found


def _user(org: Organisation, field: Field, value: Any, path: str) -> str:
    found = value.get("id") if isinstance(value, dict) else value
    if not isinstance(found, str):
        raise _wrong_type(field, path)
    if found not in org.users:
        raise invalid_id(api_name=field.api_name, json_path=f"{path}.id")
    return found


def _list(org: Organisation, field: Field, value: Any, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise _wrong_type(field, path)
    if field.api_name in ("Tax", "Line_Tax"):
        return _taxes(org, value, field, path)
    return value


def _taxes(org: Organisation, value: list[Any], field: Field, path: str) -> list[Any]:
    """Keep the ids of taxes, which may be named by id, by name or by what a list shows of them."""
    known = {tax.id: tax.id for tax in org.taxes.values()}
    known |= {tax.name: tax.id for tax in org.taxes.values()}
    found = []
    for n, one in enumerate(value):
        told = one if isinstance(one, dict) else {"id": one}
        said = [told.get(key) for key in ("id", "name", "value")]
        names = [text.split(" - ")[0] for text in said if isinstance(text, str)]
        tax = next((known[name] for name in names if name in known), None)
        if tax is None:
            raise invalid_data(api_name=field.api_name, json_path=f"{path}[{n}]")
        found.append(tax)
    return found


def _object(_: Organisation, field: Field, value: Any, path: str) -> Any:
    if not isinstance(value, dict):
        raise _wrong_type(field, path)
    return value


def _wrong_type(field: Field, path: str) -> Exception:
    return invalid_data(api_name=field.api_name, json_path=path, expected_data_type=field.expected)


_CHECKS: dict[str, Check] = {
    **dict.fromkeys(NUMBERS, _number),
    "integer": _integer,
    "bigint": _integer,
    "email": _email,
    "picklist": _picklist,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "lookup": _lookup,
    "ownerlookup": _user,
    "userlookup": _user,
    "multiselectpicklist": _list,
    "jsonarray": _list,
    "subform": _list,
    "jsonobject": _object,
}
