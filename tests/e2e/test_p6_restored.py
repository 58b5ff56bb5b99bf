"""P6 after a restore: what was made since the backup is found by its marks, and not made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.operate.in_force import in_force
from hub.operate.restored import found_at, held, kinds_made, let_go
from tests.e2e.at_work import FlowsAtWork
from tests.e2e.test_invoice import ALL, AT_ONCE, a_deal, deal_of, invoices_of
from tests.inbound.ground import a_ground
from tests.inbound.played_hub import a_hub_on, until

if TYPE_CHECKING:
    from hub.operate.restored import Counts
    from hub.settings import Settings

VELM = "Velm Tools Ltd"


@pytest.mark.slow
async def test_p6_an_invoice_made_since_the_backup_is_adopted(
    place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.operate.guard.REMEMBER_SECONDS", 0.02)
    async with a_ground(customers=2) as ground:
        async with a_hub_on(ground, place) as hub:
            work = FlowsAtWork(hub)
            await work.install(*ALL[:2], above=AT_ONCE)
            await work.first_sync()
            deal = a_deal(work, amount=120.50)
            await work.at_rest()
            await copied(work, "public", "backup")

            # given an invoice that was made after the backup, and a customer
            work.crm.edit("Deals", deal, {"Stage": "Closed Won"})
            late = {"Account_Name": "Late Works", "Billing_Code": "9", "Currency": "EUR"}
            work.crm.act("create", "Accounts", "", late)
            await work.until(lambda: invoices_of(work, VELM), "there is no invoice")
            await work.at_rest()
        await copied(work, "backup", "public")

        # when a hub starts on what was restored
        async with a_hub_on(ground, place) as hub:
            work = FlowsAtWork(hub)
            since = len(ground.calls())
            owed = "select count(*) from deliveries where state = 'owed' and kind = 'invoices'"

            # then it judges, and writes nothing
            await until(lambda: is_so(work, owed))
            assert work.writes(since) == []

            # and what was made is adopted, and there is one of each
            counts = await reconciled(work)
            assert {one.kind: one.adopted for one in counts}["books.invoices"] == 1
            await work.at_rest()
            (invoice,) = invoices_of(work, VELM)
            assert deal_of(work, deal)["Books_Invoice_Number"] == invoice["invoice_number"]
            assert len(work.contacts(company_name="Late Works")) == 1
            assert await held_now(work) == []
            await work.p5_rebuilds()


async def is_so(work: FlowsAtWork, query: str) -> bool:
    return bool(await work.hub.value(query))


async def reconciled(work: FlowsAtWork) -> list[Counts]:
    """Do what the command does, beside the hub that runs."""
    counts, events = [], []
    accounts = work.hub.hub._accounts
    async with work.hub.hub.database.connected() as db:
        holds = await held(db)
        assert [one.connection for one in holds] == ["books", "crm"]
        flows = [one.flow for one in (await in_force(db)).values()]
        for one in holds:
            for kind in kinds_made(flows, accounts[one.connection]):
                found, adopts = await found_at(
                    accounts[one.connection], db, kind, frozenset(), "ana"
                )
                counts.append(found)
                events += adopts
    await work.hub.hub.append(*events, *let_go(holds, "ana"))
    return counts


async def held_now(work: FlowsAtWork) -> list[str]:
    async with work.hub.hub.database.connected() as db:
        return [one.connection for one in await held(db)]


async def copied(work: FlowsAtWork, source: str, target: str) -> None:
    """Copy all tables of the hub into a backup, or bring them back from it."""
    database = work.hub.hub.database
    names = {"public": database.schema, "backup": f"{database.schema}_backup"}
    async with database.connected("owner") as db:
        tables = [
            row["relname"]
            for row in await db.fetch(
                "select relname from pg_class where relnamespace = $1::regnamespace "
                "and relkind in ('r', 'p') and not relispartition",
                database.schema,
            )
        ]
        async with db.transaction(isolation="repeatable_read"):
            await db.execute("set local session_replication_role = replica")
            if target == "backup":
                await db.execute(f'create schema "{names[target]}"')
            for table in tables:
                here, there = f'"{names[target]}"."{table}"', f'"{names[source]}"."{table}"'
                if target == "backup":
                    await db.execute(f"create table {here} as table {there}")
                else:
                    await db.execute(f"truncate {here} cascade")
                    await db.execute(f"insert into {here} select * from {there}")
            if target == "public":
                await db.execute(f'drop schema "{names[source]}" cascade')
