"""Slack as far as messages go: chat.postMessage and auth.test by token, and an incoming webhook.

Whoever calls with a token is answered 200, with `ok: false` and a word where it was refused;
whoever posts to the webhook, with a status and a word.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from hub.errors import Refused
from hub.sandbox.notify.taken import Taken
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from datetime import datetime

    from hub.sandbox.system import Fields, Request
    from hub.sandbox.world import World

TOKEN = "xoxb-sandbox"  # noqa: S105 - documented: it opens nothing but made-up channels
HOOK = "/services/TSANDBOX/BSANDBOX/sandbox"
CHANNELS = ("#hub", "#finance", "#sales")
TEXT = {"Content-Type": "text/html"}
RETRY_SECONDS = 2
_STATUS = {"no_service": 404, "channel_is_archived": 410, "ratelimited": 429}


class SlackQuirks(msgspec.Struct, frozen=True, kw_only=True):
    """What can be switched."""

    messages_per_minute: int = 60
    """To one channel; Slack promises one a second, and lets short bursts through."""


class Slack(Taken):
    """One workspace, one bot, one webhook."""

    name = "slack"
    prefixes = ("/api/chat.postMessage", "/api/auth.test", "/services/TSANDBOX")

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.quirks = SlackQuirks()
        self._archived: set[str] = set()
        self._revoked: set[str] = set()

    def answer(self, request: Request) -> Answer:
        if request.method != "POST":
            return Answer(status=405, body=b"method_not_allowed", headers=TEXT)
        if request.path.startswith("/services/"):
            return self._hooked(request)
        word = self._unknown(request)
        if word or request.path == "/api/auth.test":
            return _said(word, {"user": "hub", "team": "Sandbox"})
        body = _json(request.body)
        channel, text = str(body.get("channel", "")), str(body.get("text", ""))
        word = self._unfit(channel, text)
        if word:
            return _said(word, {})
        message = self.take(channel=channel, text=text, by="token")
        return _said("", {"channel": f"C{channel[1:].upper()}", "ts": message["id"]})

    def fault(self, fault: str) -> Answer:
        """Say it as the API does; the act `revoke` is how a webhook ends."""
        match fault:
            case "rate_limited":
                return _said("ratelimited", {})
            case "token_expired":
                return _said("token_revoked", {})
            case "http_503":
                return Answer(status=503, body=b"<h1>Service Unavailable</h1>", headers=TEXT)
        return Answer(status=500, body={"ok": False, "error": "internal_error"})

    def act(self, act: str, kind: str, record: str, details: Fields) -> Fields:
        """Do `archive` to a channel, `revoke` or `restore` to the `token` or the `webhook`."""
        del details
        match act, kind:
            case "archive", "channels" if record in CHANNELS:
                self._archived.add(record)
            case "revoke", "token" | "webhook":
                self._revoked.add(kind)
            case "restore", "token" | "webhook":
                self._revoked.discard(kind)
            case _:
                raise Refused(
                    f"Slack knows archive of channels ({', '.join(CHANNELS)}), and revoke and "
                    f"restore of token and webhook: found {act!r} of {kind!r} {record!r}."
                )
        return {"kind": kind, "id": record, "done": act}

    def reset(self) -> None:
        super().reset()
        self._archived.clear()
        self._revoked.clear()

    def _hooked(self, request: Request) -> Answer:
        channel, text = CHANNELS[0], str(_json(request.body).get("text", ""))
        alive = request.path == HOOK and "webhook" not in self._revoked
        word = self._unfit(channel, text) if alive else "no_service"
        if word == "is_archived":
            word = "channel_is_archived"
        if word:
            headers = {**TEXT, **_retry(word)}
            return Answer(status=_STATUS.get(word, 400), body=word.encode(), headers=headers)
        self.take(channel=channel, text=text, by="webhook")
        return Answer(body=b"ok", headers=TEXT)

    def _unknown(self, request: Request) -> str:
        given = request.headers.get("authorization", "")
        if not given:
            return "not_authed"
        if given != f"Bearer {TOKEN}":
            return "invalid_auth"
        return "token_revoked" if "token" in self._revoked else ""

    def _unfit(self, channel: str, text: str) -> str:
        if channel not in CHANNELS:
            return "channel_not_found"
        if channel in self._archived:
            return "is_archived"
        if not text:
            return "no_text"
        return "ratelimited" if self._is_full(channel, self.world.clock.now()) else ""

    def _is_full(self, channel: str, now: datetime) -> bool:
        since = (now - timedelta(seconds=60)).isoformat()
        lately = [one for one in self.messages if one["channel"] == channel and one["at"] > since]
        return len(lately) >= self.quirks.messages_per_minute


def _said(word: str, more: Fields) -> Answer:
    if not word:
        return Answer(body={"ok": True, **more})
    status = 429 if word == "ratelimited" else 200
    return Answer(status=status, body={"ok": False, "error": word}, headers=_retry(word))


def _retry(word: str) -> dict[str, str]:
    return {"Retry-After": str(RETRY_SECONDS)} if word == "ratelimited" else {}


def _json(body: bytes) -> dict[str, Any]:
    try:
        said = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return {}
    return said if isinstance(said, dict) else {}
