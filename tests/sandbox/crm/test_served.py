"""The CRM on a port: tokens, headers, files and messages, as those who call it meet them."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import msgspec
import pytest

from hub.sandbox.crm import Crm

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager

    from hub.sandbox.accounts import Accounts
    from hub.sandbox.world import World
    from tests.sandbox.conftest import Caller, Receiver

DEAL = {"Deal_Name": "D", "Stage": "Qualification"}


@pytest.fixture
async def call(
    serve: Callable[..., AbstractAsyncContextManager[Caller]], world: World, accounts: Accounts
) -> AsyncIterator[Caller]:
    """Give what makes calls to a CRM that runs."""
    async with serve(accounts, Crm(world, accounts)) as caller:
        yield caller


async def test_a_call_needs_a_token_that_is_alive(call: Caller, world: World) -> None:
    path = "/crm/v8/Deals?fields=Deal_Name"
    token = await call.token()

    nobody = await call("GET", path)
    someone = await call("GET", path, token=token)
    world.clock.advance(3600)
    late = await call("GET", path, token=token)
    books = await call("GET", path, token=await call.token("sandbox-books"))

    assert (nobody.status, nobody.body["code"]) == (401, "AUTHENTICATION_FAILURE")
    assert (someone.status, someone.body) == (204, b"")
    assert (late.status, late.body["code"]) == (401, "INVALID_TOKEN")
    assert (books.status, books.body["code"]) == (401, "OAUTH_SCOPE_MISMATCH")


async def test_a_watched_deal_is_told_to_the_address_of_the_channel(
    call: Caller, receiver: Receiver
) -> None:
    token = await call.token()
    channel = {
        "channel_id": "700000001",
        "events": ["Deals.all"],
        "notify_url": f"{receiver.url}?secret=s1",
        "token": "k3",
    }
    await call("POST", "/crm/v8/actions/watch", {"watch": [channel]}, token=token)

    made = await call("POST", "/crm/v8/Deals", {"data": [DEAL], "trigger": []}, token=token)

    told = await receiver.take()
    assert told["ids"] == [made.body["data"][0]["details"]["id"]]
    assert told["resource_uri"] == f"{call.base}/crm/v2/Deals"
    assert (told["token"], told["query_params"]) == ("k3", {"secret": "s1"})


async def test_the_trigger_of_a_write_is_shown_among_the_calls(call: Caller, world: World) -> None:
    await call("POST", "/crm/v8/Deals", {"data": [DEAL], "trigger": []}, token=await call.token())

    (kept,) = [one for one in world.calls if one.path == "/crm/v8/Deals"]
    assert msgspec.json.decode(kept.body)["trigger"] == []
    assert kept.status == 201


async def test_a_bulk_read_comes_as_a_zip(call: Caller, world: World) -> None:
    token = await call.token()
    await call("POST", "/crm/v8/Deals", {"data": [DEAL]}, token=token)
    query = {"query": {"module": {"api_name": "Deals"}, "fields": ["Deal_Name"]}}
    job = await call("POST", "/crm/bulk/v8/read", query, token=token)
    world.clock.advance(15)
    done = await call(
        "GET", f"/crm/bulk/v8/read/{job.body['data'][0]['details']['id']}", token=token
    )

    packed = await call("GET", done.body["data"][0]["result"]["download_url"], token=token)

    assert packed.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(packed.body)) as archive:
        assert archive.read(archive.namelist()[0]).endswith(b",D\n")


async def test_a_quirk_is_set_from_outside(call: Caller) -> None:
    wrong = await call("POST", "/_sandbox/quirks", {"system": "crm", "time_zone": "Mars/Base"})
    right = await call("POST", "/_sandbox/quirks", {"system": "crm", "time_zone": "Asia/Kolkata"})

    made = await call("POST", "/crm/v8/Deals", {"data": [DEAL]}, token=await call.token())

    assert wrong.status == 400
    assert "Europe/Lisbon" in wrong.body["error"]
    assert right.status == 200
    assert made.body["data"][0]["details"]["Modified_Time"].endswith("+05:30")
