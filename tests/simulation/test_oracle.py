"""The oracle finds what is wrong in worlds that no hub looks after."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from hub.flows.load.document import templates
from hub.simulate.clocks import played_in_modules
from hub.simulate.companies import SIDES, fields, newcomer
from hub.simulate.ground import FOUR, TWO, Ground, a_ground
from hub.simulate.oracle.judge import judge
from hub.simulate.oracle.order import went_back
from hub.simulate.oracle.tables import rebuilt
from hub.simulate.oracle.view import View
from hub.simulate.people import People
from hub.simulate.played_time import PlayedClock, run_played
from hub.simulate.run import Plan, simulate
from hub.simulate.story import Story
from hub.simulate.support import invoiced_as

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from hub.database import Database
    from hub.sandbox.world import Call
    from hub.simulate.oracle.view import Broken
    from hub.simulate.postgres import Postgres

RANDOM = Random(1)


class Scene:
    """The vendors, with one company that both sides say the same of."""

    def __init__(self, ground: Ground, story: Story) -> None:
        self.ground = ground
        self.story = story
        self.people = People(ground, RANDOM, story)
        self.account = self.enter("crm", "Accounts")
        self.contact = self.enter("books", "contacts")

    def enter(self, side: str, kind: str) -> dict[str, str]:
        whose = {"organization_id": self.ground.organization} if side == "books" else {}
        made = self.ground.systems[side].put(kind, newcomer(side, "K001") | whose)
        self.people.made.add((side, str(made[SIDES[side][1]])))
        return made

    def say(self, side: str, field: str, value: str) -> None:
        kind, id_ = ("Accounts", self.account["id"])
        if side == "books":
            kind, id_ = ("contacts", self.contact["contact_id"])
        self.ground.systems[side].edit(kind, id_, fields(side, field, value))


def judged(
    act: Callable[[Scene], None],
    waiting: frozenset[str] = frozenset(),
    since: int = 0,
    sides: Sequence[str] = TWO,
) -> list[Broken]:
    clock = PlayedClock(datetime(2026, 3, 2, tzinfo=UTC))

    async def look(_: object) -> list[Broken]:
        async with a_ground(1, sides) as ground:
            scene = Scene(ground, Story(clock))
            act(scene)
            view = View(ground, scene.people, scene.story, set(waiting))
            return judge(view, set(templates()), set(templates()), since)

    with played_in_modules(clock):
        return run_played(clock, look)


def test_nothing_is_broken_where_both_sides_agree() -> None:
    assert judged(lambda _: None) == []


@pytest.mark.parametrize("field", ["name", "website", "street", "city"])
def test_p11_sides_that_show_different_values_are_found(field: str) -> None:
    (broken,) = judged(lambda scene: scene.say("crm", field, "K001 other"))

    assert broken.promise == "P11"


def test_p7_an_edit_that_was_dropped_is_found() -> None:
    def drop(scene: Scene) -> None:
        scene.story.edited("K001", "crm", "website", "https://new.example")

    (broken,) = judged(drop)

    assert broken.promise == "P7"


def test_p7_of_two_edits_at_once_either_may_stand_unless_the_owner_was_last() -> None:
    def edit(scene: Scene) -> None:
        scene.story.edited("K001", "crm", "website", "https://k001.example")
        scene.story.edited("K001", "books", "website", "https://new.example")

    def edit_by_owner(scene: Scene) -> None:
        scene.story.edited("K001", "books", "website", "https://k001.example")
        scene.story.edited("K001", "crm", "website", "https://new.example")

    assert judged(edit) == []
    assert [one.promise for one in judged(edit_by_owner)] == ["P7"]


@pytest.mark.parametrize(("minutes", "shown", "broken"), [(40, "", []), (90, "", ["P7"]),
    (40, "https://k001.example", ["P7"])])  # fmt: skip
def test_p7_an_edit_was_made_at_once_with_another_that_it_was_not_shown(
    minutes: int, shown: str, broken: list[str]
) -> None:
    def edit(scene: Scene) -> None:
        scene.story.edited("K001", "crm", "website", "https://k001.example")
        first = scene.story.edits[-1]
        earlier = first.at - timedelta(minutes=minutes)
        scene.story.edits[-1] = msgspec.structs.replace(first, at=earlier)
        scene.story.edited("K001", "books", "website", "https://new.example", shown)

    assert [one.promise for one in judged(edit)] == broken


def test_p7_an_edit_that_was_undone_at_once_may_go_unseen() -> None:
    def undo(scene: Scene) -> None:
        scene.story.edited("K001", "books", "website", "https://k001.example")
        since = len(scene.story.edits)
        scene.story.edited("K001", "crm", "website", "https://new.example")
        scene.story.edited("K001", "crm", "website", "https://old.example")
        scene.story.undone(since)

    def leave(scene: Scene) -> None:
        undo(scene)
        for side in ("crm", "books"):
            scene.say(side, "website", "https://new.example")

    assert judged(undo) == []
    assert [one.promise for one in judged(leave)] == ["P7"]


def test_p8_a_record_that_was_told_an_older_word_after_a_newer_one_is_found() -> None:
    def go_back(scene: Scene) -> None:
        for number in (1, 2):
            scene.story.edited("K001", "crm", "city", f"Porto {number}")
        for number in (2, 1, 2):
            write(scene, {"billing_address": {"city": f"Porto {number}"}})
        for side in ("crm", "books"):
            scene.say(side, "city", "Porto 2")

    (broken,) = judged(go_back, since=3)

    assert broken.promise == "P8"
    assert "went back to 'Porto 1'" in broken.sentence


def test_p8_what_was_written_before_a_field_was_edited_is_no_step_back() -> None:
    def edit_and_take_back(scene: Scene) -> None:
        write(scene, {"billing_address": {"city": "Lisboa"}})  # beside another part of it
        loop: Any = asyncio.get_running_loop()
        loop.clock.advance(2)
        for city in ("Porto", "Lisboa"):
            scene.story.edited("K001", "crm", "city", city)
            write(scene, {"billing_address": {"city": city}})
            for side in ("crm", "books"):
                scene.say(side, "city", city)

    assert judged(edit_and_take_back, since=3) == []


@pytest.mark.parametrize("written", [["a"], ["b"], ["a", "a", "b"], ["x", "b", "a", "a"]])
def test_p8_what_is_left_out_repeated_or_said_again_is_no_step_back(written: list[str]) -> None:
    assert went_back(["a", "b", "a"], written) is None


def write(scene: Scene, body: dict[str, object]) -> None:
    scene.ground.world.record(
        system="books", method="PUT", path=f"/books/v3/contacts/{scene.contact['contact_id']}",
        query="", status=200, body=msgspec.json.encode(body).decode(),
    )  # fmt: skip


LIST, SEARCH = "/books/v3/contacts", "/crm/v8/Accounts/search"
TICKETS, QUERY = "/api/v1/tickets", "/services/data/v67.0/query"


@pytest.mark.parametrize(
    ("path", "count", "quirks", "said"),
    [
        (SEARCH, 4, {"credits_per_day": 3}, "4 credits in 1 day"),
        (LIST, 101, {}, "101 calls in 0:01:00"),
        (LIST, 4, {"calls_per_day": 3}, "4 calls on "),
        (TICKETS, 2, {"credits_per_day": 5}, "6 credits on "),
        (QUERY, 4, {"calls_per_day": 3}, "4 calls in 1 day"),
    ],
)
def test_p9_more_than_a_vendor_allows_in_its_time_is_found(
    path: str, count: int, quirks: dict[str, int], said: str
) -> None:
    (broken,) = judged(lambda scene: called(scene, path, count, quirks), sides=FOUR)

    assert broken.promise == "P9"
    assert said in broken.sentence
    assert judged(lambda scene: called(scene, path, count - 1, quirks), sides=FOUR) == []


@pytest.mark.parametrize(
    ("path", "most", "quirks", "lasts_seconds"),
    [
        ("/crm/v8/Accounts", 3, {"calls_at_once": 3}, 0),
        (SEARCH, 10, {}, 0),
        (LIST, 10, {}, 0),
        (TICKETS, 3, {"calls_at_once": 3}, 0),
        (QUERY, 25, {}, 20),
    ],
)
def test_p9_more_at_a_time_than_a_vendor_allows_is_found(
    path: str, most: int, quirks: dict[str, int], lasts_seconds: int
) -> None:
    def at_once(count: int) -> list[Broken]:
        return judged(lambda scene: called(scene, path, count, quirks, lasts_seconds), sides=FOUR)

    (broken,) = at_once(most + 1)

    assert broken.promise == "P9"
    assert f"{most + 1} " in broken.sentence
    assert "at a time" in broken.sentence
    assert at_once(most) == []


def called(
    scene: Scene,
    path: str,
    count: int,
    quirks: dict[str, int],
    lasts_seconds: int | None = None,
) -> None:
    """Have a vendor called so often; all at once where it is said how long one lasts."""
    world = scene.ground.world
    (system,) = (one for one, begin in BEGINS.items() if path.startswith(begin))

    def comes() -> Call:
        return world.record(
            system=system, method="GET", path=path, query="", status=200, body="",
            came=world.step(),
        )  # fmt: skip

    played = scene.ground.systems[system]
    played.quirks = msgspec.structs.replace(played.quirks, **quirks)
    calls = []
    for _ in range(count):
        calls.append(comes())
        if lasts_seconds is None:
            calls[-1].went = world.step()
    if lasts_seconds:
        world.clock.advance(lasts_seconds)
        comes()
    for one in calls:
        one.went = one.went or world.step()


BEGINS = {"crm": "/crm/", "books": "/books/", "desk": "/api/", "salesforce": "/services/"}


def test_p6_a_second_customer_that_nobody_entered_is_found() -> None:
    def make_twice(scene: Scene) -> None:
        scene.people.made.clear()
        scene.ground.books.put("contacts", newcomer("books", "K001") | {"contact_name": "K001 2"})

    assert "P6" in {one.promise for one in judged(make_twice)}


def test_p11_a_person_who_is_on_one_side_only_is_found() -> None:
    def enter(scene: Scene) -> None:
        person = {"Last_Name": "P001", "Account_Name": {"id": scene.account["id"]}}
        scene.ground.crm.act("create", "Contacts", "", person)

    (broken,) = judged(enter)

    assert (broken.promise, broken.company) == ("P11", "P001")


def test_p11_a_deal_and_an_account_that_do_not_say_what_is_owed_are_found() -> None:
    def send_invoice(scene: Scene) -> None:
        line = {"name": "Setup", "rate": 100, "quantity": 1}
        customer = {"customer_id": scene.contact["contact_id"], "date": "2026-03-02"}
        made = scene.ground.books.act(
            "create", "invoices", "", customer | {"line_items": [line], "status": "sent"}
        )
        deal = {
            "Deal_Name": "Deal 1",
            "Books_Invoice_Id": made["invoice_id"],
            "Stage": "Closed Won",
        }
        scene.ground.crm.put("Deals", deal)

    assert {one.company for one in judged(send_invoice)} == {"Deal 1", "K001"}


def test_p11_a_third_side_that_shows_another_value_is_found() -> None:
    def enter(scene: Scene) -> None:
        scene.enter("desk", "accounts")
        account = scene.enter("salesforce", "Account")
        changed = fields("salesforce", "city", "Porto")
        scene.ground.systems["salesforce"].edit("Account", account["Id"], changed)

    (broken,) = judged(enter, sides=FOUR)

    assert (broken.promise, broken.company) == ("P11", "K001")


def test_p6_a_company_that_was_made_where_only_people_enter_them_is_found() -> None:
    def make(scene: Scene) -> None:
        scene.ground.systems["desk"].put("accounts", newcomer("desk", "K001"))

    (broken,) = judged(make, sides=FOUR)

    assert broken.promise == "P6"


def test_p10_a_ticket_that_was_closed_and_is_forgotten_is_found() -> None:
    def close(scene: Scene) -> None:
        account = scene.enter("desk", "accounts")
        scene.people.support.enter_past(RANDOM, account)
        done = {"status": "Closed", "cf": {"cf_billable": "Yes"}}
        for ticket in scene.ground.rows("desk", "tickets"):
            scene.ground.systems["desk"].edit("tickets", ticket["id"], done)
            scene.people.support.done.add(invoiced_as(ticket))

    assert {one.promise for one in judged(close, sides=FOUR)} == {"P10"}


def test_p16_an_invoice_that_comes_to_something_else_than_its_deal_is_found() -> None:
    def invoiced(line: dict[str, object], quote: dict[str, object]) -> list[Broken]:
        return judged(lambda scene: invoice_of_a_quote(scene, line, quote))

    line = {"name": "Survey", "rate": 100, "quantity": 2}
    quote = {"Quantity": 2, "List_Price": Decimal(100), "Line_Tax": [{"name": "VAT 23"}]}

    untaxed = invoiced(line, quote)
    other_lines = invoiced(line | {"quantity": 1}, quote | {"Line_Tax": []})
    the_same = invoiced(line, quote | {"Line_Tax": []})

    assert [one.promise for one in (*untaxed, *other_lines)] == ["P16", "P16"]
    assert "comes to 200.00, a tax of 46.00, 246.00 in all" in untaxed[0].sentence
    assert the_same == []


def invoice_of_a_quote(scene: Scene, line: dict[str, object], row: dict[str, object]) -> None:
    account = {"Account_Name": {"id": scene.account["id"]}}
    deal = scene.ground.crm.put(
        "Deals", account | {"Deal_Name": "Deal 1", "Stage": "Closed Won", "Amount": 200}
    )
    product = scene.ground.crm.put("Products", {"Product_Name": "Survey", "Unit_Price": 100})
    rows = [{"Product_Name": {"id": product["id"]}, **row}]
    quote = {"Subject": "Survey", "Quote_Stage": "Confirmed", "Quoted_Items": rows}
    scene.ground.crm.put("Quotes", quote | {"Deal_Name": {"id": deal["id"]}})
    customer = {"customer_id": scene.contact["contact_id"], "date": "2026-03-02"}
    invoice = customer | {"reference_number": "Deal 1", "line_items": [line]}
    scene.ground.books.act("create", "invoices", "", invoice)


def test_p5_a_row_that_the_log_does_not_say_is_found(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def changed_by_hand(database: Database) -> list[Broken]:
        async with database.connected("owner") as db:
            await db.execute("update links set part = 'GBP' where kind = 'Accounts'")
        return await rebuilt(database)

    monkeypatch.setattr("hub.simulate.run.rebuilt", changed_by_hand)

    plan = Plan(seed=1, minutes=0, companies=1, faults=0, deaths=0)
    broken = simulate(plan, postgres, tmp_path).broken

    assert [one.promise for one in broken] == ["P5"]
    assert "links is another when it is made anew: 1 rows go, 1 come" in broken[0].sentence


def test_what_waits_for_a_person_is_not_broken() -> None:
    found: list[str] = []

    def part(scene: Scene) -> None:
        scene.say("crm", "website", "https://other.example")
        found.append(f"crm.Accounts/{scene.account['id']}")

    assert judged(part)
    assert judged(part, frozenset(found)) == []
