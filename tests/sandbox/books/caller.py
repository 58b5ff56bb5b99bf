"""Someone who calls the played Books, and what his answers are checked by."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec

from hub.sandbox.system import Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.sandbox.books import Books
    from hub.sandbox.world import World

HOME, ABROAD = "810000001", "810000002"
ENCODER = msgspec.json.Encoder(decimal_format="number")

# JSON as it comes and goes: a test looks into it freely.
Json: TypeAlias = Any


class Doorman:
    """Lets everybody in who may; `scopes` narrows what a token is good for."""

    def __init__(self) -> None:
        self.scopes: set[str] | None = None
        self.wrong: Literal["missing", "invalid"] | None = None
        self.asked: list[tuple[str, str]] = []
        """Path and scope of every question."""

    def check(self, request: Request, scope: str) -> Literal["missing", "invalid", "scope"] | None:
        self.asked.append((request.path, scope))
        if self.wrong:
            return self.wrong
        return None if self.scopes is None or scope in self.scopes else "scope"


class Reply:
    """An answer as it reaches a client: through JSON."""

    def __init__(self, status: int, headers: dict[str, str], body: Json) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def code(self) -> int:
        return int(self.body["code"])

    @property
    def message(self) -> str:
        return str(self.body["message"])

    @property
    def refusal(self) -> tuple[int, int]:
        """Give the HTTP status and the code of what was not done."""
        assert self.body.keys() == {"code", "message"}, self.body
        return self.status, self.code

    def __getitem__(self, name: str) -> Json:
        return self.body[name]


class Caller:
    def __init__(self, world: World, books: Books, doorman: Doorman) -> None:
        self.world = world
        self.books = books
        self.doorman = doorman
        self.organization = HOME

    def __call__(self, method: str, path: str, body: Json = None, /, **query: str) -> Reply:
        raw = b"" if body is None else ENCODER.encode(body)
        return self.send(method, path, raw, query=query)

    def send(
        self,
        method: str,
        path: str,
        raw: bytes = b"",
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Reply:
        """Call with a body and headers as they are."""
        pairs = [("organization_id", self.organization)] if self.organization else []
        answer = self.books.answer(
            Request(
                method=method,
                path=f"/books/v3{path}",
                query=[*pairs, *(query or {}).items()],
                headers={"content-type": "application/json", **(headers or {})},
                body=raw,
            )
        )
        if isinstance(answer.body, bytes):
            return Reply(answer.status, dict(answer.headers), answer.body)
        decoded = json.loads(ENCODER.encode(answer.body), parse_float=Decimal)
        return Reply(answer.status, dict(answer.headers), decoded)

    def upsert(
        self, path: str, value: str, body: Json, *, create: bool = True, key: str = "cf_hub_id"
    ) -> Reply:
        """PUT on a collection, the record named by its external id."""
        headers = {"x-unique-identifier-key": key, "x-unique-identifier-value": value}
        if create:
            headers["x-upsert"] = "true"
        return self.send("PUT", path, ENCODER.encode(body), headers=headers)

    def made(self, path: str, body: Json, **query: str) -> Json:
        """Make something that must be taken, and give it."""
        reply = self("POST", path, body, **query)
        assert reply.status == 201, reply.body
        (key,) = reply.body.keys() - {"code", "message"}
        return reply[key]

    def contact(self, name: str = "Larkspur Tools GmbH", **fields: Json) -> Json:
        return self.made("/contacts", {"contact_name": name, **fields})

    def item(self, name: str = "Site survey", rate: Json = 450, **fields: Json) -> Json:
        return self.made("/items", {"name": name, "rate": rate, **fields})

    def invoice(self, contact: Json, *lines: Json, sent: bool = True, **fields: Json) -> Json:
        entered = {
            "customer_id": contact["contact_id"],
            "line_items": list(lines) or [{"name": "Work", "rate": 100}],
            **fields,
        }
        return self.made("/invoices", entered, **({"send": "true"} if sent else {}))

    def estimate(self, contact: Json, *lines: Json, **fields: Json) -> Json:
        entered = {
            "customer_id": contact["contact_id"],
            "line_items": list(lines) or [{"name": "Work", "rate": 100}],
            **fields,
        }
        return self.made("/estimates", entered)

    def payment(
        self, contact: Json, amount: Json, applied: Mapping[str, Json] | None = None, **fields: Json
    ) -> Json:
        rows = [
            {"invoice_id": invoice_id, "amount_applied": part}
            for invoice_id, part in (applied or {}).items()
        ]
        entered = {
            "customer_id": contact["contact_id"],
            "payment_mode": "banktransfer",
            "amount": amount,
            "date": "2026-03-20",
            "invoices": rows,
            **fields,
        }
        return self.made("/customerpayments", entered)

    def creditnote(self, contact: Json, rate: Json = 100, **fields: Json) -> Json:
        item = self.item(f"Credited {self.world.new_id('1')}", rate)
        entered = {
            "customer_id": contact["contact_id"],
            "date": "2026-03-25",
            "line_items": [{"item_id": item["item_id"]}],
            **fields,
        }
        return self.made("/creditnotes", entered)

    def get(self, path: str) -> Json:
        """Read one record."""
        reply = self("GET", path)
        assert reply.status == 200, reply.body
        (key,) = reply.body.keys() - {"code", "message"}
        return reply[key]

    def tax(self, name: str) -> str:
        taxes = self("GET", "/settings/taxes")["taxes"]
        return next(str(one["tax_id"]) for one in taxes if one["tax_name"] == name)

    def currency(self, code: str) -> str:
        rows = self("GET", "/settings/currencies")["currencies"]
        return next(str(one["currency_id"]) for one in rows if one["currency_code"] == code)

    def quirk(self, **quirks: Json) -> None:
        self.books.quirks = msgspec.structs.replace(self.books.quirks, **quirks)

    def heard(self) -> list[Json]:
        """Give the bodies of the webhooks that were sent since the last look."""
        bodies = [json.loads(hook.body) for hook in self.world.outbox]
        self.world.outbox.clear()
        return bodies

    def names(self, path: str, field: str, **query: str) -> list[Json]:
        """Give what the rows of a list say under a name, in their order."""
        reply = self("GET", path, **query)
        assert reply.status == 200, reply.body
        (key,) = reply.body.keys() - {"code", "message", "page_context"}
        return [row[field] for row in reply[key]]

    def listen(self, entity: str, event: str = "create_or_edit", /, **details: Json) -> Json:
        """Set up a webhook with its rule, as a person does."""
        details = {"url": "https://hub.example/hooks/books", **details}
        return self.books.act(
            "subscribe", "webhooks", "", {"entity": entity, "event": event, **details}
        )

    def act(self, act: str, kind: str, record: str, **details: Json) -> Json:
        """Press a button at the vendor's own screen."""
        return self.books.act(act, kind, record, details)


def field(value: Json, name: str = "cf_hub_id") -> list[Json]:
    """Give what a write carries to set one custom field."""
    return [{"api_name": name, "value": value}]
