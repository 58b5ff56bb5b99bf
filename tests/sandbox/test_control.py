from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.sandbox.control import INDEX

if TYPE_CHECKING:
    from hub.sandbox.world import World
    from tests.sandbox.conftest import Caller, Receiver, Shop


async def test_the_index_names_every_call_and_every_fault(call: Caller) -> None:
    index = (await call("GET", "/_sandbox")).body

    assert index["calls"] == INDEX
    assert index["notes"].keys() <= index["calls"].keys()
    assert "in silence" in index["notes"]["POST /_sandbox/put"]
    assert index["systems"]["shop"] == ["/shop/v1"]
    assert {"answer_lost", "webhook_late", "stream_gap"} <= set(index["faults"])


async def test_the_state_is_every_record_of_every_system_in_full(call: Caller, shop: Shop) -> None:
    lamp = shop.put("things", {"name": "lamp", "price": 12})

    assert (await call("GET", "/_sandbox/state")).body == {"systems": {"shop": {"things": [lamp]}}}


async def test_the_state_of_one_system_can_be_asked_for(call: Caller) -> None:
    said = await call("GET", "/_sandbox/state?system=accounts")

    assert list(said.body["systems"]) == ["accounts"]


async def test_records_are_searched_newest_first_and_counted(call: Caller, shop: Shop) -> None:
    for number in range(5):
        shop.put("things", {"name": f"LAMP {number}"})
    shop.put("things", {"name": "chair"})

    said = await call("GET", "/_sandbox/records?system=shop&kind=things&search=lamp&limit=2")

    assert said.body["count"] == 5
    assert [one["name"] for one in said.body["records"]] == ["LAMP 4", "LAMP 3"]


async def test_counts_are_told_without_the_records(call: Caller, shop: Shop) -> None:
    shop.put("things", {})

    said = await call("GET", "/_sandbox/counts")

    assert said.body["systems"] == {"shop": {"things": 1}}


async def test_calls_are_told_in_order_and_by_system_method_and_since(call: Caller) -> None:
    token = await call.token()
    await call("GET", "/shop/v1/things", token=token)
    await call("POST", "/shop/v1/things", {"a": 1}, token=token)

    every = (await call("GET", "/_sandbox/calls")).body
    posts = (await call("GET", "/_sandbox/calls?system=shop&method=POST")).body["calls"]
    later = (await call("GET", "/_sandbox/calls?since=2")).body["calls"]

    assert [one["n"] for one in every["calls"]] == [1, 2, 3]
    assert every["last"] == 3
    assert posts == later
    assert posts[0]["body"] == '{"a": 1}'
    assert {"n", "at", "system", "method", "path", "status", "body"} <= set(posts[0])


async def test_looking_at_the_sandbox_is_no_call(call: Caller, world: World) -> None:
    await call("GET", "/_sandbox/state")

    assert list(world.calls) == []


async def test_the_clock_is_moved_on_and_what_falls_due_happens(call: Caller, world: World) -> None:
    due: list[str] = []
    world.clock.at(world.clock.now(), lambda: due.append("now"))

    said = await call("POST", "/_sandbox/clock", {"advance_seconds": 86400})

    assert said.body == {"now": "2026-03-03T09:00:00+00:00"}
    assert due == ["now"]


async def test_a_person_edits_and_the_change_is_sent(
    call: Caller, shop: Shop, receiver: Receiver
) -> None:
    shop.told_at = receiver.url
    lamp = shop.put("things", {"name": "lamp"})

    said = await call(
        "POST",
        "/_sandbox/edit",
        {"system": "shop", "kind": "things", "id": lamp["id"], "fields": {"name": "light"}},
    )

    assert said.body["record"]["name"] == "light"
    assert (await receiver.take())["name"] == "light"


async def test_money_in_an_edit_never_becomes_a_float(call: Caller, shop: Shop) -> None:
    lamp = shop.put("things", {})

    said = await call(
        "POST",
        "/_sandbox/edit",
        data=f'{{"system":"shop","kind":"things","id":"{lamp["id"]}","fields":{{"price":0.10}}}}',
    )

    assert said.status == 200
    assert str(shop.kinds["things"][lamp["id"]]["price"]) == "0.10"


async def test_a_button_is_pushed(call: Caller, shop: Shop) -> None:
    lamp = shop.put("things", {})

    said = await call(
        "POST",
        "/_sandbox/act",
        {"system": "shop", "act": "sell", "kind": "things", "id": lamp["id"]},
    )

    assert said.body["record"]["acted"] == "sell"


