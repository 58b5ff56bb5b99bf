"""A system of one's own pushes its records: each is answered by what became of it."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from hub.inbound.push import signature
from hub.observe import metrics
from hub.settings import Connection, LogSettings, Secret
from tests.hubs import ANY_PORT, SECRET, SHOP, order_held

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from tests.inbound.conftest import Shop

    OpenShop = Callable[..., Awaitable[Shop]]

PATH = "/in/shop/customers/1"
KEY = SECRET.encode()
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

BODIES = [
    b'{"id":9223372036854775807123,"sum":1.10,"far":1e400}',
    b'{"text":"zero \\u0000 byte"}',
    b'{"twice":1,"twice":2}',
    b'\n{\r\n\t"spaced" : [ 1 ,2 ]}\n',
    '{"name":"Ærø 🐦"}'.encode(),
    b"{}",
    b'{"deep":' + b"[" * 299 + b"]" * 299 + b"}",
]

NO_OBJECTS = [
    b"",
    b"[]",
    b"nonsense",
    b'{"half":',
    b'{"a":1}{"b":2}',
    b"\xff{}",
    b'{"lone":"\\ud800"}',
    b'{"deep":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
]

TIMES = [
    ("2026-03-01T12:00:00Z", NOON),
    ("2026-03-01T14:00:00+02:00", NOON),
    ("2026-03-01 12:00:00.123456+00:00", NOON.replace(microsecond=123456)),
    ("1772366400123", NOON.replace(microsecond=123000)),
    ("-1", datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)),
]

NO_TIMES = [
    "",
    "noon",
    "2026-03-01T12:00:00",
    "2026-13-01T00:00:00Z",
    "9" * 15,
    "9" * 400,
    "0001-01-01T00:00:00+05:00",
    "12.5",
    "\uff12\uff10",
]

UNFIT = [
    None,
    "nonsense",
    "sha256=é",
    f"sha256={'0' * 64}",
    signature(b"another secret", "POST", PATH, b"{}"),
    signature(KEY, "DELETE", PATH, b"{}"),
    signature(KEY, "POST", "/in/shop/customers/2", b"{}"),
    signature(KEY, "POST", f"{PATH}?at=1", b"{}"),
    signature(KEY, "POST", PATH, b'{"a":1}'),
    signature(KEY, "POST", PATH, b"{}", "somebody"),
]


async def test_a_signed_record_is_answered_with_its_position(shop: Shop) -> None:
    body = b'{ "name" : "Ada" }'

    answer = await shop.push(
        "1", body, at="2026-03-01T12:00:00Z", origin="ada@till", headers={"traceparent": TRACE}
    )

    assert (answer.status, answer.said) == (200, {"position": 1})
    (event,) = await shop.kept()
    assert (event.type, event.subject, event.road) == ("observed", "shop.customers/1", "push")
    assert (event.data, event.occurred_at, event.origin) == (body, NOON, "ada@till")
    assert (event.trace or "")[3:35] == TRACE[3:35]


async def test_a_body_is_kept_to_the_byte(shop: Shop) -> None:
    for body in BODIES:
        assert (await shop.push("1", body)).status == 200

    assert [event.data for event in await shop.kept()] == BODIES


async def test_ids_of_any_kind_are_taken(shop: Shop) -> None:
    records = ["a/b", "ü ö", "x" * 500, "1?2#3", "%41"]

    for record in records:
        assert (await shop.push(record, {})).status == 200

    assert [event.record for event in await shop.kept()] == records


async def test_the_same_again_is_a_repeat_unless_the_record_has_said_otherwise(shop: Shop) -> None:
    said = [{"v": 1}, {"v": 1}, {"v": 2}, {"v": 1}, {"v": 1}]

    positions = [(await shop.push("1", each)).position for each in said]

    assert positions == [1, 1, 2, 3, 3]


async def test_a_deletion_is_an_event_of_its_own(shop: Shop) -> None:
    await shop.push("1", {}, at="2026-03-01T11:00:00Z")

    first = await shop.delete("1", at="2026-03-01T12:00:00Z")
    again = await shop.delete("1", at="2026-03-01T12:00:00Z")

    assert (first.position, again.position) == (2, 2)
    event = (await shop.kept())[1]
    assert (event.type, event.subject, event.occurred_at) == ("gone", "shop.customers/1", NOON)


async def test_the_time_of_a_change_may_be_written_in_two_ways(shop: Shop) -> None:
    for number, (at, _) in enumerate(TIMES):
        assert (await shop.push(str(number), {}, at=at)).status == 200

    assert [event.occurred_at for event in await shop.kept()] == [means for _, means in TIMES]


async def test_a_time_that_is_none_is_refused(shop: Shop) -> None:
    answers = [await shop.push("1", {}, at=at) for at in NO_TIMES]

    assert {answer.status for answer in answers} == {400}
    assert all("2026-03-01T12:00:00Z" in answer.said["error"] for answer in answers)


async def test_a_time_to_come_is_refused_for_it_would_hold_back_every_later_word(
    shop: Shop,
) -> None:
    answer = await shop.push("1", {}, at="9998-01-01T00:00:00Z")

    assert answer.status == 400
    assert "more than a day ahead" in answer.said["error"]


async def test_a_misspelt_parameter_is_refused_and_not_passed_over(shop: Shop) -> None:
    answer = await shop.send("POST", f"{PATH}?AT=2026-03-01T12:00:00Z", b"{}")

    assert answer.status == 400
    assert "'AT' in the query is not known; expected at" in answer.said["error"]


async def test_only_connections_that_push_are_pushed_to(open_shop: OpenShop) -> None:
    bought = Connection(system="zoho_crm", client_id="1", secret=Secret("s"))
    shop = await open_shop(connections={"shop": SHOP, "crm": bought})
    path = "/in/crm/Accounts/1"

    answer = await shop.send("POST", path, b"{}", signed=signature(b"s", "POST", path, b"{}"))

    assert answer.status == 404


async def test_what_is_no_json_object_is_refused(shop: Shop) -> None:
    answers = [await shop.push("1", body) for body in NO_OBJECTS]

    assert {answer.status for answer in answers} == {400}
    assert all(re.search("JSON|UTF-8", answer.said["error"]) for answer in answers)
    assert await shop.kept() == []


async def test_what_is_not_signed_as_it_stands_is_refused(shop: Shop) -> None:
    answers = [await shop.push("1", b"{}", signed=other) for other in UNFIT]

    assert {answer.status for answer in answers} == {401}
    assert all("X-Hub-Signature" in answer.said["error"] for answer in answers)
    assert await shop.kept() == []


async def test_unknown_places_and_methods_are_told_so(shop: Shop) -> None:
    unknown = await shop.send("POST", "/in/shoe/customers/1", b"{}")
    put = await shop.send("PUT", PATH, b"{}")
    nowhere = await shop.send("POST", "/in/shop/customers", b"{}")

    assert (unknown.status, put.status, nowhere.status) == (404, 405, 404)
    assert "connection" in unknown.said["error"]
    assert put.headers["Allow"] == "POST, DELETE"
    assert "/in/shop/customers" in nowhere.said["error"]


async def test_ten_megabytes_are_refused_before_they_are_sent(shop: Shop) -> None:
    # Given a sender that announces them, and waits before it sends the first
    reader, writer = await asyncio.open_connection("127.0.0.1", shop.hub.port)
    head = f"POST {PATH} HTTP/1.1\r\nHost: hub\r\nContent-Length: 10000000\r\n\r\n"
    writer.write(head.encode())

    async with asyncio.timeout(5):
        answered = await reader.readline()

    assert b" 413 " in answered
    writer.close()
    await writer.wait_closed()


async def test_ten_megabytes_that_are_not_announced_are_refused_on_the_way(shop: Shop) -> None:
    async def megabytes() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b" " * 1_000_000

    answer = await shop.raw("POST", PATH, megabytes(), {})

    assert answer.status == 413
    assert "log.event_bytes_max" in answer.said["error"]


async def test_the_largest_event_that_may_be_is_taken(open_shop: OpenShop) -> None:
    shop = await open_shop(log=LogSettings(event_bytes_max=2_000))
    largest = b'{"x":"' + b"x" * 1_992 + b'"}'

    assert (await shop.push("1", largest)).status == 200
    assert (await shop.push("1", largest + b" ")).status == 413


async def test_a_full_queue_is_answered_with_when_to_come_back(open_shop: OpenShop) -> None:
    shop = await open_shop(log=LogSettings(queue_events_max=1))
    async with order_held(shop.hub) as held_up:
        under_way = asyncio.create_task(shop.push("1", {}))
        await held_up()
        waiting = asyncio.create_task(shop.push("2", {}))
        await until(lambda: metrics.append_queue_events.value() == 1)

        refused = await shop.push("3", {})

    assert refused.status == 503
    assert int(refused.headers["Retry-After"]) >= 1
    assert {(await under_way).status, (await waiting).status} == {200}


async def test_what_is_not_durable_in_time_is_a_repeat_when_it_is_sent_again(
    open_shop: OpenShop,
) -> None:
    patience = msgspec.structs.replace(ANY_PORT, append_wait_seconds_max=0.1)
    shop = await open_shop(serve=patience)
    async with order_held(shop.hub):
        late = await shop.push("1", {"v": 1})

    again = [await shop.push("1", {"v": 1}) for _ in range(2)]

    assert late.status == 503
    assert "not kept twice" in late.said["error"]
    assert late.headers["Retry-After"] == "1"
    assert [answer.position for answer in again] == [1, 1]
    assert len(await shop.kept()) == 1


async def test_fields_that_are_kept_out_are_nowhere(open_shop: OpenShop) -> None:
    keeps_out = Connection(system="push", secret=Secret(SECRET), keep_out=["iban", "born"])
    shop = await open_shop(connections={"shop": keeps_out})
    secret = (
        b'{"name": "Ada", "ib\\u0061n": "BE71", "sum": 1.10, "iban": {"x": "BE72"}, '
        b'"id": 9007199254740993}'
    )
    harmless = b'{ "name" : "Bob" }'

    first = await shop.push("1", secret)
    same_but_for_it = await shop.push("1", secret.replace(b"BE71", b"BE99"))
    await shop.push("2", harmless)
    refused = await shop.push("3", b'{"iban":')

    one, other = await shop.kept()
    assert one.data == b'{"name":"Ada","sum":1.10,"id":9007199254740993}'
    assert same_but_for_it.position == first.position
    assert other.data == harmless
    assert refused.status == 400


async def test_nobody_pushes_under_the_name_of_the_hub_or_its_operators(shop: Shop) -> None:
    taken = ["hub", "hub:7", "operator:eve", "x" * 501]

    answers = [await shop.push("1", {}, origin=origin) for origin in taken]
    without = await shop.push("1", {})

    assert {answer.status for answer in answers} == {400}
    assert without.status == 200
    assert (await shop.kept())[0].origin == "shop"


async def test_a_kind_has_no_slash_and_a_name_has_an_end(shop: Shop) -> None:
    slash = await shop.send("POST", "/in/shop/a%2Fb/1", b"{}")
    long = await shop.push("x" * 501, {})
    zero = await shop.push("a\0b", {})

    assert (slash.status, long.status, zero.status) == (400, 400, 400)


async def test_what_comes_in_is_counted_by_what_came_of_it(shop: Shop) -> None:
    def counted() -> list[int]:
        outcomes = ("kept", "unsigned", "refused")
        return [metrics.intake.value(connection="shop", outcome=one) for one in outcomes]

    before = counted()
    await shop.push("1", {})
    await shop.push("1", {}, signed=None)
    await shop.push("1", b"[]")

    assert [now - then for now, then in zip(counted(), before, strict=True)] == [1, 1, 1]


async def test_many_at_once_are_each_kept_once(shop: Shop) -> None:
    answers = await asyncio.gather(
        *(shop.push(str(number % 50), {"number": number % 50}) for number in range(200))
    )

    assert len({answer.position for answer in answers}) == 50
    assert len(await shop.kept()) == 50


async def test_the_figures_and_the_health_of_the_hub_are_on_its_port(shop: Shop) -> None:
    await shop.push("1", {})

    figures = await shop.raw("GET", "/metrics", None, {})
    alive = await shop.raw("GET", "/healthz", None, {})
    ready = await shop.raw("GET", "/readyz", None, {})

    assert "hub_intake_total" in figures.said
    assert alive.said == {"alive": True}
    assert ready.status == 200, json.dumps(ready.said)


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.005)
