"""What is told of each transaction, to whoever listens."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.sandbox.salesforce.desk import Desk

STAMPS = {"LastModifiedDate"}


def test_a_change_by_a_call_says_who_by_which_way_and_what(desk: Desk) -> None:
    account = desk.create("Account", Name="Faro", Phone="1")
    desk.world.clock.advance(5)
    desk.patch(f"/sobjects/Account/{account}", {"Phone": None, "AnnualRevenue": 12})

    made, changed = desk.told
    [create], [update] = made.changes, changed.changes
    assert (create.entity, create.ids, create.change_type) == ("Account", (account,), "CREATE")
    assert (create.changed, create.values["Name"]) == ((), "Faro")
    assert set(update.changed) == {"Phone", "AnnualRevenue"} | STAMPS
    assert (update.nulled, update.values["AnnualRevenue"]) == (("Phone",), Decimal(12))
    assert changed.caller.origin == "com/salesforce/api/rest/67.0;client=Test"
    assert changed.number > made.number
    assert changed.key != made.key


def test_what_is_undone_is_not_told(desk: Desk) -> None:
    rows = [{"attributes": {"type": "Account"}, "Name": name} for name in ("A", None)]

    desk.post("/composite/sobjects", {"records": rows, "allOrNone": True})

    assert desk.told == []


def test_a_transaction_is_told_whole_in_its_order(desk: Desk) -> None:
    deal, entry = desk.deal()
    desk.told.clear()

    desk.create("OpportunityLineItem", OpportunityId=deal, PricebookEntryId=entry, Quantity=2)

    [one] = desk.told
    assert [(each.sequence, each.entity, each.change_type) for each in one.changes] == [
        (1, "OpportunityLineItem", "CREATE"), (2, "Opportunity", "UPDATE"),
    ]  # fmt: skip
    assert one.changes[1].values["Amount"] == 200


def test_records_that_change_alike_share_a_change(desk: Desk) -> None:
    ids = [desk.create("Account", Name=name) for name in ("A", "B")]
    desk.told.clear()
    desk.world.clock.advance(5)
    rows = [{"attributes": {"type": "Account"}, "id": one, "Phone": "7"} for one in ids]

    desk.patch("/composite/sobjects", {"records": rows})

    [[change]] = [one.changes for one in desk.told]
    assert change.ids == tuple(ids)


def test_people_have_no_origin_and_what_is_placed_is_not_told(desk: Desk) -> None:
    placed = desk.salesforce.put("Account", {"Name": "Faro"})
    desk.salesforce.edit("Account", placed["Id"], {"Phone": "1"})

    [one] = desk.told
    assert (one.caller.origin, one.caller.client) == ("", "")


def test_deleting_and_bringing_back_are_told_as_such(desk: Desk) -> None:
    account = desk.create("Account", Name="Faro")
    desk.delete(f"/sobjects/Account/{account}")
    desk.salesforce.act("undelete", "Account", account, {})

    _, gone, back = (one.changes[0] for one in desk.told)
    assert (gone.change_type, dict(gone.values)) == ("DELETE", {})
    assert (back.change_type, back.values["Name"]) == ("UNDELETE", "Faro")


def test_what_takes_long_is_seen_late_under_an_early_stamp(desk: Desk) -> None:
    account = desk.create("Account", Name="Faro")
    desk.world.clock.advance(60)
    desk.salesforce.act("slow_edit", "Account", account, {"fields": {"Phone": "1"}, "seconds": 300})
    desk.world.clock.advance(200)
    other = desk.create("Account", Name="Evora")
    desk.world.clock.advance(200)

    rows = desk.rows("SELECT Id, Phone FROM Account ORDER BY SystemModstamp")

    assert rows == [{"Id": account, "Phone": "1"}, {"Id": other, "Phone": None}]
