"""One record: made, read, changed, deleted, and every way in which that is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.sandbox.salesforce.ids import read_id

if TYPE_CHECKING:
    from tests.sandbox.salesforce.desk import Desk


def test_a_record_is_made_read_changed_and_deleted(desk: Desk) -> None:
    account = desk.create("Account", Name="Faro", AnnualRevenue=1200)
    assert desk.patch(f"/sobjects/Account/{account[:15]}", {"Phone": "1"}).status == 204

    found = desk.one("Account", account)
    assert (found["Name"], found["Phone"], found["Id"]) == ("Faro", "1", account)
    assert found["attributes"]["url"] == f"/services/data/v67.0/sobjects/Account/{account}"
    assert found["CreatedDate"] == "2026-02-03T09:10:11.000+0000"

    assert desk.delete(f"/sobjects/Account/{account}").status == 204
    assert desk.error(desk.get(f"/sobjects/Account/{account}")) == (404, "ENTITY_IS_DELETED")
    nobody = account[:14] + ("z" if account[14] != "z" else "y")
    assert desk.error(desk.get(f"/sobjects/Account/{nobody}")) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "REQUIRED_FIELD_MISSING"),
        ({"Name": "x" * 256}, "STRING_TOO_LONG"),
        ({"Name": "x", "Nmae": "y"}, "INVALID_FIELD"),
        ({"Name": "x", "CreatedDate": "2026-01-01"}, "INVALID_FIELD_FOR_INSERT_UPDATE"),
        ({"Name": "x", "Id": "001000000000001AAA"}, "INVALID_FIELD_FOR_INSERT_UPDATE"),
        ({"Name": 5}, "INVALID_TYPE_ON_FIELD_IN_RECORD"),
        ({"Name": "x", "ParentId": "006000000000001AAA"}, "MALFORMED_ID"),
        ({"Name": "x", "CurrencyIsoCode": "XXX"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
    ],
)
def test_what_cannot_be_saved_says_why(desk: Desk, fields: dict[str, object], code: str) -> None:
    assert desk.error(desk.post("/sobjects/Account", fields)) == (400, code)
    assert desk.rows("SELECT Id FROM Account") == []


def test_a_mark_is_unique_and_the_refusal_names_its_bearer(desk: Desk) -> None:
    account = desk.create("Account", Name="Faro", Hub_Id__c="m-1")

    again = desk.post("/sobjects/Account", {"Name": "Other", "Hub_Id__c": "m-1"})

    assert desk.error(again) == (400, "DUPLICATE_VALUE")
    assert again.body[0]["message"] == (
        f"duplicate value found: Hub_Id__c duplicates value on record with id: {account[:15]}"
    )


def test_an_upsert_makes_then_changes_and_says_which(desk: Desk) -> None:
    made = desk.patch("/sobjects/Account/Hub_Id__c/a%2Fb", {"Name": "Faro"})
    changed = desk.patch("/sobjects/Account/Hub_Id__c/a%2Fb", {"Phone": "1"})
    old = desk.patch("/services/data/v45.0/sobjects/Account/Hub_Id__c/a%2Fb", {"Phone": "2"})

    assert (made.status, made.body["created"]) == (201, True)
    assert (changed.status, changed.body["created"]) == (200, False)
    assert old.status == 204
    assert desk.one("Account", made.body["id"])["Phone"] == "2"


def test_an_upsert_by_what_several_bear_writes_nothing(desk: Desk) -> None:
    desk.salesforce.act(
        "new_field", "Account", "", {"name": "Old__c", "type": "Text", "externalId": True}
    )
    for _ in range(2):
        desk.create("Account", Name="Faro", Old__c="7")

    answer = desk.patch("/sobjects/Account/Old__c/7", {"Name": "Other"})

    assert answer.status == 300
    assert len(answer.body) == 2
    assert {row["Name"] for row in desk.rows("SELECT Name FROM Account")} == {"Faro"}


def test_a_condition_on_what_was_read_is_kept(desk: Desk) -> None:
    account = desk.create("Account", Name="Faro")
    tag = desk.get(f"/sobjects/Account/{account}").headers["ETag"]
    desk.world.clock.advance(5)
    desk.patch(f"/sobjects/Account/{account}", {"Phone": "1"})

    late = desk.patch(f"/sobjects/Account/{account}", {"Phone": "2"}, headers={"if-match": tag})

    assert desk.error(late) == (412, "PRECONDITION_FAILED")


def test_a_row_that_somebody_holds_is_refused_with_either_status(desk: Desk) -> None:
    account = desk.create("Account", Name="Faro")
    desk.salesforce.act("lock_row", "Account", account, {"seconds": 30})

    held = desk.patch(f"/sobjects/Account/{account}", {"Phone": "1"})
    sibling = desk.post("/sobjects/Contact", {"LastName": "Faro", "AccountId": account})
    desk.quirk(lock_status=500)
    other = desk.patch(f"/sobjects/Account/{account}", {"Phone": "1"})
    desk.world.clock.advance(31)

    assert desk.error(held) == desk.error(sibling) == (400, "UNABLE_TO_LOCK_ROW")
    assert desk.error(other) == (500, "UNABLE_TO_LOCK_ROW")
    assert desk.patch(f"/sobjects/Account/{account}", {"Phone": "1"}).status == 204


def test_rules_of_the_org_refuse_in_its_own_words(desk: Desk) -> None:
    rule = {"refuses": "Website LIKE 'http:%'", "message": "No plain http", "field": "Website"}
    desk.salesforce.act("rule", "Account", "", rule)

    answer = desk.post("/sobjects/Account", {"Name": "Faro", "Website": "http://x.example"})

    assert desk.error(answer) == (400, "FIELD_CUSTOM_VALIDATION_EXCEPTION")
    assert (answer.body[0]["message"], answer.body[0]["fields"]) == ("No plain http", ["Website"])


def test_a_duplicate_is_detected_under_both_spellings_and_may_be_allowed(desk: Desk) -> None:
    first = desk.create("Account", Name="Faro")
    for key in ("duplicateResut", "duplicateResult"):
        desk.quirk(duplicate_rule="alert", duplicates_key=key)
        answer = desk.post("/sobjects/Account", {"Name": "Faro"})
        assert desk.error(answer) == (400, "DUPLICATES_DETECTED")
        match = answer.body[0][key]["matchResults"][0]["matchRecords"][0]
        assert match["record"]["Id"] == first

    allow = {"sforce-duplicate-rule-header": "allowSave=true"}
    assert desk.post("/sobjects/Account", {"Name": "Faro"}, headers=allow).status == 201
    desk.quirk(duplicate_rule="block")
    refused = desk.post("/sobjects/Account", {"Name": "Faro"}, headers=allow)
    assert desk.error(refused) == (400, "DUPLICATES_DETECTED")


def test_lines_come_to_the_amount_and_a_stage_says_what_is_won(desk: Desk) -> None:
    deal, _ = desk.deal(12)
    [line] = desk.rows("SELECT Id, TotalPrice FROM OpportunityLineItem")
    desk.patch(f"/sobjects/OpportunityLineItem/{line['Id']}", {"Discount": 5})
    desk.patch(f"/sobjects/Opportunity/{deal}", {"Amount": 7, "StageName": "Closed Won"})

    found = desk.one("Opportunity", deal)

    assert (found["Amount"], found["HasOpportunityLineItem"]) == (1140, True)
    assert (found["IsWon"], found["IsClosed"], found["Probability"]) == (True, True, 100)
    assert desk.one("OpportunityLineItem", line["Id"])["ProductCode"] == "SUP"


def test_a_price_needs_a_standard_one_first(desk: Desk) -> None:
    book = desk.create("Pricebook2", Name="Partners", IsActive=True)
    product = desk.create("Product2", Name="Support")

    entry = {"Pricebook2Id": book, "Product2Id": product, "UnitPrice": 5}

    assert desk.error(desk.post("/sobjects/PricebookEntry", entry)) == (
        400, "STANDARD_PRICE_NOT_DEFINED",
    )  # fmt: skip


def test_what_is_deleted_takes_its_lines_along_and_comes_back_whole(desk: Desk) -> None:
    deal, _ = desk.deal(1, 2)
    desk.delete(f"/sobjects/Opportunity/{deal}")
    gone = desk.rows("SELECT Id FROM OpportunityLineItem")

    desk.salesforce.act("undelete", "Opportunity", deal, {})

    assert gone == []
    assert len(desk.rows("SELECT Id FROM OpportunityLineItem")) == 2


def test_who_is_merged_away_names_the_one_that_stays(desk: Desk) -> None:
    winner, loser = desk.create("Account", Name="Faro"), desk.create("Account", Name="Faro 2")
    contact = desk.create("Contact", LastName="Dias", AccountId=loser)

    desk.salesforce.act("merge", "Account", loser, {"into": winner})

    [gone] = desk.rows("SELECT Id, MasterRecordId FROM Account WHERE IsDeleted = TRUE", "/queryAll")
    assert gone == {"Id": loser, "MasterRecordId": winner}
    assert desk.one("Contact", contact)["AccountId"] == winner


def test_ids_of_fifteen_and_eighteen_signs_are_one_record(desk: Desk) -> None:
    account = desk.create("Account", Name="Faro")

    assert read_id(account[:15]) == account
    assert read_id(account[:15] + "AAZ") is None
    contact = desk.create("Contact", LastName="Dias", AccountId=account[:15])
    assert desk.one("Contact", contact)["AccountId"] == account


def test_an_object_that_the_org_has_not_is_not_there(desk: Desk) -> None:
    desk.quirk(quotes=False, multi_currency=False)

    assert desk.error(desk.get("/sobjects/Quote/describe")) == (404, "NOT_FOUND")
    assert desk.error(desk.query("SELECT Id FROM Quote")) == (400, "INVALID_TYPE")
    names = {one["name"] for one in desk.get("/sobjects/Account/describe").body["fields"]}
    assert "CurrencyIsoCode" not in names


def test_a_description_tells_what_may_be_written(desk: Desk) -> None:
    fields = {one["name"]: one for one in desk.get("/sobjects/Opportunity/describe").body["fields"]}

    assert fields["IsWon"]["updateable"] is False
    assert fields["Hub_Id__c"]["externalId"] is fields["Hub_Id__c"]["unique"] is True
    assert fields["AccountId"]["referenceTo"] == ["Account"]
    assert "Closed Won" in [one["value"] for one in fields["StageName"]["picklistValues"]]


def test_a_field_is_made_by_the_tooling_api(desk: Desk) -> None:
    metadata = {"type": "Text", "label": "Tier", "length": 20}
    made = desk.post(
        "/tooling/sobjects/CustomField", {"FullName": "Account.Tier__c", "Metadata": metadata}
    )

    assert made.status == 201
    assert desk.one("Account", desk.create("Account", Name="Faro", Tier__c="A"))["Tier__c"] == "A"
