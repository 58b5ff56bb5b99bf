"""`hub setup`: what is made at the vendors, what a person is told to click, and doing it twice."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING

import msgspec
import pytest

from hub.connectors.connector import Hook
from hub.connectors.zoho_books import ZohoBooks
from hub.sandbox.crm.field_settings import _read
from hub.sandbox.faults import Fault
from hub.vault import Vault, master_keys
from tests.cli.played import HERE

if TYPE_CHECKING:
    from pathlib import Path

    from hub.settings import Secret
    from tests.cli.conftest import Desk, Ended
    from tests.cli.played import Played

HUB = "https://hub.example"
OURS = f'organization = "{HERE}"'
WEBHOOKS = "/books/v3/settings/webhooks"
KINDS = ("contacts", "items", "invoices", "estimates", "creditnotes", "customerpayments")


@pytest.fixture
def connected(played: Played, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk with both accounts connected, and an address at which vendors reach the hub."""
    played.settings(tmp_path / "hub.toml", public_url=HUB, books=OURS)
    for name in ("crm", "books"):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"sandbox-{name}\n"))
        assert desk.run("connect", name, "--refresh-token-file", "-").code == 0
    return desk


def state(told: Ended, connection: str, about: str) -> str:
    found = told.result[connection]
    return str(next(one["state"] for one in found if one["about"] == about))


def test_webhooks_and_rules_are_made_and_the_second_time_changes_nothing(
    connected: Desk, played: Played
) -> None:
    # when
    told = connected.run("setup")
    made = played.writes("books")
    again = connected.run("setup", "--json")

    # then
    assert (told.code, again.code) == (0, 0)
    assert sum(path == WEBHOOKS for _, path in made) == len(KINDS)
    assert {one["url"] for one in played.table("webhooks").values()} == {f"{HUB}/hooks/books"}
    rules = sorted((one["entity"], one["rule_type"]) for one in played.table("workflows").values())
    assert ("contact", "create_or_edit") in rules
    assert ("customerpayment", "delete") in rules
    assert len(rules) == 2 * len(KINDS)
    assert played.writes("books") == made
    assert {state(again, "books", f"webhook of {kind}") for kind in KINDS} == {"well"}


def test_what_it_makes_is_signed_with_a_secret_that_nobody_sees(
    connected: Desk, played: Played, tmp_path: Path
) -> None:
    # given
    told = connected.run("setup", "books")
    # when somebody works there
    customer = played.books.put("contacts", {"contact_name": "Larkspur"})
    played.books.edit("contacts", customer["contact_id"], {"notes": "key account"})
    # then
    (sent,) = [one["_hook"] for one in played.table("histories").values()]
    secret = asyncio.run(_secret(connected, tmp_path))
    headers = {name.lower(): value for name, value in sent.headers.items()}
    heard = ZohoBooks(HERE).hear(
        Hook(query=(), headers=headers, body=sent.body), {"webhook_secret": secret}
    )
    assert {one.record for one in heard} == {customer["contact_id"]}
    assert secret.reveal() not in told.out + told.err


async def _secret(desk: Desk, home: Path) -> Secret:
    vault = Vault(desk.database.schema, master_keys(home, {}))
    async with desk.database.connected() as db:
        secret = await vault.read(db, "books", "webhook_secret")
    assert secret is not None
    return secret


def test_a_dry_run_changes_nothing_and_says_what_would_be_made(
    connected: Desk, played: Played
) -> None:
    del played.crm.org.modules["Deals"].fields["Hub_Id"]

    told = connected.run("setup", "--dry-run", "--json")

    assert told.code == 1
    assert played.writes("books") == []
    assert [path for _, path in played.writes("crm") if path != "/crm/v8/coql"] == []
    assert state(told, "crm", "Hub_Id of Deals") == "owed"
    assert state(told, "crm", "Hub_Id of Quotes") == "well"
    assert state(told, "books", "changes are told") == "owed"


def test_the_field_of_the_crm_is_made_where_it_is_missing(connected: Desk, played: Played) -> None:
    del played.crm.org.modules["Deals"].fields["Hub_Id"]

    told = connected.run("setup", "crm", "--json")
    again = connected.run("setup", "crm", "--json")

    assert (told.code, again.code) == (0, 0)
    assert state(told, "crm", "Hub_Id of Deals") == "made"
    assert state(told, "crm", "Hub_Id of Accounts") == "well"
    assert state(again, "crm", "Hub_Id of Deals") == "well"
    assert played.crm.org.modules["Deals"].fields["Hub_Id"].unique