async def test_a_record_is_put_without_a_word(call: Caller, shop: Shop, receiver: Receiver) -> None:
    shop.told_at = receiver.url

    said = await call(
        "POST", "/_sandbox/put", {"system": "shop", "kind": "things", "fields": {"name": "lamp"}}
    )

    assert said.body["record"]["name"] == "lamp"
    assert (await call("GET", "/_sandbox/hooks")).body["waiting"] == 0


async def test_people_are_set_to_work_and_sent_home(call: Caller, world: World) -> None:
    await call("POST", "/_sandbox/traffic", {"acts_per_minute": 60})
    at_work = await call("GET", "/_sandbox/traffic")
    await call("POST", "/_sandbox/reset")

    assert at_work.body == {"acts_per_minute": 60}
    assert world.acts_per_minute == 0


async def test_a_quirk_is_switched_and_the_others_stay(call: Caller, shop: Shop) -> None:
    before = shop.quirks

    said = await call("POST", "/_sandbox/quirks", {"system": "shop", "loud": False})

    assert said.body == {"systems": {"shop": {"loud": False}}}
    assert (before.loud, shop.quirks.loud) == (True, False)
    assert (await call("GET", "/_sandbox/quirks")).body["systems"]["shop"] == {"loud": False}


async def test_reset_forgets_everything_and_begins_anew(
    call: Caller, shop: Shop, world: World
) -> None:
    first = await call.token()
    await call("POST", "/shop/v1/things", {}, token=first)
    await call("POST", "/_sandbox/faults", {"system": "shop", "fault": "slow"})
    await call("POST", "/_sandbox/clock", {"advance_seconds": 60})

    said = await call("POST", "/_sandbox/reset")

    assert said.body == {"now": "2026-03-02T09:00:00+00:00"}
    assert shop.state() == {"things": []}
    assert list(world.calls) == []
    assert world.faults.on == []
    assert await call.token() == first  # chance begins anew too


@pytest.mark.parametrize(
    ("path", "body", "why"),
    [
        ("clock", b"{", 'Expected JSON like {"advance_seconds":86400}'),
        ("clock", b"{}", "missing required field `advance_seconds`"),
        ("clock", b'{"advance_seconds":"1"}', "Expected `float`, got `str`"),
        ("clock", b'{"advance_seconds":-1}', "the clock never goes back), found -1"),
        ("edit", b'{"system":"shop","kind":"things","id":"1","fields":{}}', "no '1' among"),
        ("edit", b'{"system":"shop","kind":"things","id":1,"fields":{}}', "Expected `str`"),
        ("act", b'{"system":"","act":"sell"}', "system: expected one of accounts, shop; found ''"),
        ("act", b'{"system":"shop","act":"delete","kind":"no","id":"1"}', "KeyError('no')"),
        ("quirks", b'{"system":"shop","lout":true}', "expected one of loud; found 'lout'. Did you"),
        ("quirks", b'{"system":"shop","loud":1}', "Expected `bool`, got `int`"),
        ("quirks", b'{"loud":' + b"[" * 100_000, "nested too deeply"),
        ("quirks", b'{"loud":true}', "system: expected one of"),
        ("seed", b'{"customers":-1}', "customers: expected 0 to"),
        ("traffic", b'{"acts_per_minute":-1}', "expected 0 to 60000, found -1"),
        ("grant", b'{"scope":""}', "scope: expected scopes"),
        ("grant", b'{"scope":"a.b.READ","seconds":601}', "at most 600, found 601"),
    ],
)
async def test_what_is_asked_wrongly_is_answered_with_a_sentence(
    call: Caller, path: str, body: bytes, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL")

    said = await call("POST", f"/_sandbox/{path}", data=body)

    assert said.status == 400
    assert why in said.body["error"]


@pytest.mark.parametrize(
    "path",
    [
        "calls?since=x",
        "state?system=shop2",
        "records?system=shop&kind=nothing",
        "records?system=shop&kind=things&limit=-1",
    ],
)
async def test_a_query_that_cannot_be_is_answered_with_a_sentence(call: Caller, path: str) -> None:
    said = await call("GET", f"/_sandbox/{path}")

    assert said.status == 400
    assert "expected" in said.body["error"]


@pytest.mark.parametrize(("method", "path"), [("GET", "/_sandbox/nope"), ("PUT", "/_sandbox/seed")])
async def test_what_is_not_there_is_answered_with_what_is(
    call: Caller, method: str, path: str
) -> None:
    said = await call(method, path)

    assert said.status == 404
    assert "POST /_sandbox/seed" in said.body["expected"]
