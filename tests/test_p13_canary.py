"""P13: a canary stands for every secret there is; wherever the hub writes, it is not there."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import os
import sys
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest

from hub.connectors.build import tokens_of
from hub.settings import Connection, Secret
from hub.vault import Vault, master_keys
from tests.inbound.conftest import logging_as_it_was as logging_as_it_was  # noqa: PLC0414 - a fixture
from tests.inbound.conftest import place as place  # noqa: PLC0414
from tests.inbound.ground import a_ground, connected
from tests.inbound.played_hub import a_hub_on, signed, until
from tests.observe.receiver import Receiver

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hub.database import Database
    from hub.settings import Settings
    from tests.inbound.ground import Ground
    from tests.inbound.played_hub import PlayedHub

CANARY = "canaryF3a1c7Canary"
KINDS = {"crm": ("Accounts",), "books": ("contacts",)}
COMMANDS = (
    "status", "status --json", "check", "check --json", "check --explain", "log tail", "log export",
    "log verify", "log show 1", "doctor crm",
)  # fmt: skip
FAULTS = ("token_expired", "http_500", "rate_limited", "answer_lost", "connection_refused")


class Keeper(Receiver):
    """A telemetry backend that keeps what it is sent as it came."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        super().__init__()

    def take(self, path: str, body: bytes) -> int:
        self.bodies.append(body)
        return super().take(path, body)


@pytest.fixture
def backend() -> Iterator[Keeper]:
    keeper = Keeper()
    yield keeper
    keeper.close()


async def test_p13_a_canary_of_each_secret_is_nowhere_that_the_hub_writes(
    place: Settings, backend: Keeper, caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    # given a canary in the place of every secret
    caplog.set_level(logging.DEBUG)
    environ = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": backend.url, "OTEL_TRACES_SAMPLER": "always_on",
        "HUB_DEBUG": "1",
    }  # fmt: skip
    told: list[str | bytes] = []
    async with a_ground() as ground:
        with patch("hub.sandbox.accounts.accounts.CLIENT_SECRET", f"{CANARY}client"):
            plant(ground)
            connections = {
                name: connected(ground, name, secret=Secret(f"{CANARY}client"))
                for name in ("crm", "books")
            } | {"shop": Connection(system="push", secret=Secret(f"{CANARY}push"))}
            async with a_hub_on(
                ground, place, kinds=KINDS, connections=connections, environ=environ,
                prepare=keep_canaries, webhook_secret=f"{CANARY}hook",
            ) as hub:  # fmt: skip
                # when all goes right, and all goes wrong
                await drive(hub, told)
                others = secrets_of_the_place(place)
                told += [repr(hub.hub.settings), repr(hub.hub._accounts)]
                told += await tables(hub)
                told += await commanded(hub, place)
                assert any(CANARY in call.body for call in ground.calls("/oauth/v2/token"))

    # then it is in nothing that was written
    told += [caplog.text, *capfd.readouterr(), *backend.bodies, *files(place.home)]
    assert len(backend.bodies) > 0
    assert any("crm" in str(each) for each in told)
    for each in told:
        text = each if isinstance(each, bytes) else each.encode()
        for secret in (CANARY, *others):
            for form in forms(secret):
                assert form not in text, found(form, text)


def plant(ground: Ground) -> None:
    """Have the played accounts know the canary as a grant, and give it out in each token."""
    keys: Any = ground.systems["accounts"]._keys  # type: ignore[attr-defined]
    for name in ("crm", "books"):
        ring = keys._rings[f"sandbox-{name}"]
        keys._rings[f"{CANARY}grant{name}"] = ring
    number = iter(range(1_000))
    keys._new_token = lambda: f"1000.{CANARY}{next(number)}"


async def keep_canaries(database: Database) -> None:
    vault = Vault(database.schema, master_keys(database.settings.home, {}))
    for name in ("crm", "books"):
        connection = database.settings.connections[name]
        tokens = tokens_of(name, connection, database, vault)
        await tokens.connect(Secret(f"{CANARY}grant{name}"))
    async with database.connected() as db:
        await vault.keep(db, "crm", "channel_token", Secret(f"{CANARY}channel"))
        await vault.keep(db, "books", "webhook_secret", Secret(f"{CANARY}hook"))


