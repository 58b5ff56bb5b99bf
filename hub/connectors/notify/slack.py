"""Slack, by an incoming webhook (one channel, its address is the secret) or by a bot's token.

A token is refused with `ok: false` and HTTP 200; a webhook with a status and one word as text.
https://docs.slack.dev/reference/methods/chat.postMessage
https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
"""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec

from hub.connectors.budget import Window
from hub.connectors.http import Call, Verdict, retry_after_seconds
from hub.connectors.http.meaning import GAVE_UP, LEFT_ALONE
from hub.connectors.outcome import Done, Refused, RetryAt, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.budget import Share
    from hub.connectors.http import Vendor
    from hub.connectors.notify.message import Message
    from hub.connectors.outcome import Answer, Because, Outcome

PER_MINUTE = Window(name="minute", most=60, seconds=60, pace=1.0)
"""One message a second to a channel: held for all channels together, which is on the safe side."""

WAIT_SECONDS = 30.0

_CHANNELS = frozenset({"channel_not_found", "not_in_channel", "channel_is_archived", "is_archived"})

_BECAUSE: Mapping[str, Because] = {
    **dict.fromkeys(
        (
            "access_denied", "account_inactive", "action_prohibited", "ekm_access_denied",
            "enterprise_is_restricted", "invalid_auth", "invalid_token", "missing_scope",
            "no_active_hooks", "no_permission", "no_service", "no_service_id", "no_team",
            "not_allowed_token_type", "not_authed", "org_login_required", "restricted_action",
            "team_access_not_granted", "team_disabled", "token_expired", "token_revoked",
        ),
        "authorisation",
    ),
    **dict.fromkeys(_CHANNELS, "missing"),
}  # fmt: skip
"""Who can mend what Slack refuses with a word; what is not here is about the message itself."""

_MAY_BE_DONE = frozenset({"fatal_error", "internal_error"})
"""Of these Slack itself says that a part may have been done before they arose."""

_LATER = frozenset(
    {"ratelimited", "rate_limited", "request_timeout", "service_unavailable", "team_added_to_org"}
)
"""With these Slack itself says that it took nothing."""


class Slack:
    """A channel, or a workspace."""

    windows = (PER_MINUTE,)

    def __init__(self, *, to: tuple[str, ...] = (), by_token: bool) -> None:
        self._to = to
        self._by_token = by_token

    async def send(self, vendor: Vendor, message: Message, share: Share) -> Outcome:
        to = message.to or self._to
        unfit = self.unfit(to)
        if unfit is not None:
            return unfit
        body: dict[str, Any] = {"text": said(message), "unfurl_links": False}
        if self._by_token:
            body["channel"] = to[0]
        return await vendor.call(self._call("/api/chat.postMessage", body, share))

    async def look(self, vendor: Vendor) -> Outcome | None:
        if not self._by_token:
            return None
        call = self._call("/api/auth.test", {}, "contacts")
        return await vendor.call(msgspec.structs.replace(call, verb="read"))

    def record_of(self, message: Message, done: Done) -> str:
        if not self._by_token:
            return message.id
        told = done.answer.said()
        return f"{told['channel']}-{told['ts']}"

    def judge(self, answer: Answer) -> Verdict:
        word = _word(answer) if self._by_token else _text(answer)
        if not _may_be_done(answer, word):
            return _settled(answer, word)
        what = word or f"HTTP {answer.status}"
        return Verdict(outcome=Unknown(sentence=f"Slack failed with {what}."))

    def unfit(self, to: tuple[str, ...]) -> Refused | None:
        """Refuse what would go to another channel than is said, or to none."""
        if self._by_token and len(to) != 1:
            expected = "one channel in `to` of the message, or of the connection"
        elif not self._by_token and to and to != self._to:
            expected = "no `to`: a webhook posts to the channel it was made for, and no other"
        else:
            return None
        found = ", ".join(to) or "none"
        sentence = f"Expected {expected}; found {found}."
        return Refused(sentence=sentence, because="data", reason="channel")

    def _call(self, path: str, body: dict[str, Any], share: Share) -> Call:
        return Call(
            method="POST",
            path=path if self._by_token else "",
            headers={"Content-Type": "application/json; charset=utf-8"},
            body=msgspec.json.encode(body),
            verb="blind",
            share=share,
            answers="json" if self._by_token else "text",
        )


def _may_be_done(answer: Answer, word: str) -> bool:
    """Tell whether it may stand there; a failure that bears Retry-After proves nothing by it."""
    if word in _MAY_BE_DONE:
        return True
    failed = answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status in GAVE_UP
    turned_away = answer.status == HTTPStatus.SERVICE_UNAVAILABLE and word in _LATER
    return failed and not turned_away


def _settled(answer: Answer, word: str) -> Verdict:
    if word in _LATER or answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return _later(answer, word, retry_after_seconds(answer) or WAIT_SECONDS)
    if word == "ok":
        return Verdict(outcome=Done(sentence="Slack took it.", answer=answer))
    return Verdict(outcome=_refused(answer, word))


def said(message: Message) -> str:
    """Say it in Slack's own marks; what comes of records cannot call people or make links."""
    title = f"*{_escaped(message.title)}*" if message.subject else ""
    link = f"<{_escaped(message.link).replace('|', '%7C')}>" if message.link else ""
    return "\n".join(part for part in (title, _escaped(message.text), link) if part)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _word(answer: Answer) -> str:
    """Give the one word that an answer to a token comes to: `ok`, or why not."""
    told = answer.said()
    return "ok" if told["ok"] is True else str(told["error"])


def _text(answer: Answer) -> str:
    """Give the one word of an answer to a webhook; empty for a gateway's page."""
    text = answer.body[:80].decode("utf-8", "replace").strip()
    return text if text.replace("_", "").isalpha() else ""


def _later(answer: Answer, word: str, seconds: float) -> Verdict:
    why = word or f"HTTP {answer.status}"
    return Verdict(
        outcome=RetryAt(
            sentence=f"Slack asks to come back later ({why}).",
            at=answer.at + timedelta(seconds=seconds),
        ),
        stop_seconds=seconds if answer.status in LEFT_ALONE else 0,
        stop_why=f"Slack says {why}",
    )


def _refused(answer: Answer, word: str) -> Outcome:
    if answer.status < 300 and not word:  # noqa: PLR2004
        return Unknown(sentence=f"Slack answered {answer.status} with what is no word of Slack's.")
    because = _BECAUSE.get(word, "data")
    if not word:
        because = "authorisation"  # a gateway before Slack
    what = word or f"HTTP {answer.status}"
    step = "Mend the message, or the flow."
    if because == "authorisation":
        step = "Look at the app in Slack, give the connection its new secret, and start the hub."
    elif word in _CHANNELS:
        step = "Invite the app to the channel, or name another in `to`."
    return Refused(sentence=f"Slack refused it: {what}. {step}", because=because, reason=what)
