"""The body of a request: JSON, with numbers as they were written, never through a float."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from hub.sandbox.crm.refusal import invalid_data, mandatory, over_limit

if TYPE_CHECKING:
    from hub.sandbox.system import Request

Fields = dict[str, Any]

ITEMS_MAX = 100

_decoder = msgspec.json.Decoder(float_hook=Decimal)


def read_body(request: Request) -> Fields:
    """Read the body, which has to be an object."""
    try:
        body = _decoder.decode(request.body)
    except msgspec.DecodeError:
        body = None
    if not isinstance(body, dict):
        raise invalid_data("body", api_name="body", json_path="$", expected_data_type="jsonobject")
    return body


def items_of(body: Fields, key: str = "data", most: int = ITEMS_MAX) -> list[Fields]:
    """Give the items that a body consists of: at least one, no more than are allowed."""
    items = body.get(key)
    if items is None:
        raise mandatory(key, f"$.{key}")
    if not isinstance(items, list) or not items:
        raise invalid_data(api_name=key, json_path=f"$.{key}", expected_data_type="jsonarray")
    if len(items) > most:
        raise over_limit(most)
    for n, item in enumerate(items):
        if not isinstance(item, dict):
            path = f"$.{key}[{n}]"
            raise invalid_data(api_name=key, json_path=path, expected_data_type="jsonobject")
    return items


def part_of(body: Fields, name: str, path: str) -> Fields:
    """Give an object within a body, which may be left out; `path` is that of the body."""
    said = body.get(name)
    if said is not None and not isinstance(said, dict):
        raise invalid_data(
            api_name=name, json_path=f"{path}.{name}", expected_data_type="jsonobject"
        )
    return said or {}


def list_in(body: Fields, name: str, path: str) -> list[Any]:
    """Give a list within a body, which may be left out."""
    said = body.get(name)
    if said is not None and not isinstance(said, list):
        raise invalid_data(
            api_name=name, json_path=f"{path}.{name}", expected_data_type="jsonarray"
        )
    return said or []