async def drive(hub: PlayedHub, told: list[str | bytes]) -> None:
    """Walk every road, rightly and wrongly, with every fault; keep what is answered."""
    await hub.listening()
    await hub.agreed()
    for fault in FAULTS:
        for system in ("crm", "books"):
            hub.ground.fault(system, fault, count=2)
    hub.edit("through faults")
    await until(lambda: _is_so(hub.ground.used_up()))
    await hub.agreed()
    hooks = [
        *(("books", *signed(body, f"{CANARY}{key}")) for body in ODD for key in ("hook", "wrong")),
        ("crm", json.dumps(NOTICE | {"token": f"{CANARY}channel"}).encode(), {}),
        ("crm", json.dumps(NOTICE | {"token": f"{CANARY}other"}).encode(), {}),
        ("crm", json.dumps({"token": f"{CANARY}channel"}).encode(), {}),
        (f"crm?token={CANARY}", b"{}", {"Authorization": f"Bearer {CANARY}"}),
        (f"{CANARY[:6].lower()}", b"{}", {"Cookie": f"token={CANARY}"}),
    ]
    for name, body, headers in hooks:
        _, text, answered = await hub.post(name, body, headers)
        told += [text, str(answered)]
    url = f"http://127.0.0.1:{hub.hub.port}"
    push = {"X-Hub-Signature": f"sha256={CANARY}"}
    async with hub.session.post(f"{url}/in/shop/a/1", data=b"{}", headers=push) as answer:
        told.append(await answer.text())
    for path in ("/metrics", "/readyz", "/healthz", "/nowhere"):
        async with hub.session.get(url + path) as answer:
            told.append(await answer.text())
    # the grant dies, and is said to
    keys: Any = hub.ground.systems["accounts"]._keys  # type: ignore[attr-defined]
    keys._rings.clear()
    for token in list(keys._access):
        keys.end_access(token)
    await until(lambda: _is_so(len(hub.ground.calls("/oauth/v2/token")) > 3))
    dead = "select count(*) from access_tokens where dead_why is not null"
    await until(lambda: _is_dead(hub, dead))


ODD = [
    {"contact": {"contact_id": "5", "last_modified_time": "2026-01-01T00:00:00+0000"}},
    b"not JSON",
    {"contact": 5},
    {"unknown": {}},
]
NOTICE = {"module": "Accounts", "ids": ["9"], "operation": "update", "channel_id": "1"}


async def _is_so(condition: bool) -> bool:  # noqa: FBT001
    return condition


async def _is_dead(hub: PlayedHub, query: str) -> bool:
    return bool(await hub.value(query))


def secrets_of_the_place(place: Settings) -> list[str]:
    """Give what cannot be chosen: the master key, and the password of the database."""
    assert place.database.url is not None
    password = urlsplit(place.database.url.reveal()).password
    keys = (place.home / "master.key").read_text().split()
    return [each for each in (password, *keys) if each and len(each) > 8]


async def tables(hub: PlayedHub) -> list[str]:
    """Give every row of every table, but what is sealed in the vault."""
    names = await hub.rows("select tablename from pg_tables where schemaname = current_schema()")
    told = []
    for (name,) in names:
        rows = await hub.rows(f'select to_json(one)::text from "{name}" as one')
        told += [row[0] for row in rows]
    assert told
    return told


async def commanded(hub: PlayedHub, place: Settings) -> list[str]:
    """Give what commands say beside the running hub."""
    assert place.database.url is not None
    address = hub.ground.address
    (place.home / "hub.toml").write_text(
        f"""
[connections.crm]
system = "zoho_crm"
client_id = "sandbox"
secret_env = "CLIENT_SECRET"
plan = "ultimate"
address = "{address}"

[connections.shop]
system = "push"
secret_env = "PUSH_SECRET"
"""
    )
    environ = {
        "PATH": os.environ["PATH"], "HUB_DEBUG": "1", "HUB_HOME": str(place.home),
        "HUB_CONFIG": str(place.home / "hub.toml"), "CLIENT_SECRET": f"{CANARY}client",
        "PUSH_SECRET": f"{CANARY}push", "HUB_DATABASE_URL": place.database.url.reveal(),
        "HUB_DATABASE_SCHEMA": place.database.schema,
    }  # fmt: skip

    async def said(command: str) -> str:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "hub", *command.split(), env=environ,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        out, _ = await child.communicate()
        assert out
        return out.decode()

    return await asyncio.gather(*map(said, COMMANDS))


def files(home: Path) -> list[bytes]:
    """Give what is in the hub's home, but the key itself."""
    return [
        path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and path.name != "master.key"
    ]


def forms(secret: str) -> list[bytes]:
    """Give a secret as it may be written: plain, in hexadecimal (as bytea is), in base64."""
    plain = secret.encode()
    # In base64 the ends depend on what stands beside it; the middle does not, but for its offset.
    packed = [base64.b64encode(b"x" * shift + plain)[4:-4] for shift in range(3)]
    return [plain, plain.hex().encode(), *packed]


def found(form: bytes, text: bytes) -> str:
    at = text.index(form)
    return f"found in: ...{text[max(0, at - 200) : at + 60]!r}..."
