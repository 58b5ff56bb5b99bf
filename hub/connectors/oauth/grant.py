"""Ask a token endpoint for a grant, and say what its answer means."""

from __future__ import annotations

from base64 import b64encode
from typing import Any, Literal

import aiohttp
import msgspec

from hub.settings import Secret

ANSWER_BYTES_MAX = 65_536
CALL_SECONDS_MAX = 20.0
HOUR_SECONDS = 3600.0

# Only consent given anew, or other credentials, help with these.
_DEAD = frozenset({
    "invalid_code", "invalid_client", "invalid_client_id", "invalid_client_secret",
    "invalid_grant", "invalid_refresh_token", "unauthorized_client",
})  # fmt: skip
_THROTTLED = frozenset({"access denied", "access_denied"})


class Client(msgspec.Struct, frozen=True, kw_only=True):
    """What the hub is to a vendor."""

    client_id: str
    client_secret: Secret


class Granted(msgspec.Struct, frozen=True, kw_only=True):
    """What a token endpoint gave."""

    access_token: Secret
    seconds: float
    api_domain: str = ""
    """Where the vendor says that its API is; empty where it does not."""
    refresh_token: Secret | None = None
    scopes: frozenset[str] = frozenset()


class NotGranted(msgspec.Struct, frozen=True, kw_only=True):
    """Why it gave nothing: for good, for having been asked too often, or for now."""

    sort: Literal["dead", "throttled", "passing"]
    reason: str


async def ask(token_url: str, **form: str) -> Granted | NotGranted:
    """Ask a token endpoint once; the secrets go in the form, for URLs end up in logs."""
    return await _ask(token_url, form, {})


async def ask_as(client: Client, token_url: str, **form: str) -> Granted | NotGranted:
    """Ask once, where the client proves itself by a header and by nothing in the form."""
    pair = f"{client.client_id}:{client.client_secret.reveal()}"
    proof = f"Basic {b64encode(pair.encode()).decode()}"
    return await _ask(token_url, form, {"Authorization": proof})


def judge_grant(status: int, body: bytes) -> Granted | NotGranted:
    """Say what an answer of a token endpoint means. Zoho's errors come with HTTP 200: there is a
    grant exactly where there is an access token.
    """
    try:
        said = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # The cause is left out: it may repeat what was said.
        return NotGranted(
            sort="passing", reason=f"an answer {status} that is not the JSON expected"
        )
    if text := _text(said, "access_token"):
        renewable = _text(said, "refresh_token")
        return Granted(
            access_token=Secret(text),
            seconds=_seconds(said.get("expires_in")),
            api_domain=_text(said, "api_domain") or _text(said, "instance_url"),
            refresh_token=Secret(renewable) if renewable else None,
            scopes=frozenset(_text(said, "scope").replace(",", " ").split()),
        )
    error = _text(said, "error")
    reason = error[:80] or f"an answer {status} without a token"
    if error in _DEAD:
        why = _text(said, "error_description")[:120]
        return NotGranted(sort="dead", reason=f"{reason}: {why}" if why else reason)
    if error.casefold() in _THROTTLED:
        return NotGranted(sort="throttled", reason="too many requests for tokens")
    return NotGranted(sort="passing", reason=reason)


async def _ask(
    token_url: str, form: dict[str, str], headers: dict[str, str]
) -> Granted | NotGranted:
    timeout = aiohttp.ClientTimeout(total=CALL_SECONDS_MAX)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session,
            session.post(token_url, data=form, headers=headers, allow_redirects=False) as response,
        ):
            body = await response.content.read(ANSWER_BYTES_MAX)
            while len(body) < ANSWER_BYTES_MAX and (more := await response.content.read(4_096)):
                body += more
    except (aiohttp.ClientError, OSError) as error:
        return NotGranted(sort="passing", reason=f"{type(error).__name__} on the way")
    return judge_grant(response.status, body)


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""


def _seconds(said: object) -> float:
    """Give how long a token lives; an hour where that is not said in a way that can be used."""
    try:
        seconds = float(said)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return HOUR_SECONDS
    return seconds if 0 < seconds <= 24 * HOUR_SECONDS else HOUR_SECONDS
