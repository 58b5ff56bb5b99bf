"""The talk with a mail server, up to the answer that it has a message, or has it not.

All recipients are named before the message itself: where one is refused, nobody gets it, for half
a message could not be told from a whole one. Only what is lost after that leaves things open.
"""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

import aiosmtplib
import msgspec

from hub.connectors.outcome import Answer, Done, Outcome, Refused, RetryAt, Unknown
from hub.settings import Secret  # noqa: TC001 - msgspec reads the annotations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.connectors.outcome import Because

SECONDS_MAX = 50.0
WAIT_SECONDS = 60.0
NOT_ALLOWED = frozenset({530, 534, 535, 538})
"""The server wants another login, whatever the message says."""


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """A mail server, and how it is talked to."""

    host: str
    port: int
    tls: Literal["starttls", "implicit", "none"]
    login: str = ""
    password: Secret


class _Answered(Exception):
    """The server said no."""

    def __init__(self, code: int, said: str, what: str) -> None:
        self.code, self.said, self.what = code, said, what
        super().__init__(said)


async def send(server: Server, sender: str, to: Sequence[str], message: bytes) -> Outcome:
    """Send one message, once."""
    talk = _Talk(server)
    try:
        async with asyncio.timeout(SECONDS_MAX):
            await talk.begin()
            await talk.name(sender, to)
            return await talk.hand_over(message)
    except _Answered as said:
        return _refused(said)
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        return _broken(error, left=talk.left)
    finally:
        talk.end()


async def look(server: Server) -> Outcome:
    """Log in, and say nothing."""
    talk = _Talk(server)
    try:
        async with asyncio.timeout(SECONDS_MAX):
            return await talk.begin()
    except _Answered as said:
        return _refused(said)
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        return _broken(error, left=False)
    finally:
        talk.end()


class _Talk:
    def __init__(self, server: Server) -> None:
        self.left = False
        """Whether anything of the message has left."""
        self._server = server
        self._smtp = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.tls == "implicit",
            start_tls=server.tls == "starttls",
            timeout=SECONDS_MAX,
        )

    async def begin(self) -> Done:
        """Connect, over TLS unless the settings say otherwise, and log in."""
        await self._said("its greeting", self._smtp.connect())
        if self._server.login:
            login = self._smtp.login(self._server.login, self._server.password.reveal())
            return await self._said("the login", login)
        return _done(220, "it greets")

    async def name(self, sender: str, to: Sequence[str]) -> None:
        await self._said(f"the sender {sender}", self._smtp.mail(sender))
        for each in to:
            await self._said(f"the recipient {each}", self._smtp.rcpt(each))

    async def hand_over(self, message: bytes) -> Done:
        self.left = True
        return await self._said("the message", self._smtp.data(message))

    def end(self) -> None:
        """Hang up: a farewell has no answer that anybody needs."""
        with suppress(aiosmtplib.SMTPException, OSError):
            self._smtp.close()

    async def _said(self, what: str, answer: object) -> Done:
        try:
            said: aiosmtplib.SMTPResponse = await answer  # type: ignore[misc]
        except aiosmtplib.SMTPResponseException as error:
            if error.code < 400:  # noqa: PLR2004
                raise
            raise _Answered(error.code, str(error.message), what) from error
        return _done(said.code, said.message)


def _done(code: int, said: str) -> Done:
    answer = Answer(status=code, body=said.encode(), at=datetime.now(UTC))
    return Done(sentence=f"The mail server took it ({code}).", answer=answer)


def _refused(said: _Answered) -> Outcome:
    sentence = f"The mail server refused {said.what}: {said.code} {said.said[:300]}."
    if said.code < 500:  # noqa: PLR2004
        return _later(sentence)
    because: Because = "authorisation" if _is_about_the_login(said) else "data"
    step = (
        "Correct username and secret of the connection."
        if because == "authorisation"
        else "Correct the address, or the flow. Nobody was sent it."
    )
    return Refused(sentence=f"{sentence} {step}", because=because, reason=str(said.code))


def _is_about_the_login(said: _Answered) -> bool:
    return said.code in NOT_ALLOWED or said.what in ("the login", "its greeting")


def _broken(error: Exception, *, left: bool) -> Outcome:
    # Only the kind of error: its text may repeat what was sent.
    how = type(error).__name__
    if left:
        return Unknown(
            sentence=f"The mail server was handed the message, and no answer came: {how}."
        )
    if isinstance(error, ssl.SSLError):
        how = f"{how}: is its certificate good, and tls of the connection right?"
    if isinstance(error, aiosmtplib.SMTPNotSupported):
        how = f"{how}: it offers neither what tls of the connection asks for, nor such a login"
    return _later(f"Nothing was sent ({how}).")


def _later(sentence: str) -> RetryAt:
    at = datetime.now(UTC) + timedelta(seconds=WAIT_SECONDS)
    return RetryAt(sentence=f"{sentence} It is tried again by itself.", at=at)
