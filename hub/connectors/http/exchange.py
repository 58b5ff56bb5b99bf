"""Send a call once, and read its answer; nothing that goes wrong with that leaves as an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import msgspec
from yarl import URL

from hub import __version__
from hub.connectors.budget.places import CALL_SECONDS_MAX
from hub.connectors.outcome import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import SimpleNamespace

    from hub.connectors.clock import Clock
    from hub.connectors.http.call import Call

CONNECT_SECONDS_MAX = 10.0
KEEP_ALIVE_SECONDS = 10.0
"""Short: a call over a connection that the vendor has just closed is one whose fate is unknown."""


class Lost(msgspec.Struct, frozen=True, kw_only=True):
    """No answer, or none that could be taken in; whether anything of the call had left."""

    left: bool
    how: str


async def exchange(
    session: aiohttp.ClientSession,
    call: Call,
    url: URL,
    authorization: Mapping[str, str],
    clock: Clock,
) -> Answer | Lost:
    """Make one attempt."""
    sent = _Sent()
    try:
        async with session.request(
            call.method,
            url,
            data=call.body,
            headers={**call.headers, **authorization},
            timeout=_timeout(call),
            allow_redirects=False,
            trace_request_ctx=sent,
        ) as response:
            body = await _read(response, call.answer_bytes_max)
            headers = {name.lower(): value for name, value in response.headers.items()}
    except TimeoutError:
        return Lost(left=sent.left, how=f"none came within {_seconds_max(call):g} s")
    except (aiohttp.ClientError, OSError) as error:
        # Only the kind of error: its text may repeat the URL with what was asked for.
        return Lost(left=sent.left, how=f"{type(error).__name__} on the way")
    if body is None:
        return Lost(left=True, how=f"it was larger than {call.answer_bytes_max} bytes")
    return Answer(status=response.status, headers=headers, body=body, at=clock.now())


def open_session() -> aiohttp.ClientSession:
    """Open what a connection calls over."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE_SECONDS),
        # A vendor's cookies would carry state from one call into another.
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": f"hub/{__version__}"},
        trace_configs=[_watch()],
    )


def url_of(base_url: str, call: Call) -> URL:
    """Give where to call: on the token's own host, whatever stands in the path."""
    if not call.path:
        return URL(base_url, encoded=True).update_query(call.params)
    if not call.path.startswith("/") or call.path.startswith("//") or "/../" in f"{call.path}/":
        message = f"expected a path from the root without '..', found {call.path}"
        raise ValueError(message)
    return URL(base_url.rstrip("/") + call.path, encoded=True).update_query(call.params)


class _Sent:
    """Whether a call has begun to leave."""

    left = False


class _Again(aiohttp.ClientError):
    """The library was about to send a call a second time."""


def _watch() -> aiohttp.TraceConfig:
    """Note when a call leaves, and hold the library to one attempt.

    aiohttp sends a PUT or DELETE once more by itself when a connection it kept open breaks.
    """

    async def leaves(_: object, context: SimpleNamespace, __: object) -> None:
        context.trace_request_ctx.left = True

    async def begins(_: object, context: SimpleNamespace, __: object) -> None:
        if context.trace_request_ctx.left:
            raise _Again

    watch = aiohttp.TraceConfig()
    watch.on_request_headers_sent.append(leaves)
    watch.on_connection_create_start.append(begins)
    watch.on_connection_reuseconn.append(begins)
    return watch


def _timeout(call: Call) -> aiohttp.ClientTimeout:
    seconds = _seconds_max(call)
    return aiohttp.ClientTimeout(total=seconds, sock_connect=min(CONNECT_SECONDS_MAX, seconds))


def _seconds_max(call: Call) -> float:
    return min(call.seconds_max, CALL_SECONDS_MAX)


async def _read(response: aiohttp.ClientResponse, bytes_max: int) -> bytes | None:
    """Read the whole answer, unpacked; None if it is larger than it may be."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > bytes_max:
            response.close()
            return None
    return bytes(body)
