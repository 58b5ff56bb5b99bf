"""Secrets are kept sealed, open only where they were put, and show themselves to nobody."""

from __future__ import annotations

import base64
import os
import traceback
from typing import TYPE_CHECKING, Any, TypeAlias

import asyncpg
import pytest

from hub.database import statement
from hub.errors import ConfigFault, DatabaseRefused
from hub.settings import Secret
from hub.vault import EnvironmentKeys, FileKeys, Vault, master_keys, rotate
from hub.vault.seal import Broken, Key

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from hub.database import Database

Db: TypeAlias = Any  # asyncpg has no types
TOKEN = Secret("1000.refresh-token-of-the-books")


def a_key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


@pytest.fixture
async def db(database: Database) -> AsyncIterator[Db]:
    async with database.connected() as db:
        yield db


@pytest.fixture
def vault(database: Database, tmp_path: Path) -> Vault:
    return Vault(database.schema, FileKeys(tmp_path / "master.key"))


async def test_what_was_kept_is_read_again(db: Db, vault: Vault) -> None:
    # given
    await vault.keep(db, "books", "refresh_token", Secret("older"))
    await vault.keep(db, "books", "refresh_token", TOKEN)
    await vault.keep(db, "crm", "refresh_token", Secret("that of the crm \udcff é"))

    # when
    read = await vault.read(db, "books", "refresh_token")

    # then
    assert read == TOKEN
    assert await vault.read(db, "crm", "refresh_token") == Secret("that of the crm \udcff é")
    assert await vault.read(db, "books", "webhook_secret") is None
    assert await vault.names(db, "books") == ["refresh_token"]


async def test_what_was_forgotten_is_gone(db: Db, vault: Vault) -> None:
    for name in ("one", "two", "three"):
        await vault.keep(db, "books", name, TOKEN)

    await vault.forget(db, "books", "one", "two")
    assert await vault.names(db, "books") == ["three"]

    await vault.forget_all(db, "books")
    assert await vault.names(db, "books") == []
    assert await db.fetchval("select count(*) from data_keys") == 0


async def test_p13_no_secret_is_in_the_database_in_the_clear(db: Db, vault: Vault) -> None:
    await vault.keep(db, "books", "refresh_token", TOKEN)

    rows = await db.fetch("select s.*, k.* from sealed s join data_keys k on k.id = s.key_id")

    stored = b"".join(value for row in rows for value in row.values() if isinstance(value, bytes))
    assert b"refresh-token-of" not in stored
    assert "refresh-token-of" not in repr([list(row.values()) for row in rows])


async def test_a_value_moved_to_another_place_does_not_open(db: Db, vault: Vault) -> None:
    # given
    await vault.keep(db, "books", "refresh_token", TOKEN)
    await vault.keep(db, "books", "webhook_secret", Secret("hook"))

    # when somebody who can write to the table swaps the two
    await db.execute(
        "update sealed set sealed = (select sealed from sealed where name = 'refresh_token') "
        "where name = 'webhook_secret'"
    )

    # then
    with pytest.raises(DatabaseRefused, match=r"books/webhook_secret.*hub connect books") as caught:
        await vault.read(db, "books", "webhook_secret")
    assert "refresh-token-of" not in "".join(traceback.format_exception(caught.value))


async def test_a_value_of_another_schema_does_not_open(
    db: Db, vault: Vault, tmp_path: Path
) -> None:
    await vault.keep(db, "books", "refresh_token", TOKEN)

    elsewhere = Vault("another", FileKeys(tmp_path / "master.key"))

    with pytest.raises(DatabaseRefused, match="another"):
        await elsewhere.read(db, "books", "refresh_token")


