"""P13: neither a secret of a connection nor the password of the database is told anywhere."""

from __future__ import annotations

import asyncio
import logging
import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from hub.settings import load
from tests.hubs import a_hub

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Desk
    from tests.hubs import Answer

CANARY = "canary-f3a1c7"
HUB_TOML = """
[connections.shop]
system = "push"
secret_env = "SHOP_SECRET"
"""


def test_p13_nothing_that_is_told_holds_a_secret(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    # Given a secret of a connection, and the password of a database
    (tmp_path / "hub.toml").write_text(HUB_TOML)
    monkeypatch.setenv("SHOP_SECRET", CANARY)
    monkeypatch.setenv("HUB_DEBUG", "1")
    url = desk.database.settings.database.url
    assert url is not None
    password = str(urlsplit(url.reveal()).password)

    # When a hub runs, is pushed to rightly and wrongly, and is asked everything
    caplog.set_level(logging.DEBUG)
    told = [each.said for each in asyncio.run(_answers(tmp_path))]
    commands = ["check", "check --json", "status --json", "status", "log export", "log tail"]
    commands += ["log show 1", "log verify", "migrate", "check --explain", "log parked"]
    for command in commands:
        ended = desk.run(*command.split())
        assert ended.code == 0, ended.err
        told += [ended.out, ended.err]
    told += [caplog.text, repr(load(None, os.environ)), repr(desk.database)]

    # Then neither is in any of it
    for each in told:
        assert CANARY not in str(each)
        assert password not in str(each)


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://bob:{CANARY}@127.0.0.1:1/hub",
        f"postgresql://bob@127.0.0.1:1/hub?password={CANARY}",
        f"postgresql://bob:{CANARY}@nowhere.invalid/hub",
    ],
)
def test_p13_a_database_that_cannot_be_reached_is_told_by_its_place_without_its_password(
    url: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_DATABASE_URL", url)
    monkeypatch.setenv("HUB_DEBUG", "1")

    for command in ("status", "check", "log tail", "migrate"):
        ended = desk.run(*command.split())

        assert ended.code == 3, ended.err
        assert CANARY not in ended.out + ended.err
        host = url.rpartition("@")[2].partition("?")[0]
        assert f"The database ({host}) does not answer: n" in ended.err
        assert "Errno" not in ended.err
        assert "HUB_DATABASE_URL" in ended.err


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        (f"postgres://hub:{CANARY}/7pLw@db:5432/hub", "an @ or a /"),
        (f"postgres://hub:{CANARY}#7@db:5432/hub", "a # as it is"),
        (f"postgres://hub:a@{CANARY}@db:5432/hub", "an @ or a /"),
        (f"postgres://hub:12?{CANARY}@db/hub", "a ? that"),
        (f"postgres://hub:%{CANARY}%@db/hub", "a % that"),
        (f"postgres://hub:{CANARY}@127.0.0.1:port/hub", "a port"),
        (f"postgres://hub:{CANARY}@127.0.0.1:99999/hub", "a port"),
        (f"postgres://hub:{CANARY}@[::1/hub", "a host"),
        (f"postgres://hub:{CANARY}@db/hub?sslmode=perhaps", "an sslmode"),
        (f"mysql://hub:{CANARY}@db/hub", "other text"),
    ],
)
def test_p13_a_url_that_no_driver_can_read_is_refused_with_nothing_of_it_repeated(
    url: str, fault: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_DATABASE_URL", url)
    monkeypatch.setenv("HUB_DEBUG", "1")

    ended = desk.run("status")

    assert ended.code == 2, ended.err
    assert "HUB_DATABASE_URL: expected" in ended.err
    assert f"found {fault}" in ended.err
    for piece in (CANARY, "7pLw", "99999", "perhaps"):
        assert piece not in ended.out + ended.err


def test_p13_a_wrong_password_is_told_without_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = desk.database.settings.database.url
    assert url is not None
    parts = urlsplit(url.reveal())
    wrong = parts._replace(netloc=f"{parts.username}:{CANARY}@{parts.hostname}:{parts.port}")
    monkeypatch.setenv("HUB_DATABASE_URL", wrong.geturl())

    ended = desk.run("status")

    assert ended.code == 3
    assert CANARY not in ended.out + ended.err


async def _answers(home: Path) -> list[Answer]:

    settings = load(home / "hub.toml", os.environ)
    async with a_hub(settings) as (_, sender):
        return [
            await sender.push("1", {"name": "Ada"}, secret=CANARY),
            await sender.push("1", {}, secret="wrong"),
            await sender.push("1", b"[]", secret=CANARY),
            await sender.raw("GET", "/metrics", None, {}),
            await sender.raw("GET", "/readyz", None, {}),
            await sender.raw("GET", "/nowhere", None, {}),
        ]
