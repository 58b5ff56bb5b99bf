"""E-mail. Its Message-ID is that of the delivery: sent again by a person's word, it is the same."""

from __future__ import annotations

import email.policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING

from hub.connectors.budget import Window
from hub.connectors.http import Verdict
from hub.connectors.notify import smtp
from hub.connectors.notify.message import in_words
from hub.connectors.outcome import Refused, Unknown

if TYPE_CHECKING:
    from datetime import datetime

    from hub.connectors.budget import Share
    from hub.connectors.http import Vendor
    from hub.connectors.notify.message import Message
    from hub.connectors.notify.smtp import Server
    from hub.connectors.outcome import Answer, Done, Outcome


class Mail:
    """A mail server that takes messages."""

    def __init__(
        self, server: Server, *, sender: str, to: tuple[str, ...], per_minute: int
    ) -> None:
        self.windows = (Window(name="minute", most=per_minute, seconds=60, pace=1.0),)
        self._server = server
        self._sender = sender
        self._to = to

    async def send(self, vendor: Vendor, message: Message, share: Share) -> Outcome:
        to = message.to or self._to
        if (unfit := self.unfit(to)) is not None:
            return unfit
        try:
            body = _written(message, self._sender, to, vendor.budget.clock.now())
        except (ValueError, IndexError) as error:
            return _unfit(f"what can stand in an e-mail ({error})")
        return await vendor.within_limits(
            share, lambda: smtp.send(self._server, self._sender, to, body)
        )

    def unfit(self, to: tuple[str, ...]) -> Refused | None:
        if to:
            return None
        return _unfit("an address in `to` of the message, or of the connection; found none")

    async def look(self, vendor: Vendor) -> Outcome | None:
        return await vendor.within_limits("contacts", lambda: smtp.look(self._server))

    def record_of(self, message: Message, done: Done) -> str:
        del done
        return message.id

    def judge(self, answer: Answer) -> Verdict:
        return Verdict(outcome=Unknown(sentence=f"A mail server does not answer {answer.status}."))


def _written(message: Message, sender: str, to: tuple[str, ...], now: datetime) -> bytes:
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"] = sender
    mail["To"] = ", ".join(to)
    mail["Subject"] = message.title
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2]}>"
    # Keeps answering machines from answering a machine: RFC 3834.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(in_words(message))
    return bytes(mail)


def _unfit(expected: str) -> Refused:
    return Refused(sentence=f"Expected {expected}.", because="data", reason="address")
