"""What comes to a hook and is not as it should be: a sentence for who sent it, and nothing kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.inbound.ground import a_ground
from tests.inbound.played_hub import NEVER, a_hub_on, signed, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hub.settings import Settings
    from tests.inbound.played_hub import PlayedHub

CONTACT = {
    "contact_id": "77",
    "contact_name": "Ann",
    "last_modified_time": "2026-01-02T03:04:05+0000",
}
NOTICE = {"module": "Accounts", "ids": ["88"], "operation": "update", "channel_id": "1"}
KINDS = {"crm": ("Accounts",), "books": ("contacts",)}
DEEP = b'{"contact":' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@pytest.fixture
async def hub(place: Settings) -> AsyncIterator[PlayedHub]:
    async with (
        a_ground(customers=0) as ground,
        a_hub_on(ground, place, kinds=KINDS, poll_seconds=NEVER) as hub,
    ):
        await hub.listening()
        yield hub


async def test_a_webhook_of_books_that_cannot_be_taken_is_refused_in_a_sentence(
    hub: PlayedHub,
) -> None:
    unsigned, another = "not signed with this connection's secret", "a webhook of Zoho Books was"
    huge = {"contact": CONTACT | {"notes": "n" * 10_000_000}}
    for what, (body, headers), status, sentence in (
        ("another secret", signed({"contact": CONTACT}, "another"), 401, unsigned),
        ("no signature", (signed({"contact": CONTACT})[0], {}), 401, unsigned),
        ("not JSON", signed(b"not JSON"), 400, another),
        ("a list", signed(b"[1]"), 400, another),
        ("nothing", signed(b""), 400, another),
        ("not UTF-8", signed(b"\xff\xfe"), 400, another),
        ("a number for a record", signed({"contact": 5}), 400, "not what books sends"),
        ("no id", signed({"contact": {"notes": "no id"}}), 400, "without its contact_id"),
        ("very deep", signed(DEEP), 400, "not what books sends"),
        ("an id of NUL", signed({"contact": CONTACT | {"contact_id": "\0"}}), 400, "record"),
        ("10 MB", signed(huge), 413, "bytes are taken"),
    ):
        answered, text, _ = await hub.post("books", body, headers)

        assert answered == status, (what, text)
        assert sentence in json.loads(text)["error"], (what, text)
    assert await hub.roads_of("books", "contacts", CONTACT["contact_id"]) == []


async def test_a_notification_of_the_crm_that_cannot_be_taken_is_refused_in_a_sentence(
    hub: PlayedHub,
) -> None:
    (channel,) = hub.ground.systems["crm"].org.channels.values()  # type: ignore[attr-defined]
    right = NOTICE | {"token": channel.token}
    unproved, another = "token of this hub's channel", "a notification of Zoho CRM was expected"
    for what, body, status, sentence in (
        ("another token", NOTICE | {"token": "another"}, 401, unproved),
        ("no token", NOTICE, 401, unproved),
        ("not JSON", b"not JSON", 400, another),
        ("no ids", {"module": "Accounts"}, 400, another),
        ("ids that are none", NOTICE | {"ids": "88"}, 400, another),
        ("an id of NUL", right | {"ids": ["\0"]}, 400, "record"),
        ("a time beyond all time", right | {"server_time": 10**18}, 400, "not what crm sends"),
        ("10 MB", right | {"more": "n" * 10_000_000}, 413, "bytes are taken"),
    ):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        answered, text, _ = await hub.post("crm", content)

        assert answered == status, (what, text)
        assert sentence in json.loads(text)["error"], (what, text)
    assert await hub.told("noticed") == []


async def test_a_webhook_sent_again_is_kept_once_and_an_old_one_changes_nothing(
    hub: PlayedHub,
) -> None:
    # given a contact that was changed twice
    made = hub.ground.systems["books"].put("contacts", {"contact_name": "Ann"})
    first = made | {"notes": "old", "last_modified_time": "2026-01-01T00:00:00+0000"}
    second = made | {"notes": "new", "last_modified_time": "2026-01-02T00:00:00+0000"}
    bodies = [
        signed({"contact": json.loads(json.dumps(one, default=str))}) for one in (first, second)
    ]

    # when each is sent, and then the first again, and again
    for body in (bodies[0], bodies[1], bodies[0], bodies[0]):
        assert (await hub.post("books", *body))[0] == 200
    await hub.no_notices()

    # then each was kept once, and the record says what the vendor says
    roads = await hub.roads_of("books", "contacts", made["contact_id"])
    assert roads.count("webhook") == 2
    await hub.agreed()


async def test_what_speaks_of_an_unknown_entity_is_let_go_and_said(
    hub: PlayedHub, caplog: pytest.LogCaptureFixture
) -> None:
    before = await hub.value("select count(*) from events where road = 'webhook'")
    caplog.set_level("INFO")

    status, _, _ = await hub.post("books", *signed({"bankaccount": {"account_id": "1"}}))

    assert status == 200
    assert "told of nothing that this hub keeps" in caplog.text
    assert await hub.value("select count(*) from events where road = 'webhook'") == before


async def test_a_record_of_another_organisation_ends_as_not_there(hub: PlayedHub) -> None:
    other = list(hub.ground.systems["books"].organizations)[1]  # type: ignore[attr-defined]
    theirs = hub.ground.systems["books"].put(
        "contacts", {"contact_name": "Theirs", "organization_id": other}
    )
    body = {"contact": json.loads(json.dumps(theirs, default=str))}

    assert (await hub.post("books", *signed(body)))[0] == 200
    await hub.no_notices()
    await until(lambda: _gone(hub, theirs["contact_id"]))


async def test_who_calls_for_nobody_or_by_another_method_is_told_so(hub: PlayedHub) -> None:
    status, text, _ = await hub.post("nobody", b"{}")
    assert (status, "no connection of this name" in text) == (404, True)

    url = f"http://127.0.0.1:{hub.hub.port}/hooks/books"
    async with hub.session.get(url) as answer:
        assert (answer.status, answer.headers["Allow"]) == (405, "POST")


async def _gone(hub: PlayedHub, record: str) -> bool:
    return bool(await hub.value("select gone from records where record = $1", record))
