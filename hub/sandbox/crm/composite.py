"""Composite requests: up to five calls in one, whose answers stand in one answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from hub.sandbox.crm.body import items_of, part_of, read_body
from hub.sandbox.crm.each import done, each
from hub.sandbox.crm.refusal import Refusal, invalid_data, invalid_method
from hub.sandbox.system import Answer, Request

if TYPE_CHECKING:
    from hub.sandbox.crm.organisation import Organisation

Fields = dict[str, Any]

KEY = "__composite_requests"
REQUESTS_MAX = 5
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")

_REFERENCE = re.compile(r"@\{([A-Za-z0-9_]+):\$\.([^}]+)\}")

_encoder = msgspec.json.Encoder(decimal_format="number")


def composite(org: Organisation, request: Request) -> Answer:
    """Make each call in its turn; `@{id:$.data[0].details.id}` takes from an answer before."""
    answers: dict[str, Fields] = {}

    def one(item: Fields, path: str) -> Fields:
        response = _response(org, request, item, path, answers)
        answers[str(item.get("sub_request_id", ""))] = response
        return done("composite request executed successfully", {"response": response})

    return each(request, items_of(read_body(request), KEY, REQUESTS_MAX), one, key=KEY)


def _response(
    org: Organisation, outer: Request, item: Fields, path: str, answers: dict[str, Fields]
) -> Fields:
    from hub.sandbox.crm.routes import find_route  # noqa: PLC0415 - the routes know this one

    method, uri = item.get("method"), item.get("uri")
    if method not in METHODS:
        raise invalid_data(api_name="method", json_path=f"{path}.method")
    if not isinstance(uri, str) or not uri.startswith("/crm/"):
        raise invalid_data(api_name="uri", json_path=f"{path}.uri")
    split = urlsplit(_filled(uri, answers))
    params = {str(key): str(value) for key, value in part_of(item, "params", path).items()}
    headers = {key.lower(): str(value) for key, value in part_of(item, "headers", path).items()}
    inner = Request(
        method=method,
        path=split.path,
        query=(*parse_qsl(split.query), *params.items()),
        headers=headers,
        body=_filled(_encoder.encode(item.get("body", {})).decode(), answers).encode(),
        base=outer.base,
    )
    if split.path.endswith(KEY):
        raise invalid_method()
    try:
        answer = find_route(inner.method, inner.path).answer(org, inner)
    except Refusal as refusal:
        answer = refusal.answer()
    return {"status_code": answer.status, "headers": {}, "body": answer.body or {}}


def _filled(text: str, answers: dict[str, Fields]) -> str:
    """Put in what an answer before has said."""

    def value(found: re.Match[str]) -> str:
        if found[1] not in answers:
            raise Refusal("INVALID_REFERENCE", "the reference is not known", reference=found[0])
        place: Any = answers[found[1]]["body"]
        for step in re.findall(r"[^.\[\]]+", found[2]):
            try:
                place = place[int(step)] if isinstance(place, list) else place[step]
            except (KeyError, IndexError, TypeError, ValueError):
                message = "the reference leads nowhere"
                raise Refusal("INVALID_REFERENCE", message, reference=found[0]) from None
        return str(place)

    return _REFERENCE.sub(value, text)
