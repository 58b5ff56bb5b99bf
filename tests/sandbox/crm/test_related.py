"""Related lists: what points at a record, and the products that hang on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.crm.desk import Desk


@pytest.fixture
def deal(desk: Desk) -> str:
    (account,) = desk.create("Accounts", {"Account_Name": "Faro"})
    (made,) = desk.create(
        "Deals",
        {"Deal_Name": "D", "Stage": "Qualification", "Account_Name": {"id": account}},
    )
    return made


@pytest.fixture
def products(desk: Desk) -> list[str]:
    return desk.create(
        "Products",
        {"Product_Name": "Setup day", "Unit_Price": 500},
        {"Product_Name": "Licence", "Unit_Price": 90},
    )


def test_what_points_at_a_record_is_listed(desk: Desk, deal: str) -> None:
    account = desk.one("Deals", deal)["Account_Name"]["id"]
    (other,) = desk.create(
        "Deals", {"Deal_Name": "E", "Stage": "Qualification", "Account_Name": {"id": account}}
    )
    desk.create("Deals", {"Deal_Name": "F", "Stage": "Qualification"})

    answer = desk.get(f"/Accounts/{account}/Deals", fields="Deal_Name", sort_order="asc")
    page = desk.get(f"/Accounts/{account}/Deals", fields="Deal_Name", per_page=1)

    assert [row["id"] for row in answer.body["data"]] == [deal, other]
    assert page.body["info"]["more_records"] is True


def test_a_related_list_wants_to_be_told_its_fields(desk: Desk, deal: str) -> None:
    answer = desk.get(f"/Deals/{deal}/Notes")

    assert (answer.status, answer.body["code"]) == (400, "REQUIRED_PARAM_MISSING")
    assert answer.body["details"] == {"param_name": "fields"}


def test_an_empty_related_list_is_204_or_304(desk: Desk, deal: str) -> None:
    since = {"if-modified-since": "2026-02-03T09:10:00+00:00"}

    empty = desk.get(f"/Deals/{deal}/Tasks", fields="Subject")
    nothing = desk.call("GET", f"/Deals/{deal}/Tasks", headers=since, fields="Subject")

    assert (empty.status, nothing.status) == (204, 304)


@pytest.mark.parametrize(
    ("path", "code", "index"),
    [
        ("/Deals/5550002000000000999/Notes", "INVALID_DATA", 1),
        ("/Deals/{deal}/Nope", "INVALID_DATA", 2),
        ("/Nope/{deal}/Notes", "INVALID_MODULE", 0),
    ],
)
def test_a_list_that_there_is_not_is_refused(
    desk: Desk, deal: str, path: str, code: str, index: int
) -> None:
    answer = desk.get(path.format(deal=deal), fields="id")

    assert (answer.status, answer.body["code"]) == (400, code)
    assert answer.body["details"] == {"resource_path_index": index}


def test_the_products_of_a_deal_come_without_quantity_and_without_a_price_of_the_deal(
    desk: Desk, deal: str, products: list[str]
) -> None:
    items = [{"id": one, "list_price": 480, "Quantity": 2} for one in products]

    desk.put(f"/Deals/{deal}/Products", {"data": items})

    rows = desk.get(f"/Deals/{deal}/Products", fields="Product_Name,Unit_Price").body["data"]
    assert {row["Product_Name"] for row in rows} == {"Setup day", "Licence"}
    assert all({"list_price", "Quantity", "quantity"}.isdisjoint(row) for row in rows)


def test_a_price_book_has_a_price_of_its_own_for_a_product(desk: Desk, products: list[str]) -> None:
    (book,) = desk.create("Price_Books", {"Price_Book_Name": "Partners"})

    desk.put(f"/Price_Books/{book}/Products/{products[0]}", {"data": [{"list_price": 400}]})

    (row,) = desk.get(f"/Price_Books/{book}/Products", fields="Unit_Price").body["data"]
    assert (row["Unit_Price"], row["list_price"]) == (500, 400)


def test_a_product_is_hung_on_a_deal_and_taken_off_seen_from_both_sides(
    desk: Desk, deal: str, products: list[str]
) -> None:
    path = f"/Deals/{deal}/Products/{products[0]}"

    added = desk.put(path, {"data": [{}]})
    seen = desk.get(f"/Products/{products[0]}/Deals", fields="Deal_Name").body["data"]
    removed = desk.delete(path)
    again = desk.delete(path)

    assert desk.items(added) == [("SUCCESS", {"id": products[0]})]
    assert [row["id"] for row in seen] == [deal]
    assert removed.status == 200
    assert (again.status, desk.items(again)[0][0]) == (400, "INVALID_DATA")
    assert desk.get(f"/Products/{products[0]}/Deals", fields="Deal_Name").status == 204


def test_of_several_that_are_hung_on_a_record_each_is_answered_for_itself(
    desk: Desk, deal: str, products: list[str]
) -> None:
    answer = desk.put(f"/Deals/{deal}/Products", {"data": [{"id": products[0]}, {"id": deal}]})

    assert answer.status == 207
    assert [code for code, _ in desk.items(answer)] == ["SUCCESS", "INVALID_DATA"]


def test_what_a_lookup_makes_is_not_hung_by_hand(desk: Desk, deal: str) -> None:
    answer = desk.put(f"/Deals/{deal}/Notes/{deal}", {"data": [{}]})

    assert answer.status == 400


def test_notes_are_made_on_the_record_of_the_path(desk: Desk, deal: str) -> None:
    desk.post(f"/Deals/{deal}/Notes", {"data": [{"Note_Title": "Call", "Note_Content": "ok"}]})

    (row,) = desk.get(f"/Deals/{deal}/Notes", fields="Note_Title,Parent_Id").body["data"]
    assert (row["Note_Title"], row["Parent_Id"]["id"]) == ("Call", deal)


def test_a_note_of_v2_names_its_parent_by_id_and_module(desk: Desk, deal: str) -> None:
    note = {"Note_Content": "ok", "Parent_Id": deal, "se_module": "Deals"}

    answer = desk.post("/crm/v2/Notes", {"data": [note]})

    assert answer.status == 201


def test_a_note_without_a_parent_and_one_without_its_module_are_refused(
    desk: Desk, deal: str
) -> None:
    answer = desk.post(
        "/Notes",
        {"data": [{"Note_Content": "a"}, {"Note_Content": "b", "Parent_Id": {"id": deal}}]},
    )

    assert [code for code, _ in desk.items(answer)] == [
        "MANDATORY_NOT_FOUND",
        "EXPECTED_FIELD_MISSING",
    ]


@pytest.mark.parametrize("touch", [True, False])
def test_a_task_moves_the_time_of_what_it_hangs_on_if_that_is_so(
    desk: Desk,
    deal: str,
    touch: bool,  # noqa: FBT001 - both ways
) -> None:
    desk.quirk(related_touch=touch)
    before = desk.one("Deals", deal)["Modified_Time"]
    desk.world.clock.advance(60)

    desk.create("Tasks", {"Subject": "Chase", "What_Id": {"id": deal}, "$se_module": "Deals"})

    assert (desk.one("Deals", deal)["Modified_Time"] != before) is touch


def test_a_task_is_closed_when_it_is_completed(desk: Desk) -> None:
    (task,) = desk.create("Tasks", {"Subject": "Chase", "Status": "Not Started"})
    before = desk.one("Tasks", task)["Closed_Time"]

    desk.put(f"/Tasks/{task}", {"data": [{"Status": "Completed"}]})

    assert before is None
    assert desk.one("Tasks", task)["Closed_Time"] == "2026-02-03T09:10:11+00:00"


def test_tasks_are_listed_by_what_and_by_whom_they_are_about(desk: Desk, deal: str) -> None:
    (contact,) = desk.create("Contacts", {"Last_Name": "Faro"})
    (task,) = desk.create(
        "Tasks",
        {
            "Subject": "Chase",
            "What_Id": {"id": deal},
            "$se_module": "Deals",
            "Who_Id": {"id": contact},
        },
    )

    for path in (f"/Deals/{deal}/Tasks", f"/Contacts/{contact}/Tasks"):
        (row,) = desk.get(path, fields="Subject").body["data"]
        assert (row["id"], row["$se_module"]) == (task, "Deals")
