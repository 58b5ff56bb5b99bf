"""What hooks are proved by: at hand for a moment, and looked up anew where one is not believed."""

from __future__ import annotations

import asyncio
from unittest.mock import patch

import pytest

from hub.inbound.proofs import KEPT_SECONDS, LOOK_SECONDS, Proofs
from hub.settings import Secret


class Vault:
    """Counts how often it is looked into."""

    def __init__(self) -> None:
        self.looks = 0
        self.secret = "one"

    async def look(self, _: str) -> dict[str, Secret]:
        self.looks += 1
        await asyncio.sleep(0)
        return {"webhook_secret": Secret(self.secret)}


class Moment:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def moment() -> Moment:
    return Moment()


async def test_a_thousand_hooks_at_once_are_one_look() -> None:
    vault = Vault()
    proofs = Proofs(vault.look)

    found = await asyncio.gather(*(proofs.of("books") for _ in range(1_000)))

    assert vault.looks == 1
    assert {one["webhook_secret"].reveal() for one in found} == {"one"}


async def test_connections_do_not_share_what_proves_them() -> None:
    vault = Vault()
    proofs = Proofs(vault.look)
    await proofs.of("books")
    vault.secret = "two"

    assert (await proofs.of("crm"))["webhook_secret"].reveal() == "two"
    assert (await proofs.of("books"))["webhook_secret"].reveal() == "one"


async def test_what_was_taken_back_is_believed_for_a_moment_only(moment: Moment) -> None:
    vault = Vault()
    proofs = Proofs(vault.look)
    with patch("hub.inbound.proofs.time.monotonic", moment):
        await proofs.of("books")
        vault.secret = "two"
        moment.now += KEPT_SECONDS

        assert (await proofs.of("books"))["webhook_secret"].reveal() == "two"


async def test_a_new_secret_is_known_when_the_old_one_does_not_do(moment: Moment) -> None:
    vault = Vault()
    proofs = Proofs(vault.look)
    with patch("hub.inbound.proofs.time.monotonic", moment):
        old = await proofs.of("books")
        vault.secret = "two"
        moment.now += LOOK_SECONDS

        new = await proofs.newer("books", than=old)

        assert new is not None
        assert new["webhook_secret"].reveal() == "two"


async def test_however_many_are_not_believed_the_vault_is_not_worn_out(moment: Moment) -> None:
    vault = Vault()
    proofs = Proofs(vault.look)
    with patch("hub.inbound.proofs.time.monotonic", moment):
        known = await proofs.of("books")
        for _ in range(1_000):
            assert await proofs.newer("books", than=known) is None

    assert vault.looks == 1
