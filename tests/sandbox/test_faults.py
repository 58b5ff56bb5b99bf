from __future__ import annotations

import asyncio
from random import Random
from typing import TYPE_CHECKING

import aiohttp
import pytest

from hub.sandbox.faults import Dial, Fault

if TYPE_CHECKING:
    from hub.sandbox.world import World
    from tests.sandbox.conftest import Caller, Receiver, Shop


async def test_a_lost_answer_was_applied(call: Caller, shop: Shop) -> None:
    token = await call.token()
    await _fault(call, fault="answer_lost", method="POST", count=1)

    with pytest.raises(aiohttp.ClientError):
        await call("POST", "/shop/v1/things", {"name": "lamp"}, token=token)
    again = await call("POST", "/shop/v1/things", {"name": "lamp"}, token=token)

    assert again.status == 201
    assert len(shop.state()["things"]) == 2


async def test_a_refused_connection_applied_nothing_and_is_recorded_as_0(
    call: Caller, shop: Shop, world: World
) -> None:
    token = await call.token()
    await _fault(call, fault="connection_refused", count=1)

    with pytest.raises(aiohttp.ClientError):
        await call("POST", "/shop/v1/things", {}, token=token)

    assert shop.state()["things"] == []
    assert world.calls[-1].status == 0


@pytest.mark.parametrize(
    ("fault", "status"),
    [("http_500", 500), ("http_503", 503), ("rate_limited", 429), ("token_expired", 429)],
)
async def test_a_failure_is_told_in_the_words_of_the_system_and_applies_nothing(
    call: Caller, shop: Shop, fault: str, status: int
) -> None:
    token = await call.token()
    await _fault(call, fault=fault)

    said = await call("POST", "/shop/v1/things", {}, token=token)

    assert (said.status, said.body) == (status, {"oh": 1})
    assert shop.state()["things"] == []


async def test_a_slow_answer_is_applied_before_it_is_given(call: Caller) -> None:
    token = await call.token()
    await _fault(call, fault="slow", seconds=0.3, count=1)

    making = asyncio.create_task(call("POST", "/shop/v1/things", {}, token=token))
    while not (await call("GET", "/_sandbox/state")).body["systems"]["shop"]["things"]:
        pass

    assert not making.done()
    assert (await making).status == 201


async def test_a_fault_keeps_to_its_system_path_and_method(call: Caller) -> None:
    token = await call.token()
    await _fault(call, fault="http_500", path="/things", method="POST")

    assert (await call("GET", "/shop/v1/things", token=token)).status == 200
    assert (await call("POST", "/shop/v1/others", {}, token=token)).status == 201
    assert (await call("POST", "/shop/v1/things", {}, token=token)).status == 500
    assert await call.token()


async def test_all_is_well_when_the_faults_are_off(call: Caller) -> None:
    token = await call.token()
    await _fault(call, fault="http_500")

    off = await call("DELETE", "/_sandbox/faults")

    assert off.body == {"faults": []}
    assert (await call("GET", "/shop/v1/things", token=token)).status == 200


async def test_a_lost_webhook_is_kept_as_failed(
    call: Caller, shop: Shop, receiver: Receiver
) -> None:
    shop.told_at = receiver.url
    thing = shop.put("things", {})
    await _fault(call, fault="webhook_lost", count=1)

    shop.edit("things", thing["id"], {"n": 1})
    shop.edit("things", thing["id"], {"n": 2})

    assert (await receiver.take())["n"] == 2
    failed = (await call("GET", "/_sandbox/hooks")).body["failed"]
    assert [one["outcome"] for one in failed] == ["lost, as the fault says"]


async def test_a_duplicated_webhook_comes_twice(
    call: Caller, shop: Shop, receiver: Receiver
) -> None:
    shop.told_at = receiver.url
    thing = shop.put("things", {})
    await _fault(call, fault="webhook_duplicated", count=1)

    shop.edit("things", thing["id"], {"n": 1})

    assert [(await receiver.take())["n"] for _ in range(2)] == [1, 1]


