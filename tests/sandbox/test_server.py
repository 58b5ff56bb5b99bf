from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest

from hub.errors import Refused
from hub.sandbox.notify.mail import Mail
from hub.sandbox.server import HOST, running
from hub.sandbox.systems import all_systems
from hub.sandbox.world import World

if TYPE_CHECKING:
    from tests.sandbox.conftest import Caller, Receiver, Shop


async def test_a_call_goes_to_the_system_whose_path_it_is(call: Caller) -> None:
    token = await call.token()

    made = await call("POST", "/shop/v1/things", {"name": "lamp"}, token=token)
    seen = await call("GET", "/shop/v1/things", token=token)

    assert made.status == 201
    assert seen.body == {"things": [made.body]}
    assert seen.headers["content-type"] == "application/json;charset=UTF-8"
    assert seen.headers["x-left"] == "7"


async def test_a_system_is_shown_the_call_as_it_came(call: Caller) -> None:
    token = await call.token()

    said = await call("GET", "/shop/v1/echo?a=1%2B1&a=2&b=", token=token)

    assert said.body["path"] == "/shop/v1/echo"
    assert said.body["query"] == [["a", "1+1"], ["a", "2"], ["b", ""]]
    assert said.body["query_string"] == "a=1%2B1&a=2&b="
    assert said.body["headers"]["authorization"].endswith(token)
    assert said.body["base"] == call.base


async def test_an_answer_may_be_empty_or_bytes(call: Caller) -> None:
    token = await call.token()

    empty = await call("GET", "/shop/v1/empty", token=token)
    file = await call("GET", "/shop/v1/file", token=token)

    assert (empty.status, empty.body) == (204, b"")
    assert (file.body, file.headers["content-type"]) == (b"a,b", "text/csv")


async def test_a_path_of_nobody_is_told_what_there_is(call: Caller) -> None:
    said = await call("GET", "/shopping/v1/things")

    assert said.status == 404
    assert "/shop/v1" in said.body["expected"]


async def test_a_mistake_of_the_sandbox_is_an_answer_and_the_next_call_is_served(
    call: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    token = await call.token()

    with caplog.at_level(logging.CRITICAL):
        broken = await call("GET", "/shop/v1/broken", token=token)
    after = await call("GET", "/shop/v1/things", token=token)

    assert (broken.status, after.status) == (500, 200)
    assert "ZeroDivisionError" in broken.body["error"]


async def test_every_call_is_recorded_with_what_was_answered(call: Caller, world: World) -> None:
    token = await call.token()
    await call("POST", "/shop/v1/things?x=1", {"name": "lamp"}, token=token)
    await call("GET", "/shop/v1/things")

    first, second, third = world.calls

    assert (first.n, first.system, first.path) == (1, "accounts", "/oauth/v2/token")
    assert (second.method, second.path, second.query) == ("POST", "/shop/v1/things", "x=1")
    assert (second.status, second.body) == (201, '{"name": "lamp"}')
    assert (third.n, third.status) == (3, 401)


async def test_a_system_that_counts_calls_in_flight_is_told_of_begin_and_end(
    call: Caller, shop: Shop
) -> None:
    await call("GET", "/shop/v1/things")

    assert len(shop.begun) == 1
    assert shop.begun == shop.ended


async def test_what_a_system_sends_is_posted_and_it_is_told_the_status(
    call: Caller, shop: Shop, receiver: Receiver
) -> None:
    shop.told_at = receiver.url
    token = await call.token()

    await call("POST", "/shop/v1/things", {"name": "lamp"}, token=token)

    assert (await receiver.take())["name"] == "lamp"
    hooks = await _settled(call)
    assert (hooks["failed"], shop.told) == ([], [200])
    assert [(one["status"], one["outcome"]) for one in hooks["posted"]] == [(200, "delivered")]


async def test_a_hook_is_tried_once_and_kept_with_why_it_failed(
    call: Caller, shop: Shop, receiver: Receiver
) -> None:
    receiver.status = 500
    shop.told_at = receiver.url
    thing = shop.put("things", {})

    shop.edit("things", thing["id"], {"n": 1})
    await receiver.take()
    shop.told_at = "http://127.0.0.1:1/nobody"
    shop.edit("things", thing["id"], {"n": 2})
    hooks = await _settled(call, 2)

    assert [one["outcome"][:13] for one in hooks["failed"]] == ["refused with ", "not delivered"]
    assert shop.told == [500, 0]
    assert receiver.is_empty


async def test_a_hook_on_its_way_when_all_is_forgotten_is_not_told_of(
    call: Caller, shop: Shop, receiver: Receiver
) -> None:
    shop.told_at = receiver.url
    receiver.may_answer.clear()
    shop.edit("things", shop.put("things", {})["id"], {"n": 1})
    await receiver.take()

    await call("POST", "/_sandbox/reset")
    receiver.may_answer.set()
    while (hooks := (await call("GET", "/_sandbox/hooks")).body)["waiting"]:
        pass

    assert hooks == {"waiting": 0, "posted": [], "failed": []}
    assert shop.told == []


async def test_hooks_of_before_it_ran_go_out_when_it_runs(
    world: World, shop: Shop, receiver: Receiver
) -> None:
    shop.told_at = receiver.url
    thing = shop.put("things", {})
    shop.edit("things", thing["id"], {"n": 1})

    async with running(world, [shop], port=0):
        told = await receiver.take()

    assert told["n"] == 1


async def test_a_port_in_use_is_refused_with_what_to_do(world: World, shop: Shop) -> None:
    async with running(world, [shop], port=0) as base:
        port = int(base.rpartition(":")[2])
        with pytest.raises(Refused, match=f"--port {port + 1}"):
            async with running(World(), [shop], port=port):
                pass


def test_all_systems_stand_on_paths_that_do_not_collide() -> None:
    systems = all_systems(World())

    prefixes = [prefix for system in systems for prefix in system.prefixes]
    assert len(prefixes) == len(set(prefixes))
    assert len({system.name for system in systems}) == len(systems)


async def _settled(call: Caller, count: int = 1) -> dict[str, Any]:
    """Ask until so many hooks have been posted."""
    while True:
        hooks = (await call("GET", "/_sandbox/hooks")).body
        if len(hooks["posted"]) >= count:
            assert isinstance(hooks, dict)
            return hooks


async def test_the_mail_of_a_second_world_listens_beside_that_of_the_first() -> None:
    first, second = Mail(World(1)), Mail(World(1))

    async with first.listening(HOST, any_port=False), second.listening(HOST, any_port=False):
        assert first.port != second.port > 0