def test_a_field_of_the_crm_that_is_not_unique_is_told_with_the_clicks(
    connected: Desk, played: Played
) -> None:
    fields = played.crm.org.modules["Deals"].fields
    del fields["Hub_Id"]
    fields["Hub_Id"] = _read(
        played.crm.org,
        played.crm.org.modules["Deals"],
        {"field_label": "Hub Id", "data_type": "text"},
        "$",
    )

    told = connected.run("setup", "crm")

    assert told.code == 1
    assert "is not unique" in told.out
    assert "Do not allow duplicate values" in told.out


def test_a_unique_field_that_books_lacks_is_told_with_the_clicks(
    connected: Desk, played: Played
) -> None:
    del played.books.organizations[HERE].custom_fields["invoices"]["cf_hub_id"]
    before = {name: len(played.table(name)) for name in ("contacts", "invoices", "items")}

    told = connected.run("setup", "books")
    as_json = connected.run("setup", "books", "--json")

    assert told.code == 1
    assert '"Prevent Duplicate Values": Yes' in told.out
    assert state(as_json, "books", "cf_hub_id of invoices") == "needs"
    assert state(as_json, "books", "cf_hub_id of contacts") == "well"
    # and the probe left nothing behind
    assert before == {name: len(played.table(name)) for name in before}


def test_a_field_of_books_that_is_not_unique_does_not_pass(connected: Desk, played: Played) -> None:
    fields = played.books.organizations[HERE].custom_fields["items"]
    fields["cf_hub_id"] = msgspec.structs.replace(fields["cf_hub_id"], is_unique=False)

    told = connected.run("setup", "books", "--json")

    assert state(told, "books", "cf_hub_id of items") == "needs"


def test_what_was_made_by_half_is_finished_the_next_time(connected: Desk, played: Played) -> None:
    # given a vendor that fails on the way
    played.world.faults.add(
        Fault(system="books", path="/settings/workflows", method="POST", fault="http_500", count=1)
    )
    told = connected.run("setup", "books", "--json")
    assert told.code == 1
    (failed,) = [one for one in told.result["books"] if one["state"] == "needs"]
    assert "run `hub setup` again" in failed["sentence"]

    # when
    again = connected.run("setup", "books", "--json")

    # then
    assert again.code == 0
    assert len(played.table("webhooks")) == len(KINDS)
    assert len(played.table("workflows")) == 2 * len(KINDS)


def test_a_rule_that_was_switched_off_or_deleted_is_put_right(
    connected: Desk, played: Played
) -> None:
    connected.run("setup", "books")
    first, second, *_ = played.table("workflows").values()
    first["status"] = "inactive"
    del played.table("workflows")[second["workflow_id"]]

    told = connected.run("setup", "books", "--json")

    assert told.code == 0
    assert state(told, "books", "webhook of contacts") == "made"
    assert len(played.table("workflows")) == 2 * len(KINDS)
    assert {one["status"] for one in played.table("workflows").values()} == {"active"}


def test_a_secret_that_was_lost_is_made_anew_at_both_ends(
    connected: Desk, played: Played, tmp_path: Path
) -> None:
    connected.run("setup", "books")
    connected.execute("delete from sealed where name = 'webhook_secret'")

    # when it is stopped by half
    played.world.faults.add(
        Fault(system="books", path=WEBHOOKS, method="PUT", fault="http_500", count=1)
    )
    assert connected.run("setup", "books").code == 1
    # and done again
    told = connected.run("setup", "books", "--json")

    assert told.code == 0
    assert len(played.table("webhooks")) == len(KINDS)
    secret = asyncio.run(_secret(connected, tmp_path)).reveal()
    assert {one["secret"] for one in played.table("webhooks").values()} == {secret}


def test_the_webhooks_of_another_hub_are_left_alone(connected: Desk, played: Played) -> None:
    theirs = {"entity": "invoice", "event": "create", "url": "https://staging.example/hooks/books"}
    played.books.act("subscribe", "webhooks", "", theirs)
    before = [dict(one) for one in played.table("webhooks").values()]

    connected.run("setup", "books")

    assert [dict(one) for one in played.table("webhooks").values()][:1] == before


def test_where_books_refuses_the_clicks_are_printed_and_a_secret_may_be_given(
    connected: Desk, played: Played, tmp_path: Path
) -> None:
    # given a grant that may not change settings
    scopes = [f"ZohoBooks.{group}.ALL" for group in (
        "contacts", "invoices", "estimates", "creditnotes", "customerpayments"
    )]  # fmt: skip
    code = played.accounts.grant(",".join([*scopes, "ZohoBooks.settings.READ"]))
    assert connected.run("connect", "books", "--code", code).code == 1

    # when
    told = connected.run("setup", "books")
    (tmp_path / "webhook").write_text("BooksHookSecret01\n")
    (tmp_path / "webhook").chmod(0o600)
    given = connected.run("setup", "books", "--webhook-secret-file", "webhook")

    # then
    assert told.code == 1
    assert "Settings, Automation, Workflow Actions, Webhooks" in told.out
    assert "BooksHookSecret01" not in given.out + given.err
    assert asyncio.run(_secret(connected, tmp_path)).reveal() == "BooksHookSecret01"


