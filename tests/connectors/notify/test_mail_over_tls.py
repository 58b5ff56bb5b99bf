"""Nothing is said to a mail server before TLS is up, with a certificate that is believed."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.smtp import SMTP

from hub.connectors.outcome import Done, RetryAt
from tests.connectors.notify.certificate import certificate_in
from tests.connectors.notify.played_notifier import a_notifier

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


class Taken:
    """What a mail server was handed."""

    def __init__(self) -> None:
        self.mails: list[tuple[bool, bytes]] = []

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        del server
        self.mails.append((session.ssl is not None, envelope.content))
        return "250 OK"


@asynccontextmanager
async def a_server(place: Path, *, implicit: bool) -> AsyncIterator[tuple[Taken, str, str]]:
    certificate, key = certificate_in(place)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    taken = Taken()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(taken, loop=loop, tls_context=None if implicit else context,
                     require_starttls=not implicit),
        "127.0.0.1", 0, ssl=context if implicit else None,
    )  # fmt: skip
    try:
        yield taken, f"127.0.0.1:{server.sockets[0].getsockname()[1]}", str(certificate)
    finally:
        server.close()


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
async def test_a_mail_goes_over_tls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tls: str
) -> None:
    async with a_server(tmp_path, implicit=tls == "implicit") as (taken, server, certificate):
        monkeypatch.setenv("SSL_CERT_FILE", certificate)
        async with a_notifier("mail", server=server, tls=tls, username=None) as mail:
            outcome = (await mail.send()).outcome

    assert isinstance(outcome, Done)
    ((was_encrypted, content),) = taken.mails
    assert was_encrypted or tls == "implicit"
    assert b"INV-8" in content


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
async def test_a_certificate_that_is_not_believed_ends_the_talk(tmp_path: Path, tls: str) -> None:
    async with (
        a_server(tmp_path, implicit=tls == "implicit") as (taken, server, _),
        a_notifier("mail", server=server, tls=tls, username=None) as mail,
    ):
        outcome = (await mail.send()).outcome

    assert isinstance(outcome, RetryAt)
    assert "Nothing was sent" in outcome.sentence
    assert taken.mails == []


async def test_a_server_that_offers_no_tls_is_told_nothing() -> None:
    async with a_notifier("mail", tls="starttls") as mail:
        outcome = (await mail.send()).outcome

    assert isinstance(outcome, RetryAt)
    assert mail.came == []
    assert mail.world.calls_count == 0, "not even the login"
