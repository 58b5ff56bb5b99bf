"""The recycle bin, over all modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.sandbox.crm.desk import Desk

BIN = "/settings/recycle_bin"


def test_what_was_deleted_is_in_the_bin_newest_first(desk: Desk) -> None:
    (account,) = desk.create("Accounts", {"Account_Name": "Faro"})
    (contact,) = desk.create("Contacts", {"Last_Name": "Faro", "First_Name": "Ines"})
    desk.delete(f"/Accounts/{account}")
    desk.world.clock.advance(1)
    desk.crm.act("delete", "Contacts", contact, {})

    answer = desk.get(BIN)

    first, second = answer.body["recycle_bin"]
    assert (first["id"], first["display_name"], first["module"]) == (
        contact,
        "Ines Faro",
        "Contacts",
    )
    assert (first["deleted_by"]["name"], second["deleted_by"]["name"]) == ("Ana Prado", "Hub Bot")
    assert desk.get(BIN, per_page=1, page=2).body["recycle_bin"] == [second]


def test_a_record_comes_back_by_a_call(desk: Desk) -> None:
    (account,) = desk.create("Accounts", {"Account_Name": "Faro"})
    (contact,) = desk.create("Contacts", {"Last_Name": "F", "Account_Name": {"id": account}})
    desk.delete(f"/Accounts/{account}")
    between = desk.one("Contacts", contact)["Account_Name"]

    answer = desk.post(f"{BIN}/{account}/actions/restore", {})

    assert answer.body["recycle_bin"][0]["details"] == {"id": account}
    assert between is None
    assert desk.one("Contacts", contact)["Account_Name"]["name"] == "Faro"
    assert desk.get(BIN).status == 204


def test_what_is_older_than_60_days_is_gone_for_good(desk: Desk) -> None:
    (account,) = desk.create("Accounts", {"Account_Name": "Faro"})
    desk.delete(f"/Accounts/{account}")
    desk.world.clock.advance(60 * 24 * 3600)

    answer = desk.post(f"{BIN}/{account}/actions/restore", {})

    assert (answer.status, answer.body["code"]) == (400, "INVALID_DATA")
    assert desk.get(BIN).status == 204


def test_what_was_deleted_since_is_listed_or_304(desk: Desk) -> None:
    first, second = desk.create("Accounts", {"Account_Name": "A"}, {"Account_Name": "B"})
    desk.delete(f"/Accounts/{first}")
    desk.world.clock.advance(60)
    desk.delete(f"/Accounts/{second}")

    def since(moment: str) -> list[str] | int:
        answer = desk.call("GET", "/Accounts/deleted", headers={"if-modified-since": moment})
        return [one["id"] for one in answer.body["data"]] if answer.body else answer.status

    assert since("2026-02-03T09:10:11+00:00") == [second]
    assert since("2026-02-03T09:10:10+00:00") == [second, first]
    assert since("2026-02-03T09:11:11+00:00") == 304


def test_a_kind_of_deletion_that_there_is_not_is_refused(desk: Desk) -> None:
    assert desk.get("/Accounts/deleted", type="some").body["code"] == "INVALID_DATA"
