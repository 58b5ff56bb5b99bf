"""Several calls in one, and several records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.sandbox.salesforce.desk import Desk

V = "/services/data/v67.0"


def inner(method: str, path: str, reference: str, body: object = None) -> dict[str, Any]:
    said = {"method": method, "url": f"{V}{path}", "referenceId": reference}
    return said if body is None else {**said, "body": body}


def row(**fields: object) -> dict[str, object]:
    return {"attributes": {"type": "Account"}, **fields}


def test_a_call_within_uses_what_another_gave(desk: Desk) -> None:
    answer = desk.post(
        "/composite",
        {
            "allOrNone": True,
            "compositeRequest": [
                inner("POST", "/sobjects/Account", "acc", {"Name": "Faro"}),
                inner("POST", "/sobjects/Contact", "con",
                      {"LastName": "Dias", "AccountId": "@{acc.id}"}),
                inner("GET", "/query?q=SELECT+Account.Name+FROM+Contact+WHERE+Id='@{con.id}'", "q"),
            ],
        },
    )  # fmt: skip

    done = answer.body["compositeResponse"]
    assert [one["httpStatusCode"] for one in done] == [201, 201, 200]
    assert done[2]["body"]["records"][0]["Account"]["Name"] == "Faro"


def test_all_or_none_undoes_all_and_says_so(desk: Desk) -> None:
    calls = [
        inner("POST", "/sobjects/Account", "acc", {"Name": "Faro"}),
        inner("POST", "/sobjects/Contact", "con", {"AccountId": "@{acc.id}"}),
        inner("POST", "/sobjects/Account", "last", {"Name": "Later"}),
    ]

    whole = desk.post("/composite", {"allOrNone": True, "compositeRequest": calls})
    rows_then = desk.rows("SELECT Name FROM Account")
    each = desk.post("/composite", {"compositeRequest": calls})

    codes = [one["body"][0]["errorCode"] for one in whole.body["compositeResponse"]]
    assert whole.status == 200
    assert codes == ["PROCESSING_HALTED", "REQUIRED_FIELD_MISSING", "PROCESSING_HALTED"]
    assert rows_then == []
    assert [one["httpStatusCode"] for one in each.body["compositeResponse"]] == [201, 400, 201]


def test_a_composite_has_25_calls_at_most_and_5_queries(desk: Desk) -> None:
    for path, count in (("/sobjects/Account", 26), ("/query?q=SELECT+Id+FROM+Account", 6)):
        calls = [inner("GET", path, f"r{n}") for n in range(count)]
        answer = desk.post("/composite", {"compositeRequest": calls})
        assert desk.error(answer) == (400, "COMPOSITE_API_LIMIT_EXCEEDED")


def test_of_many_records_each_is_told_of_by_itself(desk: Desk) -> None:
    body = {"records": [row(Name="Faro"), row(), row(Name="Evora")]}

    each = desk.post("/composite/sobjects", body)
    whole = desk.post("/composite/sobjects", {**body, "allOrNone": True})

    assert each.status == 200
    assert [one["success"] for one in each.body] == [True, False, True]
    assert each.body[1]["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    codes = [one["errors"][0]["statusCode"] for one in whole.body]
    assert codes[0] == codes[2] == "ALL_OR_NONE_OPERATION_ROLLED_BACK"
    assert len(desk.rows("SELECT Id FROM Account")) == 2


def test_many_are_changed_read_upserted_and_deleted(desk: Desk) -> None:
    ids = [desk.create("Account", Name=name) for name in ("A", "B")]
    desk.patch("/composite/sobjects", {"records": [row(id=one, Phone="7") for one in ids]})
    read = desk.get("/composite/sobjects/Account", ids=",".join(ids), fields="Phone")
    rows = [row(Hub_Id__c="m", Name="C"), row(Hub_Id__c="m", Phone="9")]
    done = desk.patch("/composite/sobjects/Account/Hub_Id__c", {"records": rows})
    gone = desk.delete("/composite/sobjects", ids=",".join([*ids, ids[0]]))

    assert [one["Phone"] for one in read.body] == ["7", "7"]
    assert [one["created"] for one in done.body] == [True, False]
    assert [one["success"] for one in gone.body] == [True, True, False]
    assert gone.body[2]["errors"][0]["statusCode"] == "ENTITY_IS_DELETED"


def test_a_tree_is_planted_whole_or_not_at_all(desk: Desk) -> None:
    def tree(last_name: str | None) -> dict[str, object]:
        contact = {"attributes": {"type": "Contact", "referenceId": "c"}, "LastName": last_name}
        account = {"attributes": {"type": "Account", "referenceId": "a"}, "Name": "Faro"}
        return {"records": [{**account, "Contacts": {"records": [contact]}}]}

    failed = desk.post("/composite/tree/Account", tree(None))
    planted = desk.post("/composite/tree/Account", tree("Dias"))

    assert (failed.status, failed.body["hasErrors"]) == (400, True)
    assert failed.body["results"][0]["referenceId"] == "c"
    assert (planted.status, len(planted.body["results"])) == (201, 2)
    assert desk.rows("SELECT Account.Name FROM Contact") == [{"Account": {"Name": "Faro"}}]


def test_what_changed_and_what_went_is_listed_by_time(desk: Desk) -> None:
    kept, gone = desk.create("Account", Name="A"), desk.create("Account", Name="B")
    desk.delete(f"/sobjects/Account/{gone}")
    desk.world.clock.advance(120)
    window: dict[str, Any] = {"start": "2026-02-03T09:00:00Z", "end": "2026-02-03T10:00:00Z"}

    updated = desk.get("/sobjects/Account/updated/", **window).body
    deleted = desk.get("/sobjects/Account/deleted/", **window).body

    assert updated["ids"] == [kept]
    assert [one["id"] for one in deleted["deletedRecords"]] == [gone]
    assert deleted["latestDateCovered"] == "2026-02-03T09:12:11.000+0000"
    assert deleted["earliestDateAvailable"] < window["start"]
    early = desk.get("/sobjects/Account/deleted", start="2025-01-01T00:00:00Z", end=window["end"])
    assert desk.error(early) == (400, "INVALID_REPLICATION_DATE")


def test_what_changed_may_be_asked_for_as_far_back_as_the_org_is_told(desk: Desk) -> None:
    desk.salesforce.quirks.replication_days = 90

    start, end = "2025-12-01T00:00:00Z", "2026-02-03T10:00:00Z"
    assert desk.get("/sobjects/Account/updated", start=start, end=end).status == 200