async def test_a_replay_may_not_even_read_what_is_sealed(database: Database) -> None:
    async with database.connected("replay") as db:
        for table in ("sealed", "data_keys"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await db.execute(f"select * from {table}")


async def test_another_master_key_is_told_and_does_nothing(db: Db, vault: Vault) -> None:
    # given
    await vault.keep(db, "books", "refresh_token", TOKEN)
    other = EnvironmentKeys({"HUB_MASTER_KEY": a_key()})
    stranger = Vault(vault.schema, other)

    # then nothing is read, and nothing is kept beside it either
    with pytest.raises(ConfigFault, match="HUB_MASTER_KEY holds"):
        await stranger.read(db, "books", "refresh_token")
    with pytest.raises(ConfigFault, match="is sealed under the master key"):
        await stranger.keep(db, "crm", "refresh_token", TOKEN)
    assert await vault.read(db, "books", "refresh_token") == TOKEN


async def test_a_lost_key_file_is_not_made_anew(db: Db, vault: Vault, tmp_path: Path) -> None:
    await vault.keep(db, "books", "refresh_token", TOKEN)
    (tmp_path / "master.key").unlink()

    with pytest.raises(ConfigFault, match="holds none"):
        await vault.keep(db, "crm", "refresh_token", TOKEN)
    assert not (tmp_path / "master.key").exists()


def test_the_key_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path / "home" / "master.key")

    first = keys.make()
    again = keys.make()

    assert first.id == again.id
    assert [key.id for key in keys.read()] == [first.id]
    assert (tmp_path / "home" / "master.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["master.key"]


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path / "master.key")
    keys.make()
    keys.path.chmod(0o640)

    with pytest.raises(ConfigFault, match="chmod 600"):
        keys.read()


def test_a_key_that_cannot_be_written_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("no directory")

    with pytest.raises(ConfigFault, match=r"cannot be written to .*HUB_MASTER_KEY"):
        FileKeys(tmp_path / "home" / "master.key").make()


@pytest.mark.parametrize("text", ["short", "c2hvcnQ=", "not base64 at all !", "é" * 40])
def test_a_key_of_the_wrong_form_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(ConfigFault) as caught:
        EnvironmentKeys({"HUB_MASTER_KEY": text})

    shown = "".join(traceback.format_exception(caught.value))
    assert "openssl rand" in shown
    assert text not in shown.replace("hub_master", "")


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    assert master_keys(tmp_path, {"HUB_MASTER_KEY": a_key()}).source == "HUB_MASTER_KEY"
    assert master_keys(tmp_path, {}).source == str(tmp_path / "master.key")
    assert master_keys(tmp_path, {"HUB_MASTER_KEY_FILE": "/safe/key"}).source == "/safe/key"
    with pytest.raises(ConfigFault, match="HUB_MASTER_KEY_OLD is set"):
        master_keys(tmp_path, {"HUB_MASTER_KEY_OLD": a_key()})


def test_a_key_does_not_show_itself_and_tells_a_changed_seal() -> None:
    key = Key(b"k" * 32)
    sealed = key.seal(b"value", "a", "bc")

    assert "k" * 8 not in repr(key)
    assert key.open(sealed, "a", "bc") == b"value"
    assert key.seal(b"value", "a", "bc") != sealed
    for spoilt, place in (
        (sealed, ("ab", "c")),
        (sealed[:-1] + bytes([sealed[-1] ^ 1]), ("a", "bc")),
        (b"", ("a", "bc")),
    ):
        with pytest.raises(Broken):
            key.open(spoilt, *place)


async def test_a_new_master_key_opens_what_the_old_one_sealed(
    db: Db, vault: Vault, tmp_path: Path
) -> None:
    # given
    keys = FileKeys(tmp_path / "master.key")
    for connection in ("books", "crm", "desk"):
        await vault.keep(db, connection, "refresh_token", Secret(connection))
    [before] = keys.read()

    # when
    done = await rotate(db, vault.schema, keys)

    # then
    [after] = keys.read()
    assert done.keys == 3
    assert done.master == after.id != before.id
    assert await db.fetch("select distinct master from data_keys") == [(after.id,)]
    for connection in ("books", "crm", "desk"):
        assert await vault.read(db, connection, "refresh_token") == Secret(connection)


async def test_what_is_read_while_a_rotation_ends_opens_all_the_same(
    db: Db, vault: Vault, tmp_path: Path
) -> None:
    # given a reader that has its row, and then a rotation runs through
    keys = FileKeys(tmp_path / "master.key")
    await vault.keep(db, "books", "refresh_token", TOKEN)
    rows = [await db.fetchrow(statement("vault/read.sql"), "books", "refresh_token")]
    await rotate(db, vault.schema, keys)

    class Slow:
        async def fetchrow(self, *asked: str) -> Any:
            return rows.pop() if rows else await db.fetchrow(*asked)

    # then
    assert await vault.read(Slow(), "books", "refresh_token") == TOKEN  # type: ignore[arg-type]


