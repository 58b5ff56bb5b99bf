"""`hub connect`: by whichever way the grant comes, and whichever account it is of."""

from __future__ import annotations

import asyncio
import io
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hub.connectors.consent import renewed
from hub.connectors.oauth import Client
from hub.connectors.zoho import Accounts, Consent
from hub.settings import Secret
from hub.vault import Vault, master_keys
from tests.cli.conftest import Ended
from tests.cli.played import HERE, THERE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Desk
    from tests.cli.played import Played

PROJECT = Path(__file__).parents[2]
OURS = f'organization = "{HERE}"'


@pytest.fixture
def hub_toml(played: Played, desk: Desk, tmp_path: Path) -> Path:
    played.settings(tmp_path / "hub.toml")
    return tmp_path / "hub.toml"


def kept(desk: Desk, home: Path, connection: str) -> str | None:
    """Give the grant that the vault holds."""

    async def read() -> str | None:
        vault = Vault(desk.database.schema, master_keys(home, os.environ))
        async with desk.database.connected() as db:
            secret = await vault.read(db, connection, "refresh_token")
        return None if secret is None else secret.reveal()

    return asyncio.run(read())


def piped(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def with_token(desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str, *words: str) -> Ended:
    """Connect by the refresh token that the sandbox documents."""
    piped(monkeypatch, f"sandbox-{name}\n")
    return desk.run("connect", name, "--refresh-token-file", "-", *words)


def about(told: Ended, what: str) -> dict[str, Any]:
    return next(one for one in told.result["findings"] if one["about"] == what)


def test_a_login_that_sees_several_organisations_never_gets_a_default(
    desk: Desk, hub_toml: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = with_token(desk, monkeypatch, "books")

    assert told.code == 1
    for line in (
        f"{HERE}  Sandbox Trading Inc.  U.S.A.   USD  America/New_York  Premium",
        f"{THERE}  Sandbox Handel GmbH   Germany  EUR  Europe/Berlin     Standard",
        f'organization = "{HERE}"',
        f'organization = "{THERE}"',
    ):
        assert line in told.out
    assert kept(desk, tmp_path, "books") == "sandbox-books"


def test_one_that_is_chosen_is_checked_and_the_line_for_hub_toml_given(
    desk: Desk, hub_toml: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = with_token(desk, monkeypatch, "books", "--organization", THERE, "--json")

    assert told.code == 1
    assert told.result["organization"] == THERE
    assert told.result["settings_to_add"] == [f'organization = "{THERE}"']
    assert about(told, "plan")["steps"] == [
        'Set plan = "standard" under [connections.books] in hub.toml'
    ]


def test_with_the_organisation_in_hub_toml_nothing_is_left_to_do(
    desk: Desk, played: Played, hub_toml: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played.settings(hub_toml, books=OURS)

    told = with_token(desk, monkeypatch, "books")

    assert (told.code, told.err) == (0, "")
    assert "marked test" in told.out
    assert "The hub acts as Sandbox API <sandbox@sandbox.example>" in told.out
    assert "Next: hub setup books" in told.out


def test_an_organisation_that_the_login_does_not_see_changes_nothing(
    desk: Desk, played: Played, hub_toml: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a grant that works
    played.settings(hub_toml, books=OURS)
    with_token(desk, monkeypatch, "books")
    # and another login for an organisation that it does not see
    played.settings(hub_toml, books='organization = "810000009"')
    code = played.accounts.grant("ZohoBooks.fullaccess.ALL")

    # when
    told = desk.run("connect", "books", "--code", code)

    # then
    assert told.code == 1
    assert "does not see the organisation 810000009" in told.err
    assert "Nothing was kept" in told.err
    assert kept(desk, tmp_path, "books") == "sandbox-books"


def test_two_different_choices_are_refused_before_anything_is_asked(
    desk: Desk, played: Played, hub_toml: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played.settings(hub_toml, books=OURS)

    told = with_token(desk, monkeypatch, "books", "--organization", THERE)

    assert told.code == 1
    assert HERE in told.err
    assert not played.world.calls


def test_a_code_of_a_self_client_is_traded_once(
    desk: Desk, played: Played, hub_toml: Path, tmp_path: Path
) -> None:
    code = played.accounts.grant("ZohoCRM.modules.ALL,ZohoCRM.org.READ,ZohoCRM.users.READ")

    told = desk.run("connect", "crm", "--code", code)
    again = desk.run("connect", "crm", "--code", code)

    assert told.code == 1, "scopes are missing"
    assert "Not granted: ZohoCRM.bulk.ALL, ZohoCRM.coql.READ" in told.out
    assert again.code == 1
    assert "invalid_code" in again.err
    grant = kept(desk, tmp_path, "crm")
    assert grant is not None
    for said in (told.out, told.err, again.out, again.err):
        assert grant not in said
        assert code not in said


def test_a_code_may_be_piped_in(
    desk: Desk, played: Played, hub_toml: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, played.accounts.grant("ZohoCRM.modules.ALL,ZohoCRM.org.READ"))

    told = desk.run("connect", "crm", "--code", "-", "--json")

    assert told.result["organization"] == "700000042"
    assert about(told, "user")["state"] == "needs", "its scope is missing"


class Waiting:
    """A command that waits for a person, who is the test."""

    def __init__(self, directory: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "hub", "connect", "crm", "--port", str(self.port)],
            cwd=directory,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr is not None
        self.url = next(line.strip() for line in self.process.stderr if "/oauth/" in line)

    def ends(self) -> Ended:
        out, err = self.process.communicate(timeout=20)
        return Ended(code=self.process.returncode, out=out, err=err)

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def waiting(hub_toml: Path, tmp_path: Path) -> Iterator[Waiting]:
    one = Waiting(tmp_path)
    yield one
    one.stop()


def opened(url: str) -> tuple[int, str]:
    """Open a page, and follow where it leads."""
    try:
        with urllib.request.urlopen(url, timeout=10) as page:  # noqa: S310 - the test's own
            return page.status, page.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_consent_in_a_browser_leads_back_to_the_command(
    desk: Desk, waiting: Waiting, tmp_path: Path
) -> None:
    # when somebody else knocks first, with a state of their own
    foreign = opened(f"http://localhost:{waiting.port}/connected?code=1000.a&state=theirs")
    # and then the person accepts
    page = opened(f"{waiting.url}&approve=1")
    told = waiting.ends()

    assert foreign[0] == 400
    assert page == (200, page[1])
    assert "You may close this page" in page[1]
    assert (told.code, told.err.strip()) == (0, "")
    assert "All 28 that the hub needs were granted" in told.out
    grant = kept(desk, tmp_path, "crm")
    assert grant is not None
    assert grant not in told.out


def test_a_consent_that_is_refused_is_said(desk: Desk, waiting: Waiting, tmp_path: Path) -> None:
    opened(f"{waiting.url}&approve=0")
    told = waiting.ends()

    assert told.code == 1
    assert "gave no consent (access_denied)" in told.err
    assert kept(desk, tmp_path, "crm") is None


def test_a_port_that_is_taken_is_said_with_what_to_do(desk: Desk, hub_toml: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = desk.run("connect", "crm", "--port", str(taken.getsockname()[1]))

    assert told.code == 1
    assert "--port" in told.err
    assert "--paste" in told.err


def test_an_address_may_be_pasted_but_one_of_another_consent_is_refused(
    desk: Desk, hub_toml: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, "http://localhost:8765/connected?state=theirs&code=1000.a\n")
    other = desk.run("connect", "crm", "--paste")
    piped(monkeypatch, "no address at all\n")
    nothing = desk.run("connect", "crm", "--paste")

    assert (other.code, nothing.code) == (1, 1)
    assert "its state is another" in other.err
    assert "whole address" in nothing.err
    assert kept(desk, tmp_path, "crm") is None


def test_a_revoked_token_is_told_and_not_kept(
    desk: Desk, played: Played, hub_toml: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played.accounts.act("revoke", "refresh_tokens", "sandbox-crm", {})

    told = with_token(desk, monkeypatch, "crm")

    assert told.code == 1
    assert "gave no token" in told.err
    assert "sandbox-crm" not in told.out + told.err
    assert kept(desk, tmp_path, "crm") is None


def test_a_token_in_a_file_that_others_may_read_is_refused(
    desk: Desk, hub_toml: Path, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text("sandbox-crm")
    (tmp_path / "token").chmod(0o644)

    told = desk.run("connect", "crm", "--refresh-token-file", "token")

    assert told.code == 1
    assert "chmod 600" in told.err


def test_a_name_that_is_not_in_the_settings_is_told_with_the_nearest(
    desk: Desk, hub_toml: Path
) -> None:
    told = desk.run("connect", "boks")

    assert told.code == 1
    assert 'did you mean "books"?' in told.err


def test_before_there_is_a_database_it_says_what_to_do(
    new_desk: Desk, played: Played, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played.settings(tmp_path / "hub.toml")

    told = with_token(new_desk, monkeypatch, "crm")

    assert told.code == 1
    assert "hub migrate" in told.err


def test_a_person_s_own_login_is_worth_a_word(
    desk: Desk, played: Played, hub_toml: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played.settings(hub_toml, books=OURS)
    owner = played.books.organizations[HERE].owner()
    owner |= {"name": "Mara Lindqvist", "email": "mara.lindqvist@sandbox.example"}

    told = with_token(desk, monkeypatch, "books", "--json")

    assert told.code == 0
    assert about(told, "user")["state"] == "warned"
    assert "person's own login" in about(told, "user")["sentence"]


def test_zoho_s_own_sync_and_other_listeners_are_seen(
    desk: Desk, played: Played, hub_toml: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played.settings(hub_toml, books=OURS)
    played.books.put("contacts", {"contact_name": "Larkspur", "zcrm_account_id": "5550001"})
    theirs = {
        "entity": "invoice",
        "event": "create",
        "url": "https://other.example/hook?key=of-theirs",
    }
    played.books.act("subscribe", "webhooks", "", theirs)

    told = with_token(desk, monkeypatch, "books", "--json")

    assert about(told, "Zoho's own sync")["state"] == "warned"
    assert "other.example" in about(told, "other listeners")["sentence"]
    assert "of-theirs" not in told.out


def test_a_consent_of_another_data_centre_waits_until_the_settings_name_it(
    desk: Desk, played: Played, hub_toml: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a redirect that names another of Zoho's data centres
    accounts = Accounts(data_centre="eu", base_url=played.address)
    client = Client(client_id="sandbox", client_secret=Secret("sandbox"))

    async def of_europe(*_: object) -> Consent:
        return await renewed(accounts, client, Secret("sandbox-crm"))

    with monkeypatch.context() as patched:
        patched.setattr("hub.cli.let_in._consent", of_europe)
        told = desk.run("connect", "crm")
    assert told.code == 1
    assert 'Set data_centre = "eu" under [connections.crm]' in told.err
    assert kept(desk, tmp_path, "crm") is None

    # when the settings name it
    played.settings(hub_toml, crm='data_centre = "eu"')
    again = desk.run("connect", "crm")

    # then nobody is asked a second time
    assert (again.code, again.err) == (0, "")
    assert kept(desk, tmp_path, "crm") == "sandbox-crm"