async def test_a_reordered_webhook_is_overtaken_by_the_next(
    call: Caller, shop: Shop, receiver: Receiver
) -> None:
    shop.told_at = receiver.url
    thing = shop.put("things", {})
    await _fault(call, fault="webhook_reordered", count=1)

    shop.edit("things", thing["id"], {"n": 1})
    shop.edit("things", thing["id"], {"n": 2})

    assert [(await receiver.take())["n"] for _ in range(2)] == [2, 1]


@pytest.mark.parametrize("fault", ["webhook_late", "webhook_reordered"])
async def test_a_late_webhook_comes_when_the_clock_gets_there(
    call: Caller, shop: Shop, receiver: Receiver, fault: str
) -> None:
    shop.told_at = receiver.url
    thing = shop.put("things", {})
    await _fault(call, fault=fault, count=1, seconds=600)
    shop.edit("things", thing["id"], {"n": 1})

    await call("POST", "/_sandbox/clock", {"advance_seconds": 599})
    before = (await call("GET", "/_sandbox/hooks")).body["posted"]
    await call("POST", "/_sandbox/clock", {"advance_seconds": 1})

    assert before == []
    assert (await receiver.take())["n"] == 1


async def test_what_happens_at_once_is_an_act_of_the_system(call: Caller, shop: Shop) -> None:
    said = await _fault(call, fault="channel_expired")

    assert said == []
    assert shop.acts == [("channel_expired", "", "", {})]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"system": "shop"}, "missing required field `fault`"),
        ({"system": "shop", "fault": "http_5000"}, "Did you mean http_500?"),
        ({"system": "shoe", "fault": "slow"}, "Did you mean shop?"),
        ({"system": "shop", "fault": "slow", "rat": 1}, "unknown field `rat`"),
        ({"system": "shop", "fault": "slow", "rate": 1.5}, "rate: expected 0 to 1, found 1.5"),
        ({"system": "shop", "fault": "slow", "count": 0}, "count: expected 1 or more"),
        ({"system": "shop", "fault": "slow", "seconds": -1}, "seconds: expected 0 or more"),
    ],
)
async def test_a_fault_that_cannot_be_is_refused_with_a_sentence(
    call: Caller, wrong: dict[str, object], why: str
) -> None:
    said = await call("POST", "/_sandbox/faults", wrong)

    assert said.status == 400
    assert why in said.body["error"]
    assert (await call("GET", "/_sandbox/faults")).body == {"faults": []}


def test_a_rate_hits_as_often_as_it_says_and_the_same_calls_for_the_same_seed() -> None:
    def hits(seed: int) -> list[bool]:
        dial = Dial(Random(seed))
        dial.add(Fault(system="shop", fault="http_500", rate=0.3))
        return [dial.of_call("shop", "GET", "/x") is not None for _ in range(1000)]

    assert 250 < sum(hits(1)) < 350
    assert hits(1) == hits(1) != hits(2)


def test_a_method_may_be_written_in_any_case() -> None:
    dial = Dial(Random(1))
    dial.add(Fault(system="shop", fault="slow", method="post"))

    assert dial.of_call("shop", "GET", "/shop/v1/things") is None
    assert dial.of_call("shop", "POST", "/shop/v1/things") is not None


def test_a_count_is_used_up() -> None:
    dial = Dial(Random(1))
    dial.add(Fault(system="shop", fault="slow", count=2))

    assert [dial.of_call("shop", "GET", "/x") is not None for _ in range(3)] == [True, True, False]
    assert dial.on == []


async def _fault(call: Caller, **fault: object) -> object:
    said = await call("POST", "/_sandbox/faults", {"system": "shop", **fault})
    assert said.status == 200, said.body
    return said.body["faults"]
