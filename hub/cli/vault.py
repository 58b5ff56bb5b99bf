"""`hub vault`: the keys that the hub's secrets are sealed under."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click
import msgspec

from hub.cli.invocation import Invocation, pass_invocation
from hub.cli.loop import run
from hub.cli.opened import opened
from hub.errors import Refused
from hub.vault import EnvironmentKeys, master_keys
from hub.vault import rotate as rotate_keys

if TYPE_CHECKING:
    from hub.settings import Settings
    from hub.vault import MasterKeys, Rotated

_OLD_IS_NOT_NEEDED = (
    "HUB_MASTER_KEY_OLD is not needed any more: take it from every process, and keep it with the "
    "backups of the database that were made before."
)


@click.group()
def vault() -> None:
    """Look after the keys of what is secret: grants, tokens and webhook secrets of connections.

    They are kept in the database, sealed. Each connection has a key of its own, and those keys are
    sealed under one master key, which the database never sees: it is in HUB_MASTER_KEY, else in
    the file that HUB_MASTER_KEY_FILE names, else in master.key in the hub's home, which is made
    when it is first needed. A database without its master key gives its secrets to nobody, so keep
    the key with every backup, and apart from it.
    """


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a rotation did: the master key in force by its id, where it is, and what it seals."""

    master: str
    source: str
    keys: int


@vault.command(short_help="Put a new master key in force.")
@pass_invocation
def rotate(invocation: Invocation) -> None:
    """Put a new master key in force, and seal the key of every connection anew under it.

    What the connections' keys seal stays as it is, so this takes moments. The hub may run
    meanwhile. It may be stopped at any point and run again: it goes on where it was, and until it
    is through both keys are there to read with. A backup of the database from before still needs
    the key from before.

    \b
    The key is in a file: a new one is made and written there, and the old one dropped at the end.
      cp ~/.hub/master.key /somewhere/safe/
      hub vault rotate

    \b
    The key is in HUB_MASTER_KEY: give every process of the hub the new key and the old one first.
      HUB_MASTER_KEY=$(openssl rand -base64 32)   the new one
      HUB_MASTER_KEY_OLD=...                      the one until now
      hub vault rotate
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    keys = master_keys(invocation.settings.home, os.environ)
    done = run(_rotate(invocation.settings, keys))
    invocation.say(
        f"Sealed anew: {done.keys}. In force is the master key {done.master}, in {keys.source}."
    )
    if isinstance(keys, EnvironmentKeys):
        invocation.say(_OLD_IS_NOT_NEEDED)
    invocation.result(Outcome(master=done.master, source=keys.source, keys=done.keys))


async def _rotate(settings: Settings, keys: MasterKeys) -> Rotated:
    async with opened(settings, "serve") as (database, db):
        if await db.fetchval("select to_regclass('data_keys')") is None:
            raise Refused("This database has no vault yet; `hub migrate` makes it.")
        return await rotate_keys(db, database.schema, keys)
