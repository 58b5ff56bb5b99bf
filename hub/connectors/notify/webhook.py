"""A message as a signed POST to an address of your own, as JSON:

    {"id": …, "to": …, "subject": …, "text": …, "link": …}

Each request bears three headers:

    X-Hub-Delivery   the id of the message, the same however often it is sent: take it once
    X-Hub-Timestamp  when it was sent, in seconds since 1970
    X-Hub-Signature  `sha256=` and, in hexadecimal, the HMAC-SHA256 under the connection's secret
                     of the timestamp, a line feed, and the body exactly as it came

Whoever receives it works the signature out over the bytes that came, compares the two in constant
time, and turns away what is signed otherwise or more than five minutes old. A 2xx means that it was
taken; 425, 429, and 503 with Retry-After that it was not, and is to be sent again. 408, 499 and any
other 5xx leave it open, whatever header they bear: the message then waits for a person.
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from hub.connectors.budget import Window
from hub.connectors.http import Call, Verdict, retry_after_seconds
from hub.connectors.http.meaning import GAVE_UP
from hub.connectors.notify.message import as_fields
from hub.connectors.outcome import Done, Refused, RetryAt, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.budget import Share
    from hub.connectors.clock import Clock
    from hub.connectors.http import Vendor
    from hub.connectors.notify.message import Message
    from hub.connectors.outcome import Answer, Because, Outcome
    from hub.settings import Secret

WAIT_SECONDS = 30.0
LATER = (425, 429)
_BECAUSE: Mapping[int, Because] = {
    **dict.fromkeys((401, 403, 404, 405, 407, 410), "authorisation"),
}
"""These are about the address, not about a message; the rest of 4xx is."""


class Webhook:
    """An address that takes messages."""

    def __init__(self, secret: Secret, *, per_minute: int, to: tuple[str, ...] = ()) -> None:
        self.windows = (Window(name="minute", most=per_minute, seconds=60, pace=1.0),)
        self._secret = secret
        self._to = to

    async def send(self, vendor: Vendor, message: Message, share: Share) -> Outcome:
        to = message.to or self._to
        fields = as_fields(msgspec.structs.replace(message, to=to))
        body = msgspec.json.encode({"id": message.id, **fields})
        call = Call(
            method="POST",
            path="",
            headers=self._headers(message, body, vendor.budget.clock),
            body=body,
            verb="blind",
            share=share,
            answers="text",
        )
        return await vendor.call(call)

    def unfit(self, to: tuple[str, ...]) -> Refused | None:
        del to
        return None

    async def look(self, vendor: Vendor) -> Outcome | None:
        del vendor
        return None

    def record_of(self, message: Message, done: Done) -> str:
        del done
        return message.id

    def judge(self, answer: Answer) -> Verdict:
        asked, status = retry_after_seconds(answer), answer.status
        if status in LATER or (status == 503 and asked is not None):  # noqa: PLR2004
            return _later(answer, asked or WAIT_SECONDS)
        if status < 300:  # noqa: PLR2004
            return Verdict(outcome=Done(sentence=f"It was taken ({status}).", answer=answer))
        if status >= 500 or status in GAVE_UP:  # noqa: PLR2004
            sentence = f"It was answered {status}: it may have been taken all the same."
            return Verdict(outcome=Unknown(sentence=sentence))
        return Verdict(outcome=_refused(status))

    def _headers(self, message: Message, body: bytes, clock: Clock) -> dict[str, str]:
        at = str(int(clock.now().timestamp()))
        return {
            "Content-Type": "application/json",
            "X-Hub-Delivery": message.id,
            "X-Hub-Timestamp": at,
            "X-Hub-Signature": signature(self._secret, at, body),
        }


def signature(secret: Secret, timestamp: str, body: bytes) -> str:
    """Sign a body as it is sent at a moment."""
    said = timestamp.encode() + b"\n" + body
    return f"sha256={hmac.digest(secret.reveal().encode(), said, 'sha256').hex()}"


def _later(answer: Answer, seconds: float) -> Verdict:
    outcome = RetryAt(
        sentence=f"It was answered {answer.status}, and asked to come later.",
        at=answer.at + timedelta(seconds=seconds),
    )
    return Verdict(outcome=outcome, stop_seconds=seconds, stop_why=f"it answered {answer.status}")


def _refused(status: int) -> Refused:
    because = _BECAUSE.get(status, "data")
    step = "Mend the flow, or what receives it."
    if because == "authorisation":
        step = "See that the address is right, and that its receiver knows the connection's secret."
    return Refused(
        sentence=f"It was refused with {status}. {step}", because=because, reason=str(status)
    )
