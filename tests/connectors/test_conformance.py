"""What every connector does, whatever its vendor: one suite over all of them.

A new connector is added to CASES with what is the vendor's own about it: a kind to try it on, a
field that people edit, and what a record needs to be made.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import msgspec
import pytest
from aiohttp import web

from hub.connectors.connector import Door, Hook, NotBelieved, NotRead, Write
from hub.connectors.outcome import Done, Refused, Unknown
from hub.sandbox.faults import Fault
from hub.settings import Secret
from tests.connectors.played import Played, gone, played, read_through, records, said, touched
from tests.connectors.vendor import serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from hub.database import Database

COUNT = 230
"""More than a page of any vendor."""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    connection: str
    kind: str
    name: str
    """The field that holds a record's name."""
    edits: str
    """A field that people edit."""


CASES = (
    Case(
        connection="crm",
        kind="Accounts",
        name="Account_Name",
        edits="Phone",
    ),
    Case(
        connection="books",
        kind="contacts",
        name="contact_name",
        edits="website",
    ),
    Case(
        connection="desk",
        kind="accounts",
        name="accountName",
        edits="website",
    ),
    Case(
        connection="salesforce",
        kind="Account",
        name="Name",
        edits="Website",
    ),
)


@pytest.fixture(params=CASES, ids=[case.connection for case in CASES])
def case(request: pytest.FixtureRequest) -> Case:
    chosen: Case = request.param
    return chosen


@pytest.fixture
async def vendor(case: Case, database: Database, tmp_path: Path) -> AsyncIterator[Played]:
    async with played(case.connection, database, tmp_path) as one:
        yield one


async def test_a_first_read_gives_every_record_once_and_in_full_pages(
    case: Case, vendor: Played
) -> None:
    for number in range(COUNT):
        vendor.system.put(case.kind, {case.name: f"Company {number}"})

    pages = await read_through(vendor, case.kind)

    assert len(pages) > 1
    assert sorted(records(pages)) == sorted(vendor.there(case.kind))


async def test_every_kind_can_be_read_through_even_where_there_is_nothing(
    vendor: Played,
) -> None:
    for name, kind in vendor.connector.kinds.items():
        if kind.within:
            continue
        news_since = vendor.connector.start(datetime.now(UTC))
        assert (await read_through(vendor, name))[-1].done, name
        assert (await read_through(vendor, name, news_since=news_since))[-1].done, name


async def test_what_a_person_changed_is_news_and_nothing_else_is(
    case: Case, vendor: Played
) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=2)
    vendor.world.clock.set_back(86_400)
    made = [make(vendor, case, f"Company {number}") for number in range(5)]
    vendor.world.clock.advance(86_400)
    since = vendor.connector.start(datetime.now(UTC))

    vendor.system.edit(case.kind, made[2], {case.edits: "www.example"})
    pages = await read_through(vendor, case.kind, news_since=since)
    all_since = vendor.connector.start(long_ago)

    assert touched(pages) == {made[2]}
    assert touched(await read_through(vendor, case.kind, news_since=all_since)) >= set(made)


async def test_news_that_were_read_are_no_news_again(case: Case, vendor: Played) -> None:
    vendor.world.clock.set_back(86_400)
    record = make(vendor, case, "Company")
    since = vendor.connector.start(vendor.world.clock.now())
    vendor.system.edit(case.kind, record, {case.edits: "www.example"})
    first = await read_through(vendor, case.kind, news_since=since)
    vendor.world.clock.advance(3_600)
    other = make(vendor, case, "Later")

    again = await read_through(vendor, case.kind, news_since=first[-1].cursor)

    # The overlap may bring the last ones again, which the log takes for repeats.
    assert touched(first) == {record}
    assert other in touched(again)


async def test_a_record_is_fetched_in_full_with_its_own_stamp(case: Case, vendor: Played) -> None:
    made = [make(vendor, case, f"Company {number}") for number in range(3)]

    found = await vendor.connector.fetch(vendor.vendor, vendor.kind(case.kind), made)

    assert {one.record for one in found} == set(made)
    for one in found:
        assert one.data is not None
        assert said(one.data)[case.name].startswith("Company")
        assert one.at is not None
        assert abs(one.at - datetime.now(UTC)) < timedelta(seconds=60)


