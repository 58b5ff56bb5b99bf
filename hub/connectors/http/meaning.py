"""What it means that no answer came, or none that can be read: the same at every vendor.

An answer that can be read is the connector's to judge.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
from yarl import URL

from hub.connectors.http.call import Call, Verdict, retry_after_seconds
from hub.connectors.http.exchange import Lost
from hub.connectors.outcome import Answer, Outcome, Refused, RetryAt, Unknown

if TYPE_CHECKING:
    from hub.connectors.http.call import Judge

RETRY_SECONDS = 15.0
"""When to call again after a call that failed on the way; the caller waits longer each time."""

REDIRECTS = (301, 302, 303, 307, 308)
LEFT_ALONE = (429, 503)
"""With these a vendor, or the gateway before it, asks to be left alone."""

GAVE_UP = (408, 499)
"""With these a gateway says that it waited no longer: what it passed on may have been done."""

# What a judge stumbles over in an answer that is not what the vendor's pages promise.
_NO_WORD = (LookupError, TypeError, ValueError, ArithmeticError, AttributeError)

_NEXT_STEP = {
    "marked": "The hub looks for its mark before it writes again.",
    "readable": "The hub reads the record before it writes again.",
    "blind": "Nothing can tell: look there, and decide in the inbox.",
}
_JSON = msgspec.json.Decoder(msgspec.Raw)


class Meaning(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one call of a connection, seen at a moment."""

    connection: str
    call: Call
    at: datetime

    def of(self, answer: Answer | Lost, judge: Judge) -> Verdict:
        """Say what it means."""
        if isinstance(answer, Lost):
            return Verdict(outcome=self._lost(answer))
        if answer.status in REDIRECTS:
            return Verdict(outcome=self._redirected(answer))
        if not _can_be_read(self.call, answer):
            return self._unreadable(answer)
        try:
            verdict = judge(answer)
        except _NO_WORD:
            return self._unreadable(answer)
        if isinstance(verdict.outcome, Unknown) and self.call.verb == "read":
            again = self._again(verdict.outcome.sentence, _wait(answer))
            return msgspec.structs.replace(verdict, outcome=again)
        return verdict

    def _lost(self, lost: Lost) -> Outcome:
        if not lost.left:
            return self._again(f"{self._what} could not be sent ({lost.how}).")
        return self._after_sending(f"No answer to {self._what} could be read: {lost.how}.")

    def _redirected(self, answer: Answer) -> Refused:
        return Refused(
            sentence=f"{self._what} was answered with a redirect to {_leads_to(answer)}, which the "
            "hub does not follow: its token goes nowhere else. "
            f"Run `hub connect {self.connection}` if the account has moved.",
            because="authorisation",
            reason="redirected",
        )

    def _unreadable(self, answer: Answer) -> Verdict:
        """Judge an answer by its status alone: a page of some gateway, or JSON that breaks off.

        A 404 of a gateway says nothing of the record: it is never taken for a vendor's word.
        """
        kind = answer.headers.get("content-type", "nothing said of what it is")
        sentence = (
            f"{self._what} was answered {answer.status} with {len(answer.body)} bytes that are not "
            f"the JSON expected ({kind})."
        )
        was_refused = 400 <= answer.status < 500 and answer.status not in GAVE_UP  # noqa: PLR2004
        act = self._again if was_refused else self._after_sending
        return Verdict(
            outcome=act(sentence, _wait(answer)),
            stop_seconds=_wait(answer) if answer.status in LEFT_ALONE else 0,
            stop_why=f"it answered {answer.status}",
        )

    def _after_sending(self, sentence: str, seconds: float = RETRY_SECONDS) -> Outcome:
        if self.call.verb == "read":
            return self._again(sentence, seconds)
        return Unknown(sentence=f"{sentence} It may have been done. {_NEXT_STEP[self.call.verb]}")

    def _again(self, sentence: str, seconds: float = RETRY_SECONDS) -> RetryAt:
        at = self.at + timedelta(seconds=seconds)
        return RetryAt(sentence=f"{sentence} It is tried again by itself.", at=at)

    @property
    def _what(self) -> str:
        return f"{self.call.method} {self.call.path} at {self.connection}"


def _can_be_read(call: Call, answer: Answer) -> bool:
    if call.answers == "text":
        return True
    if call.answers == "bytes" and answer.status < 300:  # noqa: PLR2004
        return not answer.headers.get("content-type", "").startswith("text/html")
    try:
        str(answer.body, "utf-8")
        _JSON.decode(answer.body or b"null")  # reads it through, and makes nothing of it
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def _leads_to(answer: Answer) -> str:
    try:
        return URL(answer.headers.get("location", "")).host or "another place"
    except ValueError:
        return "another place"


def _wait(answer: Answer) -> float:
    return retry_after_seconds(answer) or RETRY_SECONDS
