"""Whatever is sent, the CRM answers in its own words, and takes no harm from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sandbox.crm.desk import Desk

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

DEAL = {"Deal_Name": "D", "Stage": "Qualification"}
QUERY = {"query": {"module": {"api_name": "Deals"}}}
CHANNEL = {"channel_id": "1", "events": ["Deals.all"], "notify_url": "https://h.example"}
FIELD = {"field_label": "Region", "data_type": "text"}

WRITES: dict[str, tuple[str, str, object]] = {
    "create deals": ("POST", "/Deals", {"data": [{**DEAL, "Account_Name": {"id": "1"}}]}),
    "create quotes": (
        "POST",
        "/Quotes",
        {"data": [{"Subject": "Q", "Quoted_Items": [{"Product_Name": {"id": "1"}}]}]},
    ),
    "create notes": (
        "POST",
        "/Notes",
        {"data": [{"Parent_Id": {"id": "1", "module": {"api_name": "Deals"}}}]},
    ),
    "create products": ("POST", "/Products", {"data": [{"Product_Name": "P", "Tax": ["VAT 6"]}]}),
    "update deals": ("PUT", "/Deals", {"data": [{"id": "1", **DEAL}]}),
    "upsert": ("POST", "/Deals/upsert", {"data": [DEAL], "duplicate_check_fields": ["Hub_Id"]}),
    "query": ("POST", "/coql", {"select_query": "select id from Deals where id is not null"}),
    "watch": ("POST", "/actions/watch", {"watch": [CHANNEL]}),
    "watch on a condition": (
        "POST",
        "/actions/watch",
        {
            "watch": [
                {
                    **CHANNEL,
                    "notification_condition": [
                        {
                            "type": "field_selection",
                            "module": {"api_name": "Deals"},
                            "field_selection": {"group": [{"field": {"api_name": "Stage"}}]},
                        }
                    ],
                }
            ]
        },
    ),
    "change channels": ("PATCH", "/actions/watch", {"watch": [{"channel_id": "1"}]}),
    "bulk read": ("POST", "/crm/bulk/v8/read", {**QUERY, "callback": {"method": "post"}}),
    "bulk read by criteria": (
        "POST",
        "/crm/bulk/v8/read",
        {
            "query": {
                "module": {"api_name": "Deals"},
                "fields": ["Stage"],
                "criteria": {
                    "group_operator": "and",
                    "group": [
                        {"field": {"api_name": "Stage"}, "comparator": "equal", "value": "x"}
                    ],
                },
            }
        },
    ),
    "composite": (
        "POST",
        "/__composite_requests",
        {"__composite_requests": [{"method": "GET", "uri": "/crm/v8/org", "params": {}}]},
    ),
    "taxes": ("PUT", "/org/taxes", {"org_taxes": {"taxes": [{"name": "GST", "value": 5}]}}),
    "fields": ("POST", "/settings/fields", {"fields": [FIELD]}),
    "lookups": (
        "POST",
        "/settings/fields",
        {"fields": [{**FIELD, "data_type": "lookup", "lookup": {"module": {"api_name": "Deals"}}}]},
    ),
    "tags": ("POST", "/settings/tags", {"tags": [{"name": "vip"}]}),
    "add tags": ("POST", "/Deals/actions/add_tags", {"tags": [{"name": "vip"}], "ids": ["1"]}),
    "attach": ("PUT", "/Deals/{deal}/Products", {"data": [{"id": "1"}]}),
    "notes of a deal": ("POST", "/Deals/{deal}/Notes", {"data": [{"Note_Content": "a"}]}),
    "blueprint": ("PUT", "/Deals/{deal}/actions/blueprint", {"blueprint": [{"data": {}}]}),
}

ODD: SearchStrategy[object] = st.sampled_from(
    [None, True, 0, -7, 1.5, 10**30, "", "x", "\x00", "1", [], [None], {}, [[]]]
)


def spoilt(body: object) -> SearchStrategy[object]:
    """Give bodies like a good one, with something odd in one place of it."""
    if isinstance(body, dict):
        return st.one_of(ODD, *(spoilt_at(body, name) for name in body))
    if isinstance(body, list):
        return st.one_of(ODD, *(st.lists(spoilt(one), min_size=1, max_size=1) for one in body))
    return ODD


def spoilt_at(body: dict[str, object], name: str) -> SearchStrategy[object]:
    return spoilt(body[name]).map(lambda odd: {**body, name: odd})


@pytest.mark.parametrize("write", WRITES)
def test_an_odd_body_is_answered_and_does_no_harm(write: str) -> None:
    method, path, good = WRITES[write]

    @settings(max_examples=60, derandomize=True, deadline=None, database=None)
    @given(spoilt(good))
    def answered(body: object) -> None:
        desk = Desk()
        desk.quirk(stage_in_blueprint=True)
        (deal,) = desk.create("Deals", DEAL)
        call = {"POST": desk.post, "PUT": desk.put, "PATCH": desk.patch}[method]

        answer = call(path.format(deal=deal), body, module="Deals")
        desk.world.clock.advance(60)

        assert 200 <= answer.status < 500
        assert desk.one("Deals", deal)["Deal_Name"] == "D"

    answered()


WORDS = (
    "select", "from", "where", "and", "or", "not", "in", "like", "between", "is", "null", "order",
    "by", "group", "limit", "offset", "as", "asc", "desc", "Deals", "id", "Stage", "Amount",
    "Owner.id", "Account_Name.Industry", "Account_Name.Parent_Account.Phone", "Modified_Time",
    "Tag", "Probability", "COUNT", "SUM", "MAX", "*", "(", ")", ",", "=", "!=", ">", "'x'", "'",
    "'2026-01-01T00:00:00Z'", "7", "1.5", "true", "%",
)  # fmt: skip


@settings(max_examples=150, derandomize=True, deadline=None, database=None)
@given(st.lists(st.sampled_from(WORDS), max_size=9), st.lists(st.sampled_from(WORDS), max_size=9))
def test_an_odd_query_is_answered(before: list[str], behind: list[str]) -> None:
    desk = Desk()
    desk.create("Deals", {**DEAL, "Amount": 7}, {**DEAL, "Tag": [{"name": "x"}]})
    text = f"select {' '.join(before) or 'id'} from Deals where {' '.join(behind)}"

    assert desk.query(text).status in (200, 204, 400)


PARTS = (
    "(", ")", "and", "or", "Stage", "Amount", "id", "Owner", "Tag", "Modified_Time", "Nope", ":",
    ":equals:", ":between:", ":in:", ":starts_with:", ":less_than:", "x", "7", ",", "\\", "true",
    "${EMPTY}",
)  # fmt: skip


@settings(max_examples=150, derandomize=True, deadline=None, database=None)
@given(st.lists(st.sampled_from(PARTS), max_size=12))
def test_odd_criteria_are_answered(parts: list[str]) -> None:
    desk = Desk()
    desk.create("Deals", {**DEAL, "Amount": 7}, {**DEAL, "Tag": [{"name": "x"}]})
    desk.world.clock.advance(60)

    assert desk.get("/Deals/search", criteria="".join(parts)).status in (200, 204, 400)
