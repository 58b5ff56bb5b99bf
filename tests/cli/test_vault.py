"""`hub vault rotate`: a new master key, whatever holds it, and secrets that open as before."""

from __future__ import annotations

import asyncio
import base64
import os
from typing import TYPE_CHECKING

import pytest

from hub.cli import COMMANDS
from hub.cli.frame import Listed
from hub.settings import Secret
from hub.vault import Vault, master_keys

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Desk

GRANT = Secret("1000.grant-of-the-books")


@pytest.fixture(autouse=True)
def listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COMMANDS, "vault", Listed("hub.cli.vault:vault", "Look after keys."))


def a_key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


def keep(desk: Desk, home: Path) -> None:
    asyncio.run(_keep(desk, home))


async def _keep(desk: Desk, home: Path) -> None:
    vault = Vault(desk.database.schema, master_keys(home, os.environ))
    async with desk.database.connected() as db:
        for connection in ("books", "crm"):
            await vault.keep(db, connection, "refresh_token", GRANT)


async def _read(desk: Desk, home: Path) -> Secret | None:
    vault = Vault(desk.database.schema, master_keys(home, os.environ))
    async with desk.database.connected() as db:
        return await vault.read(db, "books", "refresh_token")


def opens(desk: Desk, home: Path) -> bool:
    return asyncio.run(_read(desk, home)) == GRANT


def test_a_key_in_a_file_is_renewed_there(desk: Desk, tmp_path: Path) -> None:
    # given
    keep(desk, tmp_path)
    before = (tmp_path / "master.key").read_text()

    # when
    told = desk.run("vault", "rotate")
    again = desk.run("vault", "rotate", "--json")

    # then
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith("Sealed anew: 2.")
    assert str(tmp_path / "master.key") in told.out
    assert again.result["keys"] == 2
    assert again.result["source"] == str(tmp_path / "master.key")
    [after] = (tmp_path / "master.key").read_text().split()
    assert after != before.strip()
    assert after not in told.out
    assert opens(desk, tmp_path)


def test_a_key_in_the_environment_is_renewed_with_the_old_one_beside(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    old, new = a_key(), a_key()
    monkeypatch.setenv("HUB_MASTER_KEY", old)
    keep(desk, tmp_path)

    # when it is asked for with one key, it says what to do
    refused = desk.run("vault", "rotate")
    assert refused.code == 2
    assert "HUB_MASTER_KEY_OLD" in refused.err
    assert old not in refused.err

    # and with both it does it
    monkeypatch.setenv("HUB_MASTER_KEY", new)
    monkeypatch.setenv("HUB_MASTER_KEY_OLD", old)
    told = desk.run("vault", "rotate")
    assert told.code == 0
    assert "HUB_MASTER_KEY_OLD is not needed any more" in told.out

    # then
    monkeypatch.delenv("HUB_MASTER_KEY_OLD")
    assert opens(desk, tmp_path)
    assert not (tmp_path / "master.key").exists()


def test_a_key_in_a_file_elsewhere_is_renewed_there(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_MASTER_KEY_FILE", str(tmp_path / "safe" / "key"))
    keep(desk, tmp_path)

    assert desk.run("vault", "rotate", "--json").result["keys"] == 2

    assert not (tmp_path / "master.key").exists()
    assert opens(desk, tmp_path)


def test_a_lost_key_is_told_and_none_is_made_in_its_place(desk: Desk, tmp_path: Path) -> None:
    keep(desk, tmp_path)
    (tmp_path / "master.key").unlink()

    told = desk.run("vault", "rotate")

    assert told.code == 2
    assert "Nothing was changed" in told.err
    assert not (tmp_path / "master.key").exists()


def test_before_there_is_a_vault_it_says_what_to_do(new_desk: Desk) -> None:
    told = new_desk.run("vault", "rotate")

    assert told.code == 1
    assert "hub migrate" in told.err


def test_its_help_tells_how_for_both_places_of_the_key(desk: Desk) -> None:
    help_ = desk.run("vault", "rotate", "--help").out

    assert "HUB_MASTER_KEY_OLD" in help_
    assert "master.key" in help_