async def test_p4_what_is_read_twice_is_the_same_to_the_byte(case: Case, vendor: Played) -> None:
    record = make(vendor, case, "Company")
    kind = vendor.kind(case.kind)

    one = await vendor.connector.fetch(vendor.vendor, kind, [record])
    other = await vendor.connector.fetch(vendor.vendor, kind, [record])

    assert one == other


async def test_only_what_the_vendor_says_is_gone_is_gone(case: Case, vendor: Played) -> None:
    made = [make(vendor, case, f"Company {number}") for number in range(3)]
    vendor.system.act("delete", case.kind, made[1], {})

    found = await vendor.connector.fetch(vendor.vendor, vendor.kind(case.kind), made)

    assert {one.record: one.data is None for one in found} == {
        made[0]: False,
        made[1]: True,
        made[2]: False,
    }


async def test_a_record_that_cannot_be_read_is_not_said_to_be_gone(
    case: Case, vendor: Played
) -> None:
    record = make(vendor, case, "Company")
    fault(vendor, "http_500")

    with pytest.raises(NotRead):
        await vendor.connector.fetch(vendor.vendor, vendor.kind(case.kind), [record])


async def test_deletions_are_news_or_are_found_by_a_scan(case: Case, vendor: Played) -> None:
    kept, deleted = make(vendor, case, "Kept"), make(vendor, case, "Deleted")
    since = vendor.connector.start(datetime.now(UTC))
    vendor.system.act("delete", case.kind, deleted, {})

    if vendor.kind(case.kind).scan_seconds:
        met = records(await read_through(vendor, case.kind))
        assert kept in met
        assert deleted not in met
    else:
        assert gone(await read_through(vendor, case.kind, news_since=since)) == {deleted}


async def test_p6_what_is_made_bears_the_mark_and_is_found_by_it(
    case: Case, vendor: Played
) -> None:
    kind, mark = vendor.kind(case.kind), str(uuid4())
    assert await vendor.connector.find(vendor.vendor, kind, mark) is None

    [made] = await write(vendor, case, {case.name: "New"}, mark=mark)

    assert isinstance(made.outcome, Done)
    assert not made.was_there
    assert await vendor.connector.find(vendor.vendor, kind, mark) == made.record
    assert vendor.there(case.kind)[made.record][case.name] == "New"


async def test_p6_what_is_made_twice_under_one_mark_is_made_once(
    case: Case, vendor: Played
) -> None:
    mark = str(uuid4())

    [first] = await write(vendor, case, {case.name: "New"}, mark=mark)
    vendor.world.clock.advance(5)
    [second] = await write(vendor, case, {case.name: "New"}, mark=mark)

    assert (second.record, second.was_there) == (first.record, True)
    assert len(vendor.there(case.kind)) == 1


async def test_p6_what_was_made_and_whose_answer_was_lost_is_made_once(
    case: Case, vendor: Played
) -> None:
    mark = str(uuid4())
    fault(vendor, "answer_lost", count=1)

    [lost] = await write(vendor, case, {case.name: "New"}, mark=mark, look=False)
    [again] = await write(vendor, case, {case.name: "New"}, mark=mark)

    assert isinstance(lost.outcome, Unknown)
    assert isinstance(again.outcome, Done)
    assert (list(vendor.there(case.kind)), again.was_there) == ([again.record], True)


async def test_p6_what_is_there_under_the_mark_is_left_as_people_made_it(
    case: Case, vendor: Played
) -> None:
    mark = str(uuid4())
    [made] = await write(vendor, case, {case.name: "New", case.edits: "www.hub.example"}, mark=mark)
    vendor.system.edit(case.kind, made.record, {case.edits: "www.finance.example"})

    await write(vendor, case, {case.name: "New", case.edits: "www.hub.example"}, mark=mark)

    assert vendor.there(case.kind)[made.record][case.edits] == "www.finance.example"


async def test_what_is_written_is_told_with_the_vendors_own_stamp(
    case: Case, vendor: Played
) -> None:
    [made] = await write(vendor, case, {case.name: "New"}, mark=str(uuid4()))
    vendor.world.clock.advance(60)
    [changed] = await write(vendor, case, {case.edits: "www.example"}, record=made.record)
    [now] = await vendor.connector.fetch(vendor.vendor, vendor.kind(case.kind), [made.record])

    assert changed.at == now.at
    assert changed.at - made.at >= timedelta(seconds=60)


