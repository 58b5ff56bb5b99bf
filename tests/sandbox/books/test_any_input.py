"""Whatever is sent, the answer is one of the vendor's: nothing that comes in breaks the sandbox."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.sandbox.books import Books
from hub.sandbox.world import World
from tests.sandbox.books.caller import Caller, Doorman

if TYPE_CHECKING:
    from tests.sandbox.books.caller import Json

PATHS = (
    "/contacts", "/items", "/invoices", "/estimates", "/creditnotes", "/customerpayments",
    "/settings/taxes", "/settings/taxgroups", "/settings/currencies", "/settings/webhooks",
    "/settings/workflows", "/contacts/contactpersons",
)  # fmt: skip
NAMES = (
    "contact_name", "customer_id", "name", "rate", "quantity", "line_items", "date", "due_date",
    "payment_terms", "discount", "exchange_rate", "currency_id", "amount", "payment_mode",
    "invoices", "invoice_id", "amount_applied", "custom_fields", "api_name", "value",
    "contact_persons", "billing_address", "tax_name", "tax_percentage", "taxes", "credit_limit",
    "is_inclusive_tax", "discount_type", "shipping_charge", "item_id", "tax_id", "url", "entity",
    "headers", "param_name", "actions", "field_update", "price_precision", "item_order",
)  # fmt: skip
TEXTS = st.sampled_from(
    ["", "12.5%", "-3", "1e400", "1e-400", "NaN", "2026-02-30", "9999-12-31", "true", "cf_hub_id",
     "invoice", "item_level", "cash", "https://[", "ß" * 300, "\ud800"]
)  # fmt: skip
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
    ),
    max_leaves=8,
)
BODIES = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=8)
QUERIES = st.dictionaries(
    st.sampled_from(
        ["page", "per_page", "sort_column", "sort_order", "filter_by", "total_less_than", "status",
         "date_after", "last_modified_time", "search_text", "response_option", "custom_field"]
    ),
    st.sampled_from(["", "0", "1", "-1", "9" * 30, "²", "total", "D", "Status.Paid", "1e9", "x"]),
)  # fmt: skip


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(path=st.sampled_from(PATHS), body=BODIES, fill=st.booleans())
def test_any_json_is_taken_or_refused(path: str, body: Json, *, fill: bool) -> None:
    call, complete = desk()
    whole = {**complete, **body} if fill else body

    reply = call.send("POST", path, json.dumps(whole).encode())

    assert (reply.status == 201) == (reply.code == 0)
    assert reply.status in (201, 400, 404)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(path=st.sampled_from(PATHS[:6]), query=QUERIES)
def test_any_query_is_taken_or_refused(path: str, query: dict[str, str]) -> None:
    call, _ = desk()

    reply = call("GET", path, **query)

    assert (reply.status == 200) == (reply.code == 0)
    assert reply.status in (200, 400)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(raw=st.binary(max_size=40), form=st.booleans())
def test_any_bytes_are_taken_or_refused(raw: bytes, *, form: bool) -> None:
    call, _ = desk()
    headers = {"content-type": "application/x-www-form-urlencoded"} if form else {}

    assert call.send("POST", "/contacts", raw, headers=headers).status == 400


@cache
def desk() -> tuple[Caller, Json]:
    """Give a sandbox that all examples share, and what makes most records complete."""
    world = World(start=datetime(2026, 3, 2, tzinfo=UTC))
    doorman = Doorman()
    call = Caller(world, Books(world, doorman), doorman)
    call.quirk(calls_per_minute=10**9, calls_per_minute_before_block=10**9, calls_per_day=10**9)
    contact = call.contact("Somebody")
    item = call.item("Something")
    return call, {
        "contact_name": "Somebody else",
        "customer_id": contact["contact_id"],
        "contact_id": contact["contact_id"],
        "name": "Another thing",
        "rate": 1,
        "date": "2026-03-02",
        "payment_mode": "cash",
        "amount": 5,
        "line_items": [{"item_id": item["item_id"], "quantity": 2}],
        "tax_name": "GST",
        "url": "https://hub.example/hooks",
        "entity": "invoice",
        "webhook_name": "Hub",
    }
