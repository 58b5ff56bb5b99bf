"""A played CRM to call in tests, on a clock that stands still until it is moved."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from hub.sandbox.crm import Crm, Quirks
from hub.sandbox.system import Answer, Request
from hub.sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import Mapping

BASE = "http://sandbox.example"
START = datetime(2026, 2, 3, 9, 10, 11, 500_000, UTC)

_encode = msgspec.json.Encoder(decimal_format="number").encode
_decode = msgspec.json.Decoder(float_hook=Decimal).decode


class Entry:
    """Lets everybody in, unless it is told what is wrong."""

    def __init__(self) -> None:
        self.wrong: Literal["missing", "invalid", "scope"] | None = None
        self.scopes: list[str] = []

    def check(self, _: Request, scope: str) -> Literal["missing", "invalid", "scope"] | None:
        self.scopes.append(scope)
        return self.wrong


class Desk:
    """The CRM, with short ways to call it; what it answers has been through JSON."""

    def __init__(self) -> None:
        self.world = World(start=START)
        self.entry = Entry()
        self.crm = Crm(self.world, self.entry)
        self.crm.quirks = Quirks(time_zone="UTC")

    def quirk(self, **changed: object) -> None:
        self.crm.quirks = msgspec.structs.replace(self.crm.quirks, **changed)

    def call(
        self, method: str, path: str, *, headers: Mapping[str, str], **query: object
    ) -> Answer:
        return self._call(method, path, None, headers, query)

    def get(self, path: str, **query: object) -> Answer:
        return self._call("GET", path, None, None, query)

    def post(
        self,
        path: str,
        body: object,
        *,
        headers: Mapping[str, str] | None = None,
        **query: object,
    ) -> Answer:
        return self._call("POST", path, body, headers, query)

    def put(
        self,
        path: str,
        body: object,
        *,
        headers: Mapping[str, str] | None = None,
        **query: object,
    ) -> Answer:
        return self._call("PUT", path, body, headers, query)

    def patch(
        self,
        path: str,
        body: object,
        *,
        headers: Mapping[str, str] | None = None,
        **query: object,
    ) -> Answer:
        return self._call("PATCH", path, body, headers, query)

    def delete(self, path: str, **query: object) -> Answer:
        return self._call("DELETE", path, None, None, query)

    def create(self, module: str, *records: Mapping[str, Any]) -> list[str]:
        """Create records, and give their ids."""
        answer = self.post(f"/{module}", {"data": list(records)})
        assert answer.status == 201, answer.body
        return [item["details"]["id"] for item in answer.body["data"]]

    def one(self, module: str, record: str) -> dict[str, Any]:
        """Give a record as a single GET shows it."""
        answer = self.get(f"/{module}/{record}")
        assert answer.status == 200, answer
        found: dict[str, Any] = answer.body["data"][0]
        return found

    def items(self, answer: Answer, key: str = "data") -> list[tuple[str, dict[str, Any]]]:
        """Give the code and the details of each item."""
        return [(item["code"], item["details"]) for item in answer.body[key]]

    def query(self, text: str) -> Answer:
        return self.post("/coql", {"select_query": text})

    def rows(self, text: str) -> list[dict[str, Any]]:
        """Give the rows of a query."""
        answer = self.query(text)
        assert answer.status in (200, 204), answer.body
        return answer.body["data"] if answer.body else []

    def watch(self, *events: str, **more: object) -> Answer:
        channel = {
            "channel_id": "700000001",
            "events": list(events),
            "notify_url": "http://hub.example/zoho?secret=s1",
            "token": "k3",
            **more,
        }
        return self.post("/actions/watch", {"watch": [channel]})

    def told(self) -> list[dict[str, Any]]:
        """Give the messages that went out since the last time."""
        told = [_decode(hook.body) for hook in self.world.outbox]
        self.world.outbox.clear()
        return told

    def _call(
        self,
        method: str,
        path: str,
        body: object,
        headers: Mapping[str, str] | None,
        query: Mapping[str, object],
    ) -> Answer:
        request = Request(
            method=method,
            path=path if path.startswith("/crm/") else f"/crm/v8{path}",
            query=tuple((key, str(value)) for key, value in query.items()),
            headers=headers or {},
            body=b"" if body is None else _encode(body),
            base=BASE,
        )
        answer = self.crm.answer(request)
        if answer.body is not None and not isinstance(answer.body, bytes):
            answer = msgspec.structs.replace(answer, body=_decode(_encode(answer.body)))
        return answer
