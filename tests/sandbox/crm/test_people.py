"""What people do on the vendor's screen, and what is placed there before anyone looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hub.errors import Refused

if TYPE_CHECKING:
    from tests.sandbox.crm.desk import Desk

PERSON = "Ana Prado"


@pytest.fixture
def deal(desk: Desk) -> str:
    (made,) = desk.create("Deals", {"Deal_Name": "D", "Stage": "Qualification", "Amount": 100})
    return made


def test_a_person_edits_under_his_own_name(desk: Desk, deal: str) -> None:
    desk.world.clock.advance(60)

    shown = desk.crm.edit("Deals", deal, {"Amount": 120.5})

    assert shown["Modified_By"]["name"] == PERSON
    assert desk.one("Deals", deal)["Modified_Time"] == "2026-02-03T09:11:11+00:00"
    assert str(desk.one("Deals", deal)["Amount"]) == "120.5"


def test_a_deal_is_won(desk: Desk, deal: str) -> None:
    shown = desk.crm.act("close", "Deals", deal, {})

    assert (shown["Stage"], shown["Probability"]) == ("Closed Won", 100)
    assert shown["Modified_By"]["name"] == PERSON


def test_a_deal_is_lost_for_a_reason(desk: Desk, deal: str) -> None:
    shown = desk.crm.act("lose", "Deals", deal, {"reason": "Price"})

    assert (shown["Stage"], shown["Reason_For_Loss__s"]) == ("Closed Lost", "Price")
    assert shown["Expected_Revenue"] == 0


def test_a_person_makes_a_record_and_those_who_watch_are_told(desk: Desk) -> None:
    desk.watch("Contacts.all")

    made = desk.crm.act("create", "Contacts", "", {"Last_Name": "Faro"})

    (told,) = desk.told()
    assert (told["operation"], told["ids"]) == ("insert", [made["id"]])
    assert made["Created_By"]["name"] == PERSON


def test_what_was_deleted_comes_back_under_its_old_id(desk: Desk, deal: str) -> None:
    desk.watch("Deals.all")
    desk.crm.act("delete", "Deals", deal, {})
    gone = desk.get(f"/Deals/{deal}").status

    back = desk.crm.act("restore", "Deals", deal, {})

    assert (gone, back["id"]) == (204, deal)
    assert [one["operation"] for one in desk.told()] == ["delete", "insert"]
    assert desk.get("/Deals/deleted").status == 204


def test_what_was_deleted_for_good_does_not_come_back(desk: Desk, deal: str) -> None:
    desk.crm.act("delete", "Deals", deal, {"permanent": True})

    (row,) = desk.get("/Deals/deleted").body["data"]
    assert (row["type"], row["display_name"]) == ("permanent", None)
    with pytest.raises(Refused, match="recycle bin"):
        desk.crm.act("restore", "Deals", deal, {})


def test_what_is_unique_and_was_given_to_another_meanwhile_hinders_a_restore(desk: Desk) -> None:
    (first,) = desk.create("Accounts", {"Account_Name": "A", "Hub_Id": "a-1"})
    desk.delete(f"/Accounts/{first}")
    desk.create("Accounts", {"Account_Name": "B", "Hub_Id": "a-1"})

    called = desk.post(f"/settings/recycle_bin/{first}/actions/restore", {})

    assert called.body["code"] == "DUPLICATE_DATA"
    with pytest.raises(Refused, match="duplicate data"):
        desk.crm.act("restore", "Accounts", first, {})


def test_a_merge_deletes_the_loser_and_the_winner_takes_what_it_has_not(desk: Desk) -> None:
    loser, winner = desk.create(
        "Accounts",
        {"Account_Name": "Faro", "Phone": "1", "Hub_Id": "a-1"},
        {"Account_Name": "Faro Lda", "Website": "https://faro.example"},
    )
    (contact,) = desk.create("Contacts", {"Last_Name": "F", "Account_Name": {"id": loser}})
    parent = {"id": loser, "module": {"api_name": "Accounts"}}
    (note,) = desk.create("Notes", {"Note_Content": "called", "Parent_Id": parent})
    desk.watch("Accounts.all", notify_on_related_action=False)

    merged = desk.crm.act("merge", "Accounts", loser, {"into": winner})

    assert (merged["Account_Name"], merged["Phone"], merged["Hub_Id"]) == ("Faro Lda", "1", "a-1")
    assert desk.one("Contacts", contact)["Account_Name"] == {"id": winner, "name": "Faro Lda"}
    assert desk.one("Notes", note)["Parent_Id"]["id"] == winner
    assert [(one["operation"], one["ids"]) for one in desk.told()] == [
        ("delete", [loser]),
        ("update", [winner]),
    ]
    assert desk.get("/Accounts/deleted").body["data"][0]["type"] == "permanent"


def test_a_merge_keeps_what_hangs_on_either(desk: Desk) -> None:
    stage = {"Stage": "Qualification"}
    loser, winner = desk.create("Deals", {"Deal_Name": "A", **stage}, {"Deal_Name": "B", **stage})
    one, two = desk.create("Products", {"Product_Name": "P"}, {"Product_Name": "Q"})
    desk.crm.act("attach", "Deals", loser, {"id": one})
    desk.crm.act("attach", "Deals", winner, {"id": two})

    desk.crm.act("merge", "Deals", loser, {"into": winner})

    products = desk.get(f"/Deals/{winner}/Products", fields="Product_Name").body["data"]
    deals = desk.get(f"/Products/{one}/Deals", fields="Deal_Name").body["data"]
    assert {row["id"] for row in products} == {one, two}
    assert [row["id"] for row in deals] == [winner]


def test_a_locked_record_is_kept_from_calls_not_from_people(desk: Desk, deal: str) -> None:
    desk.crm.act("lock", "Deals", deal, {})

    refused = desk.put(f"/Deals/{deal}", {"data": [{"Amount": 1}]})
    kept = desk.delete(f"/Deals/{deal}")
    edited = desk.crm.edit("Deals", deal, {"Amount": 2})

    assert [desk.items(one)[0][0] for one in (refused, kept)] == ["RECORD_LOCKED"] * 2
    assert (edited["Amount"], edited["Locked__s"]) == (2, True)


def test_channels_run_out_at_once_when_told_to(desk: Desk, deal: str) -> None:
    desk.watch("Deals.all")

    gone = desk.crm.act("channel_expired", "", "", {})
    desk.crm.edit("Deals", deal, {"Amount": 2})

    assert gone == {"expired": ["700000001"]}
    assert desk.told() == []


def test_channels_that_are_kept_outlive_a_clock_that_leaps(desk: Desk, deal: str) -> None:
    desk.watch("Deals.all")
    leap = 30 * 86_400.0

    desk.crm.act("channel_kept", "", "", {"seconds": leap})
    desk.world.clock.advance(leap)
    desk.crm.edit("Deals", deal, {"Amount": 2})

    assert desk.told() != []


@pytest.mark.parametrize(
    ("act", "details", "sentence"),
    [
        (("pay", "Deals"), {}, "knows no act 'pay'"),
        (("close", "Accounts"), {}, "has no Accounts"),
        (("merge", "Deals"), {"into": "7"}, "has no Deals '7'"),
        (("attach", "Deals"), {"id": "7"}, "no record '7'"),
        (("create", "Tickets"), {}, "no kind 'Tickets'"),
        (("create", "Deals"), {"Deal_Name": "D", "Stage": "Nope"}, "Pipeline doesn't contain"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(
    desk: Desk, deal: str, act: tuple[str, str], details: dict[str, Any], sentence: str
) -> None:
    name, kind = act
    with pytest.raises(Refused, match=sentence):
        desk.crm.act(name, kind, deal, details)


def test_a_record_is_not_merged_into_itself_and_an_account_not_won(desk: Desk, deal: str) -> None:
    (account,) = desk.create("Accounts", {"Account_Name": "Faro"})

    with pytest.raises(Refused, match="into itself"):
        desk.crm.act("merge", "Deals", deal, {"into": deal})
    with pytest.raises(Refused, match="Only a record of Deals"):
        desk.crm.act("close", "Accounts", account, {})


def test_what_is_placed_is_told_to_nobody_and_found_at_once(desk: Desk) -> None:
    desk.watch("Contacts.all", "Accounts.all")
    (waiting,) = desk.create("Accounts", {"Account_Name": "Berg"})
    desk.told()
    old = "2025-06-01T08:00:00+00:00"

    placed = desk.crm.put("Accounts", {"Account_Name": "Faro", "Modified_Time": old})

    assert desk.told() == []
    assert placed["Modified_Time"] == old
    (found,) = desk.get("/Accounts/search", word="faro").body["data"]
    assert (found["id"], found["Modified_Time"]) == (placed["id"], old)
    assert desk.get("/Accounts/search", word="berg").status == 204
    assert desk.one("Accounts", waiting)["Account_Name"] == "Berg"


def test_a_placed_note_leaves_the_time_of_its_parent(desk: Desk, deal: str) -> None:
    before = desk.one("Deals", deal)["Modified_Time"]
    desk.world.clock.advance(60)

    desk.crm.put("Notes", {"Note_Content": "called", "Parent_Id": {"id": deal}})

    assert desk.one("Deals", deal)["Modified_Time"] == before


def test_users_currencies_and_taxes_are_placed_too(desk: Desk) -> None:
    user = desk.crm.put("Users", {"first_name": "Eva", "last_name": "Lind", "email": "e@x.example"})
    desk.crm.put("currencies", {"iso_code": "SEK", "exchange_rate": "11.2", "symbol": "kr"})
    tax = desk.crm.put("taxes", {"name": "GST", "value": 5})

    changed = desk.crm.edit("taxes", tax["id"], {"value": 7})

    assert user["full_name"] == "Eva Lind"
    assert desk.get("/org/currencies/SEK").body["currencies"][0]["symbol"] == "kr"
    assert (changed["name"], changed["value"]) == ("GST", 7)


def test_a_reset_leaves_a_fresh_organisation_and_the_quirks(desk: Desk, deal: str) -> None:
    desk.quirk(search_lag_seconds=7.0)
    desk.watch("Deals.all")

    desk.crm.reset()

    assert desk.crm.state()["Deals"] == []
    assert desk.get("/actions/watch").status == 204
    assert desk.crm.quirks.search_lag_seconds == 7.0


def test_the_state_holds_everything_by_kind(desk: Desk, deal: str) -> None:
    state = desk.crm.state()

    assert list(state) == [
        "Accounts", "Contacts", "Deals", "Products", "Price_Books", "Quotes", "Sales_Orders",
        "Invoices", "Tasks", "Notes", "Users", "currencies", "taxes", "organizations",
    ]  # fmt: skip
    assert [one["id"] for one in state["Deals"]] == [deal]
