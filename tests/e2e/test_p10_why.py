"""P10: `hub why` says what became of an edit that did not arrive, and never what is not true."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from hub.conclusions import Member
from hub.console.ending import Force
from hub.console.why import in_words, why
from hub.events import Event, new_id
from hub.flows.known import key_of
from hub.operate.in_force import in_force
from hub.operate.link import merge, split
from hub.operate.redeliver import done_since, redelivered
from tests.e2e.at_work import BY
from tests.e2e.test_p6_merged_and_deleted import companies, customer_of, win
from tests.e2e.test_p10_refused import in_the_moment

if TYPE_CHECKING:
    from hub.settings import Settings
    from tests.e2e.at_work import FlowsAtWork

pytestmark = pytest.mark.slow

INVOICES = "invoice_from_won_deal"
OBSERVATIONS_MAX = 100


async def test_p10_an_edit_that_found_its_customer_deleted_is_said_not_to_be_written(
    place: Settings,
) -> None:
    async with companies(place, "Birke") as (work, [birke]):
        customer = customer_of(work, "Birke Works")["contact_id"]
        work.books.act("delete", "contacts", customer, {})

        work.crm.edit("Accounts", birke, {"Website": "https://birke.example"})
        await work.at_rest()

        told = await lines_of(work, f"crm.Accounts/{birke}")
        target = f"books.contacts/{customer}"
        (line,) = [one for one in told if "website" in one]
        assert line.startswith(f"nothing to change: website to {target}: it was not written: It s")
        assert f"{target} left its link at #" in line
        assert "it is gone since #" in line
        before = await lines_of(work, target)
        assert any("would carry on; it left its link later, at #" in one for one in before)
        assert not any("backfill" in one for one in before)


async def test_p10_an_edit_that_a_merge_of_links_wrote_over_names_whose_word_held(
    place: Settings,
) -> None:
    async with companies(place, "Birke") as (work, [birke]):
        customer = customer_of(work, "Birke Works")["contact_id"]
        work.crm.edit("Accounts", birke, {"Website": "https://one.example"})
        await work.at_rest()
        here, there = await parted(work, customer, birke)

        work.books.edit("contacts", customer, {"website": "https://two.example"})
        await work.at_rest()
        assert "nothing to change: all sides show it  [customers]" in await lines_of(
            work, here.subject
        )
        await made_one(work, here, there)

        told = await lines_of(work, here.subject)
        (line,) = [one for one in told if "website: by now" in one]
        assert f"the word holds of {there.subject}, said at #" in line
        assert line.count(": ") > 2, "it says why"
        assert not any("all sides show it" in one for one in told)


async def test_p10_a_won_deal_that_is_edited_names_its_invoice_and_what_helps_once_that_is_gone(
    place: Settings,
) -> None:
    async with companies(place, "Birke", "Cedar") as (work, [birke, cedar]):
        win(work, birke, "Setup")
        await work.at_rest()
        (deal,) = [one["id"] for one in work.crm.state()["Deals"] if one["Deal_Name"] == "Setup"]
        (invoice,) = invoices(work)
        made = f"books.invoices/{invoice} was made for it already, at #"
        once = f"{INVOICES} does that once, and does not change what it made"

        work.crm.edit("Deals", deal, {"Amount": 200, "Account_Name": {"id": cedar}})
        await work.at_rest()
        told = await last_news(work, f"crm.Deals/{deal}")
        assert made in told
        assert told.endswith(f"{once}  [{INVOICES}]")

        work.books.act("delete", "invoices", invoice, {})
        await work.hub.hub.append(seen_gone(invoice))
        work.crm.edit("Deals", deal, {"Stage": "Negotiation/Review"})
        await work.at_rest()
        work.crm.edit("Deals", deal, {"Stage": "Closed Won"})
        await work.at_rest()
        told = await last_news(work, f"crm.Deals/{deal}")
        assert f"{once}; it is gone, since #" in told
        assert f"hub redeliver --flow {INVOICES} --since " in told

        await written_again(work, told.partition("--since ")[2][:19])
        (again,) = invoices(work)
        told = await last_news(work, f"crm.Deals/{deal}")
        assert f"by now it was made again: books.invoices/{again}, at #" in told


async def test_p10_a_deal_whose_invoice_waits_for_a_person_names_the_item_of_the_inbox(
    place: Settings,
) -> None:
    async with companies(place, "Birke") as (work, [birke]):
        customer = customer_of(work, "Birke Works")["contact_id"]
        with in_the_moment(work, lambda: work.books.act("delete", "contacts", customer, {})):
            win(work, birke, "Setup")
            await work.at_rest()
        win(work, birke, "Upkeep")
        await work.at_rest()

        deals = {one["Deal_Name"]: f"crm.Deals/{one['id']}" for one in work.crm.state()["Deals"]}
        refused = "\n".join(await lines_of(work, deals["Setup"]))
        assert "inbox: by now making: it is owed. refused: missing: " in refused
        needing = "\n".join(await lines_of(work, deals["Upkeep"]))
        assert "is to be in contacts for EUR first. newcomer: " in needing
        for told, reason in ((refused, "refused: missing"), (needing, "newcomer")):
            item = await work.hub.value("select item from inbox where reason = $1", reason)
            assert f"(hub inbox show {str(item)[:8]})" in told


async def lines_of(work: FlowsAtWork, subject: str) -> list[str]:
    return [line for lines in await _told(work, subject) for line in lines]


async def last_news(work: FlowsAtWork, subject: str) -> str:
    """Give what is told of the last observation that said something new."""
    return next(
        line for line in reversed(await lines_of(work, subject)) if "says nothing" not in line
    )


async def _told(work: FlowsAtWork, subject: str) -> list[list[str]]:
    connection, kind, record = key_of(subject)
    member = Member(connection=connection, kind=kind, record=record)
    async with work.hub.hub.database.connected() as db:
        flows = {
            name: Force(
                flow=one.flow, mode=one.mode, moded=one.moded, installed=one.installed,
                version=one.version, started=one.started,
            )
            for name, one in (await in_force(db)).items()
        }  # fmt: skip
        return [in_words(one) for one in await why(db, member, flows, OBSERVATIONS_MAX)]


async def parted(work: FlowsAtWork, customer: str, account: str) -> tuple[Member, Member]:
    """Have a person take a customer out of the link with its account."""
    rows = await work.hub.rows("select * from links where record in ($1, $2)", customer, account)
    members = {row["record"]: _member(row) for row in rows}
    here, there = members[customer], members[account]
    for event in split(rows[0]["link"], [here], [there], await flows_of(work), BY):
        await work.hub.hub.append(event)
    await work.at_rest()
    return here, there


async def made_one(work: FlowsAtWork, one: Member, other: Member) -> None:
    """Have a person say that two are the same."""
    query = "select link from links where record = $1"
    link, into = [await work.hub.value(query, each.record) for each in (one, other)]
    for event in merge(link, into, [one, other], await flows_of(work), BY):
        await work.hub.hub.append(event)
    await work.at_rest()


def _member(row: Any) -> Member:
    return Member(
        connection=row["connection"], kind=row["kind"], record=row["record"], part=row["part"]
    )


async def flows_of(work: FlowsAtWork) -> list[Any]:
    async with work.hub.hub.database.connected() as db:
        return [one.flow for one in (await in_force(db)).values()]


async def written_again(work: FlowsAtWork, since: str) -> None:
    moment = datetime.fromisoformat(since).replace(tzinfo=UTC)
    async with work.hub.hub.database.connected() as db:
        done = await done_since(db, INVOICES, moment)
    await work.hub.hub.append(redelivered(done, BY))
    await work.at_rest()


def seen_gone(invoice: str) -> Event:
    return Event(
        type="gone", id=new_id(), data=b"{}", connection="books", kind="invoices",
        record=invoice, road="fetch", occurred_at=datetime.now(UTC),
    )  # fmt: skip


def invoices(work: FlowsAtWork) -> list[str]:
    return list(work.ground.there("books", "invoices", "invoice_id"))
