"""Salesforce from the command line: let in, set up and examined, by each of its logins."""

from __future__ import annotations

import asyncio
import io
import os
from typing import TYPE_CHECKING

import pytest

from hub.sandbox.salesforce.login import KEYS
from hub.vault import Vault, master_keys

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Desk, Ended
    from tests.cli.played import Played

JWT = 'login = "jwt"\nusername = "hub@sandbox.example"'


def written(
    played: Played, folder: Path, lines: str, *, secret: str = "sandbox", address: str = ""
) -> None:
    (folder / "secret").write_text(secret)
    (folder / "secret").chmod(0o600)
    (folder / "hub.toml").write_text(
        '[connections.sales]\nsystem = "salesforce"\nclient_id = "sandbox"\nmode = "test"\n'
        f'secret_file = "secret"\naddress = "{address or played.address}"\n'
        f'plan = "enterprise"\n{lines}\n'
    )


@pytest.fixture
def connected(played: Played, desk: Desk, tmp_path: Path) -> Desk:
    written(played, tmp_path, JWT, secret=(KEYS / "private.pem").read_text())
    told = desk.run("connect", "sales")
    assert told.code == 0, told.err
    return desk


def state(told: Ended, about: str) -> str:
    return str(next(one["state"] for one in told.result["sales"] if one["about"] == about))


def kept(desk: Desk, home: Path, what: str) -> str | None:
    async def read() -> str | None:
        vault = Vault(desk.database.schema, master_keys(home, os.environ))
        async with desk.database.connected() as db:
            secret = await vault.read(db, "sales", what)
        return None if secret is None else secret.reveal()

    return asyncio.run(read())


def test_a_key_lets_the_hub_in_and_is_kept_sealed(connected: Desk, tmp_path: Path) -> None:
    told = connected.run("connect", "sales")

    assert "Sandbox Trading" in told.out
    assert "The hub acts as Hub Integration <hub@sandbox.example>" in told.out
    assert kept(connected, tmp_path, "private_key") == (KEYS / "private.pem").read_text().strip()


def test_the_client_or_a_refresh_token_lets_it_in_too(
    played: Played, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(played, tmp_path, 'login = "client_credentials"')
    assert desk.run("connect", "sales").code == 0

    written(played, tmp_path, 'login = "refresh_token"')
    monkeypatch.setattr("sys.stdin", io.StringIO("sandbox-salesforce\n"))
    assert desk.run("connect", "sales", "--refresh-token-file", "-").code == 0
    assert kept(desk, tmp_path, "refresh_token") == "sandbox-salesforce"


def test_a_login_that_is_refused_keeps_nothing(played: Played, desk: Desk, tmp_path: Path) -> None:
    lines = 'login = "jwt"\nusername = "nobody@sandbox.example"'
    written(played, tmp_path, lines, secret=(KEYS / "private.pem").read_text())

    told = desk.run("connect", "sales")

    assert told.code == 1
    assert "user hasn't approved this consumer" in told.err
    assert kept(desk, tmp_path, "private_key") is None


def test_no_token_is_asked_for_at_an_address_that_is_nobodys(
    played: Played, desk: Desk, tmp_path: Path
) -> None:
    written(played, tmp_path, JWT, address="https://salesforce.com.evil.example")

    told = desk.run("connect", "sales")

    assert told.code == 2
    assert "expected My Domain" in told.err


def test_marks_are_made_where_they_are_missing_and_only_once(
    connected: Desk, played: Played
) -> None:
    played.salesforce.act("drop_field", "Account", "", {})

    dry = connected.run("setup", "sales", "--dry-run", "--json")
    made = connected.run("setup", "sales", "--json")
    again = connected.run("setup", "sales", "--json")

    mark = "Hub_Id__c of Account"
    assert [state(one, mark) for one in (dry, made, again)] == ["owed", "made", "well"]
    assert [one.code for one in (dry, made, again)] == [1, 0, 0]
    assert len(played.salesforce.state()["FieldPermissions"]) == 1


def test_a_mark_that_is_not_unique_needs_a_person(connected: Desk, played: Played) -> None:
    played.salesforce.act("drop_field", "Contact", "", {})
    field = {"name": "Hub_Id__c", "type": "Text", "externalId": True}
    played.salesforce.act("new_field", "Contact", "", field)

    told = connected.run("setup", "sales", "--json")

    assert state(told, "Hub_Id__c of Contact") == "needs"


def test_doctor_finds_all_well_and_says_what_the_org_has_not(
    connected: Desk, played: Played
) -> None:
    told = connected.run("doctor", "sales", "--json")
    needs = [one for one in told.result["sales"]["findings"] if one["state"] in ("needs", "owed")]

    assert (told.code, needs) == (0, [])
    played.salesforce.quirks.cpq = False
    human = connected.run("doctor", "sales")
    assert "This org has no SBQQ__Quote__c" in human.out
    assert "Not settled by the vendor's pages" in human.out