async def test_a_rotation_where_nothing_is_sealed_yet_makes_the_first_key(
    db: Db, vault: Vault, tmp_path: Path
) -> None:
    keys = FileKeys(tmp_path / "home" / "master.key")

    done = await rotate(db, vault.schema, keys)

    assert done.keys == 0
    assert [key.id for key in keys.read()] == [done.master]


async def test_a_lost_key_is_not_replaced_by_a_rotation(
    db: Db, vault: Vault, tmp_path: Path
) -> None:
    # given
    await vault.keep(db, "books", "refresh_token", TOKEN)
    lost = (tmp_path / "master.key").rename(tmp_path / "lost")

    # when
    with pytest.raises(ConfigFault, match="Nothing was changed"):
        await rotate(db, vault.schema, FileKeys(tmp_path / "master.key"))

    # then the key that is found again opens all
    assert not (tmp_path / "master.key").exists()
    lost.rename(tmp_path / "master.key")
    assert await vault.read(db, "books", "refresh_token") == TOKEN


async def test_a_connection_whose_key_was_spoilt_can_begin_anew(db: Db, vault: Vault) -> None:
    # given
    await vault.keep(db, "books", "refresh_token", TOKEN)
    await vault.keep(db, "crm", "refresh_token", TOKEN)
    await db.execute("update data_keys set sealed = sealed || 'x' where connection = 'books'")
    with pytest.raises(DatabaseRefused, match="hub connect books"):
        await vault.keep(db, "books", "refresh_token", TOKEN)

    # when
    await vault.mend(db, "books")
    await vault.mend(db, "crm")

    # then
    assert await vault.names(db, "books") == []
    await vault.keep(db, "books", "refresh_token", TOKEN)
    assert await vault.read(db, "books", "refresh_token") == TOKEN
    assert await vault.read(db, "crm", "refresh_token") == TOKEN


class Killed(Exception):
    pass


@pytest.mark.parametrize("after", [0, 1, 2])
async def test_a_rotation_that_was_killed_goes_on_where_it_was(
    db: Db,
    vault: Vault,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    after: int,
) -> None:
    # given a rotation that dies when it has sealed some
    keys = FileKeys(tmp_path / "master.key")
    for connection in ("books", "crm"):
        await vault.keep(db, connection, "refresh_token", Secret(connection))
    sealing = Key.seal_key
    count = 0

    def dies(self: Key, key: Key, *place: str) -> bytes:
        nonlocal count
        count += 1
        if count > after:
            raise Killed
        return sealing(self, key, *place)

    def dies_at_last(_: FileKeys) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Key, "seal_key", dies)
        patch.setattr(FileKeys, "drop_old", dies_at_last)
        with pytest.raises(Killed):
            await rotate(db, vault.schema, keys)

    # then all can be read meanwhile
    for connection in ("books", "crm"):
        assert await vault.read(db, connection, "refresh_token") == Secret(connection)

    # and the next one does the rest, with the key that was begun
    begun = keys.read()[0]
    done = await rotate(db, vault.schema, keys)
    assert done.keys == 2 - after
    assert [key.id for key in keys.read()] == [begun.id]
    for connection in ("books", "crm"):
        assert await vault.read(db, connection, "refresh_token") == Secret(connection)


async def test_keys_of_the_environment_rotate_with_the_old_one_beside(
    db: Db, database: Database
) -> None:
    # given
    old, new = a_key(), a_key()
    before = EnvironmentKeys({"HUB_MASTER_KEY": old})
    both = EnvironmentKeys({"HUB_MASTER_KEY": new, "HUB_MASTER_KEY_OLD": old})
    after = EnvironmentKeys({"HUB_MASTER_KEY": new})
    await Vault(database.schema, before).keep(db, "books", "refresh_token", TOKEN)

    # when
    with pytest.raises(ConfigFault, match="HUB_MASTER_KEY_OLD"):
        await rotate(db, database.schema, before)
    with pytest.raises(ConfigFault, match="does not hold"):
        await rotate(db, database.schema, after)
    assert await Vault(database.schema, both).read(db, "books", "refresh_token") == TOKEN
    await rotate(db, database.schema, both)

    # then
    assert await Vault(database.schema, after).read(db, "books", "refresh_token") == TOKEN
    with pytest.raises(ConfigFault):
        await Vault(database.schema, before).read(db, "books", "refresh_token")