async def test_what_says_something_is_found_right_after_it_was_written(
    case: Case, vendor: Played
) -> None:
    mark = str(uuid4())
    [made] = await write(vendor, case, {case.name: "O'Neill & Söhne"}, mark=mark)
    make(vendor, case, "O'Neill & Söhne Holding")

    found = await search(vendor, case, {case.name: "o'neill & söhne"})
    nobody = await search(vendor, case, {case.name: "O'Neill"})

    assert [one.record for one in found] == [made.record]
    assert said(found[0].data)[case.name] == "O'Neill & Söhne"
    assert nobody == []


async def test_a_search_that_could_not_be_made_is_no_word_that_there_is_nobody(
    case: Case, vendor: Played
) -> None:
    fault(vendor, "http_500")

    with pytest.raises(NotRead):
        await search(vendor, case, {case.name: "Company"})
    for nothing in ({}, {case.name: " "}):
        with pytest.raises(ValueError, match="searched"):
            await search(vendor, case, nothing)


async def test_no_float_is_ever_written(case: Case, vendor: Played) -> None:
    with pytest.raises(TypeError, match="expected a decimal or an int"):
        await write(
            vendor, case, {case.name: "New", case.edits: 0.1}, mark=str(uuid4()), look=False
        )

    assert vendor.there(case.kind) == {}


async def test_a_change_changes_the_fields_it_names_and_no_other(
    case: Case, vendor: Played
) -> None:
    record = make(vendor, case, "Company")
    before = vendor.there(case.kind)[record]

    [changed] = await write(vendor, case, {case.edits: "www.example"}, record=record)

    after = vendor.there(case.kind)[record]
    assert isinstance(changed.outcome, Done)
    assert after[case.edits] == "www.example"
    assert after[case.name] == before[case.name]


async def test_what_the_vendor_refuses_says_why_and_who_can_mend_it(
    case: Case, vendor: Played
) -> None:
    [refused] = await write(vendor, case, {case.name: "x" * 500}, mark=str(uuid4()))

    assert isinstance(refused.outcome, Refused)
    assert refused.outcome.because == "data"
    assert vendor.there(case.kind) == {}


async def test_a_hook_that_proves_nothing_is_not_believed(case: Case, vendor: Played) -> None:
    secrets = {"channel_token": Secret("a" * 32), "webhook_secret": Secret("b" * 32)}
    body = b'{"module": "Accounts", "ids": ["1"], "token": "guessed", "contact": {}}'
    signed = {"x-zoho-webhook-signature": "0" * 64}
    for headers in ({}, signed, {"x-zdesk-jwt": "e30.e30.e30"}):
        with pytest.raises(NotBelieved):
            vendor.connector.hear(Hook(query=(), headers=headers, body=body), secrets)
        with pytest.raises(NotBelieved):
            vendor.connector.hear(Hook(query=(), headers=headers, body=body), {})
    assert case.connection in {"crm", "books", "desk", "salesforce"}


async def test_to_be_told_of_changes_is_asked_for_once_and_renewed(vendor: Played) -> None:
    now = datetime.now(UTC)

    async with somebody_is_there() as url:
        door = Door(url=url, token=Secret("c" * 32))
        first = await vendor.connector.listen(vendor.vendor, door, "", now)
        if first is None:
            return  # it lasts until somebody takes it away
        again = await vendor.connector.listen(vendor.vendor, door, first.cursor, now)

    assert again is not None
    assert again.cursor == first.cursor
    assert first.until - now > timedelta(days=1)


async def test_it_knows_the_zone_of_its_days(vendor: Played) -> None:
    assert "/" in await vendor.connector.zone(vendor.vendor)


@asynccontextmanager
async def somebody_is_there() -> AsyncIterator[str]:
    """Answer at an address, for vendors that ask first."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with serving(app) as address:
        yield f"{address}/hooks/x"


def make(vendor: Played, case: Case, name: str) -> str:
    made = vendor.system.put(case.kind, {case.name: name})
    return str(made[vendor.kind(case.kind).id])


async def write(vendor: Played, case: Case, fields: dict[str, Any], **how: Any) -> Any:
    kind = vendor.kind(case.kind)
    return await vendor.connector.write(vendor.vendor, kind, [Write(fields=fields, **how)])


async def search(vendor: Played, case: Case, fields: dict[str, str]) -> Any:
    return await vendor.connector.search(vendor.vendor, vendor.kind(case.kind), fields)


def fault(vendor: Played, name: str, count: int | None = None) -> None:
    vendor.world.faults.add(Fault(system=vendor.system.name, fault=name, count=count))