def test_a_secret_that_books_would_not_take_is_refused(connected: Desk, tmp_path: Path) -> None:
    (tmp_path / "webhook").write_text("short")
    (tmp_path / "webhook").chmod(0o600)

    told = connected.run("setup", "books", "--webhook-secret-file", "webhook")

    assert told.code == 1
    assert "12 to 50 letters and digits" in told.err


def test_without_an_address_it_says_that_changes_are_polled_and_how_slow_that_is(
    connected: Desk, played: Played, tmp_path: Path
) -> None:
    played.settings(tmp_path / "hub.toml", books=OURS)

    told = connected.run("setup", "--json")

    assert told.code == 0
    assert played.writes("books") == []
    assert state(told, "books", "changes are told") == "told"
    sentence = next(
        one["sentence"] for one in told.result["books"] if one["about"] == "changes are told"
    )
    assert "after 5 minutes at best" in sentence


def test_a_connection_without_a_grant_is_told_to_connect(
    played: Played, desk: Desk, tmp_path: Path
) -> None:
    played.settings(tmp_path / "hub.toml", books=OURS)

    told = desk.run("setup", "crm")

    assert told.code == 1
    assert "Run `hub connect crm`" in told.out


def test_the_fields_that_flows_write_to_are_made_once(
    connected: Desk, played: Played, tmp_path: Path
) -> None:
    # given a CRM without them, and a flow that writes to one of the company's own, too
    deals = played.crm.org.modules["Deals"].fields
    for name in [one for one in deals if one.startswith("Books_")]:
        del deals[name]
    flow(tmp_path, '[keep."crm.Deals"]\nFinance_Says = { is = "sent" }\n')
    about = ("Books_Balance of Deals", "Books_As_Of of Deals", "Finance_Says of Deals")

    # when
    looked = connected.run("setup", "crm", "--dry-run", "--json")
    untouched = "Finance_Says" not in deals
    wrong = connected.run("flows", "check")
    made = connected.run("setup", "crm", "--json")
    right = connected.run("flows", "check")
    again = connected.run("setup", "crm", "--json")

    # then
    assert (looked.code, made.code, again.code) == (1, 0, 0)
    assert untouched
    assert [state(looked, "crm", one) for one in about] == ["owed"] * 3
    assert [state(made, "crm", one) for one in about] == ["made"] * 3
    assert [state(again, "crm", one) for one in about] == ["well"] * 3
    assert (deals["Books_Balance"].type, deals["Finance_Says"].type) == ("currency", "text")
    assert '"Finance_Says", which is not there; `hub setup crm` makes it' in wrong.err
    assert '"Books_Balance", which is not there; `hub setup crm` makes it' in wrong.err
    assert (wrong.code != 0, right.code) == (True, 0)


def test_a_field_that_the_account_has_may_be_named_in_a_flow(
    connected: Desk, played: Played, tmp_path: Path
) -> None:
    deals = played.crm.org.modules["Deals"]
    region = _read(played.crm.org, deals, {"field_label": "Region", "data_type": "text"}, "$")
    deals.fields["Region"] = region
    flow(tmp_path, '[keep."crm.Deals"]\nRegion = { is = "North" }\n')
    before = connected.run("flows", "check")

    told = connected.run("setup", "crm")

    assert told.code == 0
    assert "Region of Deals" in told.out
    assert before.code != 0
    assert connected.run("flows", "check").code == 0


def test_a_field_of_books_that_a_flow_writes_to_is_told_with_the_clicks(
    connected: Desk, tmp_path: Path
) -> None:
    flow(tmp_path, '[make."books.invoices"]\n"custom_field_hash.cf_region" = { is = "North" }\n',
         of="invoice_from_won_deal")  # fmt: skip

    told = connected.run("setup", "books", "--json")

    assert state(told, "books", "cf_region of invoices") == "warned"


def flow(home: Path, more: str, of: str = "payment_status_to_crm") -> None:
    """Put the flows of the library into the directory, and more into one of them."""
    (home / "flows").mkdir()
    for name in ("customers", "invoice_from_won_deal", "payment_status_to_crm"):
        text = f'flow = "{name}"\nextends = "library/{name}"\n{more if name == of else ""}'
        (home / "flows" / f"{name}.toml").write_text(text)


def test_without_a_connection_to_a_vendor_it_says_what_to_add(desk: Desk) -> None:
    told = desk.run("setup")

    assert told.code == 1
    assert "[connections.books]" in told.err
