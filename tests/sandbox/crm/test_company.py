"""The organisation, its users, currencies and taxes."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from hub.sandbox.crm import Quirks

if TYPE_CHECKING:
    from tests.sandbox.crm.desk import Desk


def test_the_organisation_tells_its_money_zone_and_plan(desk: Desk) -> None:
    desk.quirk(edition="ultimate", users_paid=7)

    (org,) = desk.get("/org").body["org"]

    assert (org["iso_code"], org["currency_symbol"], org["mc_status"]) == ("EUR", "€", True)
    assert org["time_zone"] == "UTC"
    assert org["license_details"]["paid_type"] == "ultimate"
    assert org["license_details"]["users_license_purchased"] == 7


def test_a_zone_that_there_is_not_cannot_be_set() -> None:
    with pytest.raises(msgspec.ValidationError, match="Mars/Base"):
        msgspec.convert({"time_zone": "Mars/Base"}, Quirks)


def test_users_are_listed_by_kind_and_page(desk: Desk) -> None:
    def names(**query: object) -> list[str]:
        return [one["full_name"] for one in desk.get("/users", **query).body["users"]]

    assert names() == ["Hub Bot", "Ana Prado", "Tom Berg"]
    assert names(type="CurrentUser") == ["Hub Bot"]
    assert names(type="AdminUsers") == ["Hub Bot", "Ana Prado"]
    assert names(per_page=2, page=2) == ["Tom Berg"]
    assert desk.get("/users", type="DeactiveUsers").status == 204


def test_the_user_of_the_calls_is_who_records_were_modified_by(desk: Desk) -> None:
    (user,) = desk.get("/users", type="CurrentUser").body["users"]
    (account,) = desk.create("Accounts", {"Account_Name": "Faro"})

    shown = desk.one("Accounts", account)

    assert shown["Modified_By"]["id"] == shown["Owner"]["id"] == user["id"]
    assert shown["Owner"] == {"name": "Hub Bot", "id": user["id"], "email": "bot@hub.example"}
    assert desk.get(f"/users/{user['id']}").body["users"] == [user]
    assert desk.get("/users/5550001000000009999").status == 204


def test_a_currency_tells_its_rate_as_a_text_of_nine_decimals(desk: Desk) -> None:
    listed = desk.get("/org/currencies").body["currencies"]
    rates = {one["iso_code"]: one["exchange_rate"] for one in listed}

    assert (rates["EUR"], rates["USD"]) == ("1.000000000", "1.080000000")
    assert [one["iso_code"] for one in listed if one["is_base"]] == ["EUR"]
    assert desk.get(f"/org/currencies/{listed[1]['id']}").body["currencies"] == [listed[1]]
    assert desk.get("/org/currencies/XXX").status == 204


def test_a_record_keeps_the_rate_that_its_currency_had_or_that_it_was_told(desk: Desk) -> None:
    sent = {"Deal_Name": "D", "Stage": "Qualification", "Currency": "USD"}
    (deal,) = desk.create("Deals", sent)

    desk.crm.put("currencies", {"iso_code": "USD", "exchange_rate": Decimal("1.2")})
    kept = desk.one("Deals", deal)["Exchange_Rate"]
    desk.put(f"/Deals/{deal}", {"data": [{"Currency": "GBP"}]})

    moved = desk.one("Deals", deal)["Exchange_Rate"]
    desk.put(f"/Deals/{deal}", {"data": [{"Currency": "CHF", "Exchange_Rate": Decimal("0.9")}]})

    assert (kept, moved) == (Decimal("1.08"), Decimal("0.85"))
    assert desk.one("Deals", deal)["Exchange_Rate"] == Decimal("0.9")


def test_a_currency_that_the_organisation_has_not_is_refused(desk: Desk) -> None:
    answer = desk.post(
        "/Deals",
        {"data": [{"Deal_Name": "D", "Stage": "Qualification", "Currency": "XXX"}]},
    )

    assert desk.items(answer)[0][1] == {"api_name": "Currency", "json_path": "$.data[0].Currency"}


def test_without_several_currencies_records_have_none(desk: Desk) -> None:
    desk.quirk(multi_currency=False)
    (account,) = desk.create("Accounts", {"Account_Name": "Faro"})

    answer = desk.get("/org/currencies")

    assert (answer.status, answer.body["code"]) == (400, "FEATURE_NOT_ENABLED")
    assert {"Currency", "Exchange_Rate"}.isdisjoint(desk.one("Accounts", account))


def test_taxes_are_listed_made_and_changed(desk: Desk) -> None:
    before = desk.get("/org/taxes").body["org_taxes"]
    changed = {"id": before["taxes"][0]["id"], "value": Decimal("22.5")}

    answer = desk.put(
        "/org/taxes", {"org_taxes": {"taxes": [changed, {"name": "GST", "value": 5}]}}
    )

    assert [code for code, _ in desk.items(answer, "org_taxes")] == ["SUCCESS", "SUCCESS"]
    after = {one["name"]: one["value"] for one in desk.get("/org/taxes").body["org_taxes"]["taxes"]}
    assert after == {"VAT 23": Decimal("22.5"), "VAT 13": 13, "VAT 6": 6, "VAT 0": 0, "GST": 5}
    assert before["preference"] == {"auto_populate_tax": False, "modify_tax_rates": True}


def test_one_tax_is_told_by_its_id(desk: Desk) -> None:
    tax = desk.get("/org/taxes").body["org_taxes"]["taxes"][0]

    assert desk.get(f"/org/taxes/{tax['id']}").body["org_taxes"]["taxes"] == [tax]
    assert desk.get("/org/taxes/7").body["code"] == "INVALID_DATA"


@pytest.mark.parametrize(
    "body",
    [
        {"org_taxes": []},
        {"org_taxes": {"taxes": [{"name": "GST", "value": "much"}]}},
        {"org_taxes": {"taxes": [{"value": 5}]}},
        {"org_taxes": {"taxes": [{"id": "7", "value": 5}]}},
    ],
)
def test_odd_taxes_are_refused(desk: Desk, body: dict[str, Any]) -> None:
    answer = desk.put("/org/taxes", body)

    assert (answer.status, answer.body["code"]) == (400, "INVALID_DATA")
