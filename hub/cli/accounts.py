"""What is known of the accounts without asking them: what each has told is remembered.

It is kept beside the hub's data each time `hub setup` asks, so that a flow is read as the account
is that it is for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.connectors.field import Field, as_words
from hub.connectors.known_fields import fields_of, lists_all, own_of, read_only_of
from hub.flows.known import MARKS
from hub.flows.load import Account

if TYPE_CHECKING:
    from pathlib import Path

    from hub.settings import Settings

MARK_NAMES = frozenset(path[-1] for path in MARKS)

Told = dict[str, dict[str, Field]]
"""By kind: its fields by name."""


def account_of(settings: Settings, name: str) -> Account:
    """Give what is known of a connection: what every account has, and what this one has told."""
    connection = settings.connections[name]
    account = Account(
        system=connection.system,
        mode=connection.mode,
        kinds=fields_of(connection.system),
        marks=MARK_NAMES,
        read_only=read_only_of(connection.system),
    )
    told = _remembered(settings, name) if lists_all(connection.system) else {}
    own = own_of(connection.system)
    every = {
        kind: {field: word for field, word in account.kinds[kind].items() if field not in own}
        for kind in told
        if kind in account.kinds
    }
    choices = {
        (kind, field): one.choices
        for kind, fields in told.items()
        for field, one in fields.items()
        if one.choices
    }
    plain = msgspec.structs.replace(
        account,
        kinds={**account.kinds, **every},
        told=frozenset(told),
        read_only={**account.read_only, **_read_only(account, told)},
    )
    return plain.with_own({kind: as_words(fields) for kind, fields in told.items()}, choices)


def _read_only(account: Account, told: Told) -> dict[str, frozenset[str]]:
    """Give what cannot be written in the kinds of which an account has told."""
    return {
        kind: account.read_only.get(kind, frozenset())
        | {name for name, field in fields.items() if not field.is_written}
        for kind, fields in told.items()
    }


def keep(settings: Settings, name: str, told: Told) -> None:
    """Remember what an account has told of its fields."""
    file = _file(settings, name)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".fresh")
    fresh.write_bytes(msgspec.json.encode(told))
    fresh.replace(file)


def _remembered(settings: Settings, name: str) -> Told:
    try:
        return msgspec.json.decode(_file(settings, name).read_bytes(), type=Told)
    except (OSError, msgspec.MsgspecError):
        return {}


def _file(settings: Settings, name: str) -> Path:
    return settings.home / "fields" / f"{name}.json"
