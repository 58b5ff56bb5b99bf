"""What is Zoho Desk's own: a lagging index, tags apart, caps, and JWTs that prove no body."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import jwt
import msgspec
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

from hub.connectors.connector import Door, Hook, NotBelieved, Notice, NotRead, Page, Seen, Write
from hub.connectors.outcome import Answer, Done, Refused, RetryAt, Unknown
from hub.connectors.zoho import Accounts
from hub.connectors.zoho_desk import ZohoDesk
from hub.connectors.zoho_desk.call import Caller
from hub.connectors.zoho_desk.hook import EVENTS_MAX, notices
from hub.connectors.zoho_desk.judge import judge
from hub.connectors.zoho_desk.replays import Replays
from hub.connectors.zoho_desk.subscription import EVENTS, OF_DEPARTMENTS, ours
from hub.sandbox.desk import Desk
from hub.sandbox.faults import Fault
from hub.settings import Secret
from tests.connectors.played import Played, noticed, played, read_through, said
from tests.connectors.vendor import serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from hub.database import Database

TOKEN = Secret("tokenOfThisHub01")
SOON = 10.0


def wrong(field: str, kind: str) -> dict[str, Any]:
    return {"errorCode": "INVALID_DATA", "errors": [{"fieldName": field, "errorType": kind}]}


@pytest.fixture
async def vendor(database: Database, tmp_path: Path) -> AsyncIterator[Played]:
    async with played("desk", database, tmp_path) as one:
        yield one


async def test_a_ticket_is_read_with_its_tags_which_it_does_not_bear_itself(vendor: Played) -> None:
    tagged, plain = a_ticket(vendor, tags=["vip", "refund"]), a_ticket(vendor)

    found = await vendor.connector.fetch(vendor.vendor, vendor.kind("tickets"), [tagged, plain])

    assert [said(one.data or b"")["tags"] for one in found] == [["refund", "vip"], []]
    asked = [call.path for call in vendor.world.calls if call.path.endswith("/tags")]
    assert asked == [f"/api/v1/tickets/{tagged}/tags"]


async def test_a_row_says_nothing_of_custom_fields(vendor: Played) -> None:
    a_ticket(vendor, cf={"cf_billable": "Yes"})

    [row] = (await read_through(vendor, "tickets"))[0].seen

    assert isinstance(row, Seen)
    assert row.cover == "except:cf,customFields"
    assert row.at is not None


async def test_a_changed_ticket_is_noticed_when_the_index_has_it_and_never_missed(
    vendor: Played,
) -> None:
    # given
    vendor.world.clock.set_back(3_600)
    ticket = a_ticket(vendor)
    vendor.world.clock.advance(3_600)
    since = vendor.connector.start(datetime.now(UTC))
    vendor.system.edit("tickets", ticket, {"priority": "High"})

    # when
    at_once = await read_through(vendor, "tickets", news_since=since)
    vendor.world.clock.advance(90)
    later = await read_through(vendor, "tickets", news_since=at_once[-1].cursor)

    # then
    assert noticed(at_once) == set()
    assert noticed(later) == {ticket}


async def test_what_the_clock_turns_is_seen_though_nothing_tells_of_it(vendor: Played) -> None:
    # given
    ticket = a_ticket(vendor, priority="High")
    a_ticket(vendor, status="Closed")
    connector = ZohoDesk("7788", open_seconds=0.000_001)
    kind, cursor = vendor.kind("tickets"), connector.start(datetime.now(UTC))
    pages: list[Page] = []

    # when
    vendor.world.clock.advance(86_400)
    while not pages or not pages[-1].done:
        pages.append(await connector.news(vendor.vendor, kind, cursor))
        cursor = pages[-1].cursor

    # then
    rows = [one for page in pages for one in page.seen if isinstance(one, Seen)]
    assert [(row.record, said(row.data or b"")["isEscalated"]) for row in rows] == [(ticket, True)]


async def test_open_tickets_are_not_read_more_often_than_the_settings_say(vendor: Played) -> None:
    a_ticket(vendor)
    since = vendor.connector.start(datetime.now(UTC))
    first = await read_through(vendor, "tickets", news_since=since)

    again = await read_through(vendor, "tickets", news_since=first[-1].cursor)

    assert [len(one) for one in (first, again)] == [2, 1]


async def test_a_tag_that_is_looked_for_has_its_tickets_read(vendor: Played) -> None:
    # given
    ticket, _ = a_ticket(vendor, tags=["refund"], status="Closed"), a_ticket(vendor, tags=["vip"])
    connector = ZohoDesk("7788", open_seconds=300, tags=["Refund"])
    kind = vendor.kind("tickets")
    vendor.world.clock.advance(3_600)

    # when
    first = await connector.news(vendor.vendor, kind, connector.start(vendor.world.clock.now()))
    last = await connector.news(vendor.vendor, kind, first.cursor)

    # then
    assert last.done
    [notice] = [one for one in last.seen if isinstance(one, Notice)]
    assert (notice.record, said(notice.data)["tag"]) == (ticket, "refund")
    assert notice.at is not None


async def test_more_tickets_than_a_search_goes_into_are_all_found(
    vendor: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.connectors.zoho_desk.news.SEARCH_FROM_MAX", 150)
    vendor.quirks(search_from_max=200, search_lag_seconds=0)
    since = vendor.connector.start(datetime.now(UTC))
    tickets = set()
    for _ in range(260):
        tickets.add(a_ticket(vendor))
        vendor.world.clock.advance(0.01)

    found = noticed(await read_through(vendor, "tickets", news_since=since))

    assert found == tickets


async def test_what_is_too_long_is_cut_and_said_to_be(vendor: Played) -> None:
    [made] = await write(vendor, "contacts", {"lastName": "Ortiz", "city": "c" * 40}, mark="m-1")

    assert isinstance(made.outcome, Done)
    assert "city to 30 characters" in made.outcome.sentence
    assert said(made.data or b"")["city"] == "c" * 30


async def test_a_name_is_never_cut(vendor: Played) -> None:
    [made] = await write(vendor, "contacts", {"lastName": "O" * 201}, mark="m-1")

    assert isinstance(made.outcome, Refused)
    assert "lastName is invalid" in made.outcome.sentence


async def test_what_was_made_a_moment_ago_is_found_before_the_index_has_it(vendor: Played) -> None:
    a_ticket(vendor)
    whose = {"departmentId": department(vendor), "contactId": a_contact(vendor)}
    fields = {"subject": "Overdue", **whose}
    mark = str(uuid4())
    vendor.world.faults.add(Fault(system="desk", fault="answer_lost", method="POST", count=1))

    [lost] = await write(vendor, "tickets", fields, mark=mark, look=False)
    [found] = await write(vendor, "tickets", fields, mark=mark)

    assert isinstance(lost.outcome, Unknown)
    assert found.was_there
    assert sum(one["subject"] == "Overdue" for one in vendor.there("tickets").values()) == 1


async def test_where_too_many_are_young_it_is_looked_for_later(
    vendor: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.connectors.zoho_desk.search.YOUNG_MAX", 2)
    for _ in range(3):
        vendor.system.act("create", "accounts", "", {"accountName": "Faro"})

    with pytest.raises(NotRead) as error:
        await vendor.connector.find(vendor.vendor, vendor.kind("accounts"), "m-1")

    assert isinstance(error.value.outcome, RetryAt)


async def test_tags_are_added_and_those_of_people_stay(vendor: Played) -> None:
    ticket = a_ticket(vendor, tags=["vip"])

    [both] = await write(vendor, "tickets", {"priority": "Low", "tags": ["refund"]}, record=ticket)
    [only] = await write(vendor, "tickets", {"tags": ["refund", "credit"]}, record=ticket)

    assert said(both.data or b"")["tags"] == ["refund", "vip"]
    assert said(only.data or b"")["tags"] == ["credit", "refund", "vip"]


async def test_a_comment_is_made_once(vendor: Played) -> None:
    ticket = a_ticket(vendor)
    fields = {"ticketId": ticket, "content": "Settled.", "isPublic": False}
    vendor.world.faults.add(Fault(system="desk", fault="answer_lost", method="POST", count=1))

    [lost] = await write(vendor, "comments", fields, look=False)
    [found] = await write(vendor, "comments", fields)
    comments = await vendor.connector.search(
        vendor.vendor, vendor.kind("comments"), {"ticketId": ticket, "content": "settled."}
    )

    assert isinstance(lost.outcome, Unknown)
    assert (found.was_there, [one.record for one in comments]) == (True, [found.record])
    assert said(found.data or b"")["ticketId"] == ticket


async def test_our_writes_bear_the_source_that_the_settings_name(vendor: Played) -> None:
    source = str(uuid4())
    ticket = a_ticket(vendor)
    assert isinstance(vendor.system, Desk)
    body = {
        "url": "https://elsewhere.example",
        "subscriptions": {"Ticket_Update": None},
        "ignoreSourceId": source,
    }
    webhook = vendor.system.org.webhooks
    webhook["1"] = {"isEnabled": True, "includeEventsFrom": [], "id": "1", **body}
    sent: list[Any] = []
    vendor.world.send = sent.append  # type: ignore[method-assign, assignment]

    ours_ = ZohoDesk("7788", source=source)
    await ours_.write(
        vendor.vendor, vendor.kind("tickets"), [Write(fields={"priority": "Low"}, record=ticket)]
    )
    silent = len(sent)
    await write(vendor, "tickets", {"priority": "High"}, record=ticket)

    assert (silent, len(sent)) == (0, 1)


async def test_a_portal_tells_this_hub_and_is_believed_by_its_own_key(vendor: Played) -> None:
    async with at_the_door() as (door, hooks):
        # given
        listening = await vendor.connector.listen(vendor.vendor, door, "", datetime.now(UTC))
        assert listening is not None
        ticket = a_ticket(vendor)

        # when
        vendor.system.act("close", "tickets", ticket, {})
        hook = await asyncio.wait_for(hooks.get(), SOON)
        other = another_process(vendor)
        await other.learn(vendor.vendor, door_of(door), hook)

        # then
        [notice] = other.hear(hook, {})
        assert isinstance(notice, Notice)
        assert (notice.kind, notice.record) == ("tickets", ticket)
        assert "status" in said(notice.data)["changed"]


async def test_a_jwt_of_another_key_webhook_organisation_or_time_is_not_believed(
    vendor: Played,
) -> None:
    async with at_the_door() as (door, _):
        listening = await vendor.connector.listen(vendor.vendor, door, "", datetime.now(UTC))
        assert listening is not None
        assert isinstance(vendor.system, Desk)
        keys, now = vendor.system.org.keys, int(datetime.now(UTC).timestamp())
        right = {"iss": "orgId:7788", "aud": f"webhookId:{listening.cursor}", "exp": now + 60}
        stranger = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
        tokens = [
            jwt.encode(right, stranger, "RS256", headers={"kid": "k1"}),
            jwt.encode(right, "x" * 40, "HS256", headers={"kid": "k1"}),
            keys.signed({**right, "iss": "orgId:1"}),
            keys.signed({**right, "aud": "webhookId:1"}),
            keys.signed({**right, "exp": now - 3_600}),
            keys.signed({**right, "exp": (now - 3_600) * 1000}),
            keys.signed({name: value for name, value in right.items() if name != "exp"}),
        ]

        for token in tokens:
            with pytest.raises(NotBelieved):
                await heard(vendor, door, token)
        for exp in (now + 60, (now + 60) * 1000):
            assert await heard(vendor, door, keys.signed({**right, "exp": exp})) == []


async def test_a_delivery_that_is_durable_tells_nothing_when_it_is_replayed(
    vendor: Played,
) -> None:
    # given a delivery of Desk's own that was heard
    async with at_the_door() as (door, _):
        hook, other = await signed_twice(vendor, door)
        connector = vendor.connector
        assert isinstance(connector, ZohoDesk)
        await connector.learn(vendor.vendor, door_of(door), hook)
        assert len(connector.hear(hook, {})) == 1

        # when it comes again before it was durable, it is heard again
        assert len(connector.hear(hook, {})) == 1
        connector.kept(hook)

        # then it is not, but another body of the same second is
        assert connector.hear(hook, {}) == []
        assert len(connector.hear(other, {})) == 1


def test_what_is_durable_is_remembered_no_longer_than_it_could_be_believed() -> None:
    replays = Replays()
    replays.remember(b"first", until=100.0, now=0.0)

    replays.remember(b"second", until=300.0, now=101.0)

    assert b"first" not in replays
    assert b"second" in replays


def test_of_one_delivery_no_more_than_so_many_events_are_taken(
    caplog: pytest.LogCaptureFixture,
) -> None:
    events = [
        {"eventType": "Ticket_Update", "payload": {"id": str(number)}}
        for number in range(EVENTS_MAX + 1)
    ]

    assert len(notices(msgspec.json.encode(events[:-1]))) == EVENTS_MAX
    assert not caplog.records
    assert len(notices(msgspec.json.encode(events))) == EVENTS_MAX
    assert "found by polling" in caplog.text


async def test_a_new_key_is_learnt_but_not_more_than_once_a_minute(
    vendor: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_the_door() as (door, _):
        listening = await vendor.connector.listen(vendor.vendor, door, "", datetime.now(UTC))
        assert listening is not None
        assert isinstance(vendor.system, Desk)
        keys = vendor.system.org.keys
        right = {"iss": "orgId:7788", "aud": f"webhookId:{listening.cursor}", "exp": 10**10}
        assert await heard(vendor, door, keys.signed(right)) == []

        keys.change()
        other = keys.signed(right)
        with pytest.raises(NotBelieved):
            await heard(vendor, door, other)
        monkeypatch.setattr("hub.connectors.zoho_desk.keys.AGAIN_SECONDS", 0)

        assert await heard(vendor, door, keys.signed(right)) == []


async def test_a_webhook_that_was_narrowed_or_switched_off_is_put_right(vendor: Played) -> None:
    async with at_the_door() as (door, _):
        first = await vendor.connector.listen(vendor.vendor, door, "", datetime.now(UTC))
        assert first is not None
        assert isinstance(vendor.system, Desk)
        row = vendor.system.org.webhooks[first.cursor]
        row["isEnabled"] = False
        row["subscriptions"] = {"Ticket_Update": {"fields": ["status"]}}

        again = await vendor.connector.listen(vendor.vendor, door, "", datetime.now(UTC))

        assert again is not None
        assert again.cursor == first.cursor
        mended = await ours(vendor.vendor, Caller(organization="7788"), door.url)
        assert mended is not None
        assert mended.lacks() == []


async def test_a_webhook_names_the_chosen_departments_and_is_put_right_when_they_change(
    vendor: Played,
) -> None:
    ids = {one["name"]: one["id"] for one in vendor.system.state()["departments"]}
    rest = dict.fromkeys(EVENTS.keys() - OF_DEPARTMENTS)
    async with at_the_door() as (door, _):
        for names in (["Support"], ["Billing", "Support"], []):
            chosen = ZohoDesk("7788", departments=names)

            await chosen.listen(vendor.vendor, door, "", datetime.now(UTC))

            [webhook] = vendor.system.state()["webhooks"]
            told = webhook["subscriptions"]
            wanted = sorted(ids[name] for name in names) or None
            of = {name: (how or {}).get("departmentIds") for name, how in told.items()}
            assert of == {**rest, **{name: wanted for name in OF_DEPARTMENTS}}  # noqa: C420
            assert told["Ticket_Update"]["includePrevState"] is True


def test_a_ping_is_answered_and_anything_else_unsigned_is_not_believed() -> None:
    connector = ZohoDesk("7788")

    for body in (b"", b"{}", b" [] "):
        assert connector.hear(Hook(query=(), headers={}, body=body), {}) == []
    with pytest.raises(NotBelieved):
        connector.hear(Hook(query=(), headers={}, body=b'[{"eventType":"Ticket_Add"}]'), {})
    headers = {"x-hub-knock": "0" * 64}
    with pytest.raises(NotBelieved):
        connector.hear(Hook(query=(), headers=headers, body=b"{}"), {"webhook_secret": TOKEN})


def test_of_an_event_only_the_record_and_the_names_of_what_changed_are_taken() -> None:
    events = [
        {
            "eventType": "Contact_Update",
            "eventTime": "1779203051000",
            "payload": {"id": "7", "email": "new@x.example", "phone": None},
            "prevState": {"id": "7", "email": "old@x.example", "phone": None},
        },
        {"eventType": "Ticket_Comment_Add", "payload": {"id": "1", "ticketId": "9"}},
        {"eventType": "Article_Add", "payload": {"id": "3"}},
        {"eventType": "Ticket_Delete", "payload": {"id": "5"}, "eventTime": "2026-05-19T15:04:11Z"},
    ]

    found = notices(msgspec.json.encode(events))

    assert [(one.kind, one.record) for one in found] == [
        ("contacts", "7"),
        ("tickets", "9"),
        ("tickets", "5"),
    ]
    assert said(found[0].data) == {"event": "Contact_Update", "changed": ["email"]}
    assert found[0].at == datetime(2026, 5, 19, 15, 4, 11, tzinfo=UTC)
    assert found[2].at == found[0].at


@pytest.mark.parametrize(
    ("status", "body", "because"),
    [
        (403, {"errorCode": "SCOPE_MISMATCH"}, "authorisation"),
        (403, {"errorCode": "LICENSE_ACCESS_LIMITED"}, "quota"),
        (404, {"errorCode": "URL_NOT_FOUND"}, "missing"),
        (422, {"errorCode": "UNPROCESSABLE_ENTITY"}, "data"),
        (422, wrong("/email", "duplicate"), "alike"),
        (422, wrong("/contactId", "invalid"), "missing"),
        (422, wrong("/city", "invalid"), "data"),
    ],
)  # fmt: skip
def test_a_refusal_says_who_can_mend_it(status: int, body: dict[str, Any], because: str) -> None:
    verdict = judge(an_answer(status, body))

    assert isinstance(verdict.outcome, Refused)
    assert verdict.outcome.because == because


def test_the_two_kinds_of_too_much_are_told_apart() -> None:
    spent = judge(an_answer(429, {"errorCode": "THRESHOLD_EXCEEDED"}, {"retry-after": "900"}))
    busy = judge(an_answer(429, {"errorCode": "TOO_MANY_REQUESTS"}))

    assert isinstance(spent.outcome, RetryAt)
    assert (spent.stop_seconds, busy.stop_seconds) == (900, 5)
    assert judge(an_answer(401, {"errorCode": "INVALID_OAUTH"})).token_dead
    left = judge(an_answer(200, {}, {"x-rate-limit-remaining-v3": "41"})).left
    assert left["day"].cost == 41


@pytest.mark.parametrize(
    ("data_centre", "host"),
    [("us", "desk.zoho.com"), ("au", "desk.zoho.com.au"), ("ca", "desk.zohocloud.ca"),
     ("sg", "desk.zoho.sg")],
)  # fmt: skip
def test_the_host_is_of_a_table_and_never_what_an_answer_names(data_centre: str, host: str) -> None:
    accounts = Accounts(data_centre=data_centre, host="desk")

    for named in ("", "https://www.zohoapis.com", "https://evil.example"):
        assert accounts.believed(named) == f"https://{host}"


@asynccontextmanager
async def at_the_door() -> AsyncIterator[tuple[Door, asyncio.Queue[Hook]]]:
    """Take in what comes to an address; whoever asks whether it is there is answered."""
    taken: asyncio.Queue[Hook] = asyncio.Queue()

    async def answer(request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = await request.read()
        if "x-zdesk-jwt" in headers:
            taken.put_nowait(Hook(query=(), headers=headers, body=body))
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with serving(app) as address:
        yield Door(url=f"{address}/hooks/desk", token=TOKEN), taken


def door_of(door: Door) -> Any:
    async def give() -> Door:
        return door

    return give


async def signed_twice(vendor: Played, door: Door) -> tuple[Hook, Hook]:
    """Give two deliveries under one JWT, as Desk signs within a second."""
    listening = await vendor.connector.listen(vendor.vendor, door, "", datetime.now(UTC))
    assert listening is not None
    assert isinstance(vendor.system, Desk)
    exp = int(datetime.now(UTC).timestamp()) + 60
    said = {"iss": "orgId:7788", "aud": f"webhookId:{listening.cursor}", "exp": exp}
    headers = {"x-zdesk-jwt": vendor.system.org.keys.signed(said)}
    one, other = (
        msgspec.json.encode([{"eventType": "Ticket_Update", "payload": {"id": id_}}])
        for id_ in ("1", "2")
    )
    return Hook(query=(), headers=headers, body=one), Hook(query=(), headers=headers, body=other)


async def heard(vendor: Played, door: Door, token: str) -> Any:
    hook = Hook(query=(), headers={"x-zdesk-jwt": token}, body=b"[]")
    await vendor.connector.learn(vendor.vendor, door_of(door), hook)  # type: ignore[attr-defined]
    return vendor.connector.hear(hook, {})


def another_process(vendor: Played) -> ZohoDesk:
    return ZohoDesk("7788", base_url=vendor.connection.address or "")


def a_ticket(vendor: Played, **fields: object) -> str:
    return str(vendor.system.put("tickets", {"subject": "Help", **fields})["id"])


def a_contact(vendor: Played) -> str:
    return str(vendor.system.put("contacts", {"lastName": "Ortiz"})["id"])


def department(vendor: Played) -> str:
    return str(vendor.system.state()["departments"][0]["id"])


async def write(vendor: Played, kind: str, fields: dict[str, Any], **how: Any) -> Any:
    one = Write(fields=fields, **how)
    return await vendor.connector.write(vendor.vendor, vendor.kind(kind), [one])


def an_answer(status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> Answer:
    raw = msgspec.json.encode(body)
    return Answer(status=status, headers=headers or {}, body=raw, at=datetime.now(UTC))
