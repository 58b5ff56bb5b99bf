"""Line items: what a document comes to, and which rows there are after a write."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.sandbox.crm.desk import Desk


@pytest.fixture
def product(desk: Desk) -> str:
    (made,) = desk.create(
        "Products", {"Product_Name": "Setup day", "Product_Code": "SET-1", "Unit_Price": 500}
    )
    return made


def quote(desk: Desk, *rows: dict[str, Any], **more: object) -> dict[str, Any]:
    (made,) = desk.create("Quotes", {"Subject": "Q", "Quoted_Items": list(rows), **more})
    return desk.one("Quotes", made)


def test_a_quote_comes_to_what_its_rows_discounts_and_taxes_make(desk: Desk, product: str) -> None:
    row = {
        "Product_Name": {"id": product},
        "Quantity": 2,
        "Discount": 50,
        "Line_Tax": [{"name": "VAT 23"}],
    }

    shown = quote(desk, row, Adjustment=Decimal("-0.5"))

    (line,) = shown["Quoted_Items"]
    tax = desk.get("/org/taxes").body["org_taxes"]["taxes"][0]
    assert line["Product_Name"] == {
        "id": product, "name": "Setup day", "Product_Code": "SET-1", "Currency": "EUR",
    }  # fmt: skip
    assert [line[name] for name in ("List_Price", "Total", "Total_After_Discount")] == [
        500,
        1000,
        950,
    ]
    assert (line["Tax"], line["Net_Total"]) == (Decimal("218.5"), Decimal("1168.5"))
    assert line["Line_Tax"] == [
        {
            "id": tax["id"], "name": "VAT 23", "display_name": "VAT 23", "percentage": 23,
            "value": Decimal("218.5"),
        }
    ]  # fmt: skip
    assert (shown["Sub_Total"], shown["Tax"], shown["Grand_Total"]) == (
        950,
        Decimal("218.5"),
        1168,
    )


def test_a_discount_may_be_a_share(desk: Desk, product: str) -> None:
    shown = quote(desk, {"Product_Name": {"id": product}, "Discount": "12.5%"}, Discount="10%")

    (line,) = shown["Quoted_Items"]
    assert (line["Discount"], line["Total_After_Discount"]) == ("12.5%", Decimal("437.5"))
    assert (shown["Sub_Total"], shown["Grand_Total"]) == (Decimal("437.5"), Decimal("393.75"))


def test_taxes_of_the_whole_document_come_on_top_of_its_sum(desk: Desk, product: str) -> None:
    shown = quote(desk, {"Product_Name": {"id": product}}, **{"$line_tax": [{"name": "VAT 6"}]})

    assert (shown["Tax"], shown["Grand_Total"]) == (30, 530)
    assert [tax["name"] for tax in shown["$line_tax"]] == ["VAT 6"]


def test_half_a_cent_goes_up(desk: Desk, product: str) -> None:
    row = {
        "Product_Name": {"id": product},
        "Quantity": Decimal("0.333"),
        "List_Price": Decimal("0.15"),
    }

    (line,) = quote(desk, row)["Quoted_Items"]

    assert line["Total"] == Decimal("0.05")


def test_rows_that_are_not_told_go_and_those_with_an_id_stay(desk: Desk, product: str) -> None:
    rows = [{"Product_Name": {"id": product}, "Description": text} for text in "abc"]
    before = quote(desk, *rows)
    first, second, third = before["Quoted_Items"]

    desk.put(
        f"/Quotes/{before['id']}",
        {
            "data": [
                {
                    "Quoted_Items": [
                        {"id": third["id"], "Quantity": 3},
                        {"id": first["id"], "_delete": None},
                        {"Product_Name": {"id": product}, "Description": "d"},
                    ]
                }
            ]
        },
    )

    kept, new = desk.one("Quotes", before["id"])["Quoted_Items"]
    assert (kept["id"], kept["Description"], kept["Quantity"]) == (third["id"], "c", 3)
    assert (kept["Sequence_Number"], new["Sequence_Number"]) == (1, 2)
    assert new["Description"] == "d"
    assert new["id"] not in {first["id"], second["id"], third["id"]}


def test_an_update_of_other_fields_leaves_the_rows(desk: Desk, product: str) -> None:
    before = quote(desk, {"Product_Name": {"id": product}})

    desk.put(f"/Quotes/{before['id']}", {"data": [{"Quote_Stage": "Confirmed"}]})

    assert desk.one("Quotes", before["id"])["Quoted_Items"] == before["Quoted_Items"]


@pytest.mark.parametrize(
    ("row", "code", "path"),
    [
        ({}, "MANDATORY_NOT_FOUND", "Product_Name"),
        ({"Product_Name": {"id": "5550002000000000999"}}, "INVALID_DATA", "Product_Name.id"),
        ({"id": "7"}, "INVALID_DATA", "id"),
    ],
)
def test_what_is_wrong_with_a_row_is_told_by_its_path(
    desk: Desk, product: str, row: dict[str, object], code: str, path: str
) -> None:
    rows = [{"Product_Name": {"id": product}}, row]

    answer = desk.post("/Quotes", {"data": [{"Subject": "Q", "Quoted_Items": rows}]})

    ((found, details),) = desk.items(answer)
    assert found == code
    assert details["json_path"] == f"$.data[0].Quoted_Items[1].{path}"


def test_sales_orders_and_invoices_have_rows_of_their_own(desk: Desk, product: str) -> None:
    for module, rows, number in (
        ("Sales_Orders", "Ordered_Items", "SO_Number"),
        ("Invoices", "Invoiced_Items", "Invoice_Number"),
    ):
        (made,) = desk.create(module, {"Subject": "S", rows: [{"Product_Name": {"id": product}}]})
        shown = desk.one(module, made)
        assert (shown["Grand_Total"], len(shown[rows])) == (500, 1)
        assert shown[number]
