"""Lists: summaries, pages, orders, filters, and what they ignore without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from hub.sandbox.world import World
    from tests.sandbox.books.caller import Caller, Json

ADDRESS = {"city": "Hamburg", "zip": "20457"}


@pytest.fixture
def ledger(call: Caller, world: World) -> Json:
    """Give three invoices of two customers, a day apart from each other."""
    made = []
    for name, rate, reference in (
        ("Larkspur", 300, "DEAL-1"),
        ("Aster", 100, "DEAL-2"),
        ("Larkspur", 200, "ORDER-3"),
    ):
        known = call("GET", "/contacts", contact_name=name)["contacts"]
        contact = known[0] if known else call.contact(name, notes="Key", billing_address=ADDRESS)
        line = {"name": f"Work for {rate}", "rate": rate}
        made.append(call.invoice(contact, line, reference_number=reference, notes="Thanks"))
        world.clock.advance(86_400)
    return made


def test_a_page_says_what_it_is_a_page_of(call: Caller) -> None:
    call.contact()

    context = call("GET", "/contacts")["page_context"]

    assert context == {
        "page": 1,
        "per_page": 200,
        "has_more_page": False,
        "report_name": "Contacts",
        "applied_filter": "Status.All",
        "custom_fields": [],
        "sort_column": "contact_name",
        "sort_order": "A",
    }


def test_pages_give_every_row_once(call: Caller) -> None:
    for number in range(5):
        call.contact(f"Customer {number}")

    pages = [call("GET", "/contacts", page=str(page), per_page="2") for page in (1, 2, 3, 4)]

    names = [row["contact_name"] for page in pages for row in page["contacts"]]
    assert names == [f"Customer {number}" for number in range(5)]
    more = [page["page_context"]["has_more_page"] for page in pages]
    assert more == [True, True, False, False]


def test_a_page_holds_200_rows_at_most(call: Caller) -> None:
    for number in range(201):
        call.books.put("items", {"name": f"Item {number:03}", "rate": 1})

    reply = call("GET", "/items", per_page="1000")

    assert len(reply["items"]) == 200
    assert reply["page_context"]["per_page"] == 200
    assert reply["page_context"]["has_more_page"] is True


@pytest.mark.parametrize("page", ["0", "-1", "one", "1.5", "9" * 40])
def test_a_page_that_is_none_is_refused(call: Caller, page: str) -> None:
    assert call("GET", "/contacts", page=page).refusal == (400, 2)


def test_pages_over_data_that_changes_repeat_a_row(call: Caller, world: World) -> None:
    contact = call.contact()
    for _ in range(3):
        call.invoice(contact)
    first = call.names("/invoices", "invoice_number", per_page="2")

    call.invoice(contact)
    second = call.names("/invoices", "invoice_number", per_page="2", page="2")

    assert first == ["INV-000003", "INV-000002"]
    assert second == ["INV-000002", "INV-000001"]


@pytest.mark.parametrize(
    ("path", "column", "order"),
    [
        ("/contacts", "contact_name", "A"),
        ("/items", "name", "A"),
        ("/settings/taxes", "tax_name", "A"),
        ("/invoices", "created_time", "D"),
        ("/creditnotes", "created_time", "D"),
        ("/estimates", "created_time", "D"),
        ("/customerpayments", "date", "D"),
    ],
)
def test_every_list_has_an_order_of_its_own(
    call: Caller, path: str, column: str, order: str
) -> None:
    context = call("GET", path)["page_context"]

    assert (context["sort_column"], context["sort_order"]) == (column, order)


@pytest.mark.parametrize(
    ("column", "order", "references"),
    [
        ("customer_name", "A", ["DEAL-2", "DEAL-1", "ORDER-3"]),
        ("total", "A", ["DEAL-2", "ORDER-3", "DEAL-1"]),
        ("total", "D", ["DEAL-1", "ORDER-3", "DEAL-2"]),
        ("date", "A", ["DEAL-1", "DEAL-2", "ORDER-3"]),
        ("created_time", "A", ["DEAL-1", "DEAL-2", "ORDER-3"]),
        ("invoice_number", "D", ["ORDER-3", "DEAL-2", "DEAL-1"]),
    ],
)
def test_a_list_comes_in_the_order_that_is_asked_for(
    call: Caller, ledger: Json, column: str, order: str, references: list[str]
) -> None:
    found = call.names("/invoices", "reference_number", sort_column=column, sort_order=order)

    assert found == references


def test_a_column_that_cannot_be_sorted_by_leaves_the_list_in_its_own_order(
    call: Caller, ledger: Json
) -> None:
    reply = call("GET", "/invoices", sort_column="last_modified_time")

    assert reply["page_context"]["sort_column"] == "created_time"
    assert reply["invoices"][0]["reference_number"] == "ORDER-3"


def test_contacts_can_be_sorted_by_their_last_change(call: Caller, world: World) -> None:
    first = call.contact("First")
    world.clock.advance(5)
    call.contact("Second")
    world.clock.advance(5)
    call("PUT", f"/contacts/{first['contact_id']}", {"notes": "Touched"})

    found = call.names("/contacts", "contact_name", sort_column="last_modified_time")

    assert found == ["Second", "First"]


def test_stamps_are_sorted_as_moments_when_the_clocks_go_back(call: Caller, world: World) -> None:
    # 1 November 2026, 05:30 and 06:15 UTC: 01:30-0400 comes before 01:15-0500.
    world.clock.advance(243 * 86_400 + 14 * 3600 + 14 * 60 + 56)
    call.contact("Before")
    world.clock.advance(2700)
    call.contact("After")

    rows = call("GET", "/contacts", sort_column="created_time")["contacts"]

    assert [row["created_time"] for row in rows] == [
        "2026-11-01T01:30:00-0400",
        "2026-11-01T01:15:00-0500",
    ]


@pytest.mark.parametrize(
    ("query", "references"),
    [
        ({"reference_number": "deal-1"}, ["DEAL-1"]),
        ({"reference_number_startswith": "DEAL"}, ["DEAL-2", "DEAL-1"]),
        ({"reference_number_contains": "er-"}, ["ORDER-3"]),
        ({"customer_name": "Larkspur"}, ["ORDER-3", "DEAL-1"]),
        ({"customer_name_startswith": "ast"}, ["DEAL-2"]),
        ({"total": "200"}, ["ORDER-3"]),
        ({"total_less_than": "200"}, ["DEAL-2"]),
        ({"total_less_equals": "200"}, ["ORDER-3", "DEAL-2"]),
        ({"total_greater_than": "200"}, ["DEAL-1"]),
        ({"total_greater_equals": "200"}, ["ORDER-3", "DEAL-1"]),
        ({"date": "2026-03-03"}, ["DEAL-2"]),
        ({"date_start": "2026-03-03"}, ["ORDER-3", "DEAL-2"]),
        ({"date_end": "2026-03-03"}, ["DEAL-2", "DEAL-1"]),
        ({"date_before": "2026-03-03"}, ["DEAL-1"]),
        ({"date_after": "2026-03-03"}, ["ORDER-3"]),
        ({"created_date": "2026-03-02"}, ["DEAL-1"]),
        ({"item_name": "Work for 100"}, ["DEAL-2"]),
        ({"item_name_contains": "work"}, ["ORDER-3", "DEAL-2", "DEAL-1"]),
        ({"search_text": "aster"}, ["DEAL-2"]),
        ({"date_after": "2026-03-02", "total_less_than": "150"}, ["DEAL-2"]),
        ({"reference_number": ""}, ["ORDER-3", "DEAL-2", "DEAL-1"]),
    ],
)
def test_a_list_is_narrowed_by_a_filter_or_a_variant_of_it(
    call: Caller, ledger: Json, query: dict[str, str], references: list[str]
) -> None:
    assert call.names("/invoices", "reference_number", **query) == references


@pytest.mark.parametrize(
    "query",
    [
        {"refrence_number": "DEAL-1"},
        {"total_lessthan": "150"},
        {"customer_name_equals": "Aster"},
        {"cf_hub_id": "hub-1"},
        {"filter_by": "Status.Sideways"},
        {"notes": "nothing"},
    ],
)
def test_a_filter_that_nobody_knows_gives_the_whole_list(
    call: Caller, ledger: Json, query: dict[str, str]
) -> None:
    assert len(call.names("/invoices", "invoice_id", **query)) == 3


def test_the_filter_that_was_asked_for_stands_in_the_context(call: Caller) -> None:
    reply = call("GET", "/contacts", filter_by="Status.Active")

    assert reply["page_context"]["applied_filter"] == "Status.Active"
    assert call("GET", "/settings/taxes")["page_context"]["applied_filter"] == "Taxes.Active"


def test_last_modified_time_narrows_invoices_to_what_changed_after(
    call: Caller, ledger: Json
) -> None:
    """The moment itself is out, to the second."""
    since = ledger[1]["last_modified_time"]

    found = call.names("/invoices", "reference_number", last_modified_time=since)
    call.quirk(modified_filter_inclusive=True)
    inclusive = call.names("/invoices", "reference_number", last_modified_time=since)

    assert found == ["ORDER-3"]
    assert inclusive == ["ORDER-3", "DEAL-2"]


@pytest.mark.parametrize("path", ["/contacts", "/items", "/estimates", "/creditnotes"])
def test_last_modified_time_is_ignored_by_every_other_list(
    call: Caller, world: World, path: str
) -> None:
    contact = call.contact()
    call.item()
    call.creditnote(contact)
    call.made(
        "/estimates",
        {"customer_id": contact["contact_id"], "line_items": [{"name": "A", "rate": 1}]},
    )
    later = {"last_modified_time": "2026-03-09T00:00:00-0500"}
    key = path.strip("/")

    ignored = call("GET", path, **later)[key]
    call.quirk(modified_filter_everywhere=True)

    assert len(ignored) > 0
    assert call("GET", path, **later)[key] == []


def test_a_plus_that_was_not_encoded_spoils_last_modified_time(call: Caller) -> None:
    refused = call("GET", "/invoices", last_modified_time="2026-03-02T10:15:04 0100")

    assert refused.refusal == (400, 4)


def test_a_row_of_invoices_has_neither_lines_nor_notes_and_says_zipcode(
    call: Caller, ledger: Json
) -> None:
    row = call("GET", "/invoices")["invoices"][0]
    detail = call.get(f"/invoices/{row['invoice_id']}")

    assert row.keys().isdisjoint({"line_items", "notes", "taxes"})
    assert row["billing_address"]["zipcode"] == "20457"
    assert "zip" not in row["billing_address"]
    assert detail["billing_address"]["zip"] == "20457"
    assert {"custom_fields", "custom_field_hash", "exchange_rate", "zcrm_potential_id"} <= (
        row.keys()
    )


def test_a_row_of_contacts_has_neither_addresses_nor_persons_nor_notes(call: Caller) -> None:
    call.contact(
        notes="Key account",
        billing_address=ADDRESS,
        contact_persons=[{"first_name": "Ines", "email": "ines@larkspur.example"}],
    )

    row = call("GET", "/contacts")["contacts"][0]

    hidden = {"billing_address", "shipping_address", "addresses", "contact_persons", "notes"}
    assert row.keys().isdisjoint(hidden)
    assert (row["customer_name"], row["vendor_name"]) == (row["contact_name"],) * 2
    assert row["email"] == "ines@larkspur.example"


def test_rows_of_credit_notes_payments_and_items_have_no_custom_fields(call: Caller) -> None:
    contact = call.contact()
    call.creditnote(contact)
    call.payment(contact, 10)

    for path in ("/creditnotes", "/customerpayments", "/items"):
        (row,) = call("GET", path)[path.strip("/")]
        assert row.keys().isdisjoint({"custom_fields", "custom_field_hash", "line_items"})


def test_the_list_of_payments_names_invoices_in_one_text(call: Caller) -> None:
    contact = call.contact()
    first, second = call.invoice(contact), call.invoice(contact)
    call.payment(contact, 150, {first["invoice_id"]: 100, second["invoice_id"]: 30})

    (row,) = call("GET", "/customerpayments")["customerpayments"]

    assert row["invoice_numbers"] == "INV-000001, INV-000002"
    assert [one["amount_applied"] for one in row["applied_invoices"]] == [100, 30]
    assert row["unused_amount"] == 20
    assert row["last_modified_time"] == row["created_time"]


def test_counts_and_sums_can_be_asked_for(call: Caller, ledger: Json) -> None:
    with_rows = call("GET", "/invoices", response_option="1")
    without = call("GET", "/invoices", response_option="2")

    assert (len(with_rows["invoices"]), with_rows["page_context"]["total"]) == (3, 3)
    assert with_rows["page_context"]["sum_columns"][0] == {"column": "total", "value": 600}
    assert "invoices" not in without.body
    assert without["page_context"]["total"] == 3


def test_any_custom_field_can_be_filtered_by_the_one_documented_name(call: Caller) -> None:
    call.contact("First", custom_fields=[{"api_name": "cf_hub_id", "value": "hub-1"}])
    call.contact("Second", custom_fields=[{"api_name": "cf_hub_id", "value": "hub-2"}])

    assert call.names("/contacts", "contact_name", custom_field="HUB-1") == ["First"]
    assert call.names("/contacts", "contact_name", custom_field_startswith="hub") == [
        "First",
        "Second",
    ]


def test_a_new_record_can_be_kept_away_from_lists_for_a_while(call: Caller, world: World) -> None:
    call.quirk(list_lag_seconds=5)
    contact = call.contact()

    at_once = call.names("/contacts", "contact_id")
    by_id = call("GET", f"/contacts/{contact['contact_id']}").status
    world.clock.advance(5)

    assert (at_once, by_id) == ([], 200)
    assert call.names("/contacts", "contact_id") == [contact["contact_id"]]


def test_what_is_deleted_leaves_no_trace(call: Caller) -> None:
    contact = call.contact()
    call("DELETE", f"/contacts/{contact['contact_id']}")

    assert call.names("/contacts", "contact_id") == []
    assert call("GET", f"/contacts/{contact['contact_id']}").refusal == (404, 1002)
    assert call("DELETE", f"/contacts/{contact['contact_id']}").refusal == (404, 1002)
