"""A mail server on a port of its own, that keeps what it is sent and passes nothing on.

Addresses that begin with `full` are put off (452), those that begin with `nobody` are not known
(550). The faults are `http_500` (554 to the message), `http_503` and `rate_limited` (451 to the
recipient), `token_expired` (535 to the login), `answer_lost`, `connection_refused` and `slow`.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import errno
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import msgspec
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from hub.sandbox.notify.taken import Taken
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hub.sandbox.faults import Fault
    from hub.sandbox.system import Request
    from hub.sandbox.world import World

PORT = 8925
LOGIN, PASSWORD = "sandbox", "sandbox"
# The library warns of a name of its own, at every login.
logging.getLogger("mail.log").setLevel(logging.ERROR)

_CODES = {"http_500": 554, "http_503": 451, "rate_limited": 451}


class MailQuirks(msgspec.Struct, frozen=True, kw_only=True):
    """What can be switched."""

    login_needed: bool = False
    """Whether nobody may send who has not logged in."""


class Mail(Taken):
    """One mail server; it has no paths, for it does not speak HTTP."""

    name = "mail"
    prefixes: tuple[str, ...] = ()

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.quirks = MailQuirks()
        self.port = 0
        """Where it listens, while it does."""

    @asynccontextmanager
    async def listening(self, host: str, *, any_port: bool) -> AsyncIterator[None]:
        """Listen for as long as the block lasts: at the usual port, else at any that is free."""
        try:
            server = await self._listen(host, 0 if any_port else PORT)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            server = await self._listen(host, 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            server.close()
            self.port = 0

    async def _listen(self, host: str, port: int) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(
            lambda: SMTP(
                _Desk(self),
                hostname="sandbox",
                auth_require_tls=False,
                auth_required=self.quirks.login_needed,
                authenticator=self._knows,
                loop=loop,
            ),
            host,
            port,
        )

    def answer(self, request: Request) -> Answer:
        return Answer(status=404, body={"error": f"Mail does not speak HTTP: {request.path[:80]}"})

    def fault(self, fault: str) -> Answer:
        return Answer(status=500, body={"error": f"Mail does not speak HTTP: {fault}"})

    def drawn(self, command: str) -> Fault | None:
        """Give what goes wrong with a command, if anything does: `path` names RCPT, DATA, AUTH."""
        return self.world.faults.of_call(self.name, command, f"/{command}")

    def noted(self, command: str, status: int, body: str) -> None:
        self.world.record(
            system=self.name, method=command, path=f"/{command}", query="", status=status, body=body
        )

    def _knows(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        del server, session, envelope, mechanism
        told = (getattr(data, "login", b""), getattr(data, "password", b""))
        # A client tries one mechanism after the other, so a fault is not used up by this.
        is_revoked = any(
            fault.fault == "token_expired" and fault.hits(self.name, "AUTH", "/AUTH")
            for fault in self.world.faults.on
        )
        is_known = told == (LOGIN.encode(), PASSWORD.encode()) and not is_revoked
        self.noted("AUTH", 235 if is_known else 535, "")
        return AuthResult(success=is_known, handled=False)


class _Desk:
    """What aiosmtpd asks at each step of a talk."""

    def __init__(self, mail: Mail) -> None:
        self._mail = mail

    async def handle_RCPT(  # noqa: N802 - the name that the library calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del session, options
        said = await self._goes_wrong(server, "RCPT") or _of_address(address)
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        self._mail.noted("RCPT", int(said[:3]), address)
        return said

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        del session
        fault = self._mail.drawn("DATA")
        kind = fault.fault if fault else ""
        if kind in _CODES:
            self._mail.noted("DATA", _CODES[kind], "")
            return f"{_CODES[kind]} The sandbox was told to say no"
        if fault is not None and kind == "slow":
            await asyncio.sleep(fault.seconds)
        if kind != "connection_refused":
            self._keep(envelope)
        self._mail.noted("DATA", 250 if kind != "connection_refused" else 0, "")
        if kind in ("answer_lost", "connection_refused"):
            _hang_up(server)
        return "250 Message accepted for delivery"

    async def _goes_wrong(self, server: SMTP, command: str) -> str:
        fault = self._mail.drawn(command)
        if fault is None:
            return ""
        if fault.fault in ("answer_lost", "connection_refused"):
            _hang_up(server)
        if fault.fault == "slow":
            await asyncio.sleep(fault.seconds)
            return ""
        return f"{_CODES.get(fault.fault, 550)} The sandbox was told to say no"

    def _keep(self, envelope: Envelope) -> None:
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        body = mail.get_body(("plain",))
        self._mail.take(
            sender=envelope.mail_from,
            to=list(envelope.rcpt_tos),
            subject=str(mail["Subject"]),
            message_id=str(mail["Message-ID"]),
            text=body.get_content() if body is not None else "",
        )


def _of_address(address: str) -> str:
    if address.startswith("full"):
        return "452 Mailbox full, try again later"
    if address.startswith("nobody"):
        return "550 No such user here"
    return "250 OK"


def _hang_up(server: SMTP) -> None:
    if isinstance(server.transport, asyncio.WriteTransport):
        server.transport.abort()
