"""The road `push`: a system of your own sends each record that changed, signed, and is answered.

    POST   /in/{connection}/{kind}/{record}?at=TIME    the record as it is now, a JSON object
    DELETE /in/{connection}/{kind}/{record}?at=TIME    the record is gone

`at` is when the system itself says it happened, in ISO 8601 with a zone or in milliseconds since
1970, no more than a day ahead; it may be left out. 200 with the position means that it is durable.
After 503, or no answer at all, send the same again: what was kept already is not kept twice.

The record is kept as it came, to the byte: where a name stands twice in an object, both are in the
log, and the last counts. It may hold at most 300 objects and lists within one another, and no
number of more than 1,000 characters.

X-Hub-Signature is `sha256=` and, in hexadecimal, the HMAC-SHA256 under the connection's secret of

    the method, a line feed, the path with its query exactly as sent, a line feed, the body

so that nobody can turn a signed record into another record, another time or a deletion. The body
is signed as it is before any compression. X-Hub-Origin may name who made the change, in the
system's own words; it is then signed too, as a line of its own before the body.
"""

from __future__ import annotations

import hmac
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
from aiohttp import web

from hub.errors import EventRefused
from hub.inbound.door import answered, body_of, refused
from hub.log.change import Change

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.inbound.receive import Receiver
    from hub.settings import Connection

PATH = "/in/{connection}/{kind}/{record}"

_OWN_ORIGIN = re.compile(r"(hub|operator)(:|$)")
_MILLISECONDS = re.compile(r"-?[0-9]{1,15}")
AHEAD_MAX = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one connection before its first request."""

    name: str
    key: bytes
    keep_out: frozenset[str]


class Push:
    """Answers the requests of all connections that push."""

    def __init__(
        self, connections: Mapping[str, Connection], receiver: Receiver, bytes_max: int
    ) -> None:
        self._doors = {
            name: _door(name, one) for name, one in connections.items() if one.system == "push"
        }
        self._receiver = receiver
        self._bytes_max = bytes_max

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(PATH, self._answer),
            web.delete(PATH, self._answer),
            web.route("*", PATH, _other_method),
        ]

    async def _answer(self, request: web.Request) -> web.Response:
        door = self._doors.get(request.match_info["connection"])

        async def take(trace: str) -> web.Response:
            position = await self._take(request, door, trace)
            return web.Response(
                body=b'{"position": %d}' % position, content_type="application/json"
            )

        return await answered(request, "push", door.name if door else None, take)

    async def _take(self, request: web.Request, door: Door | None, trace: str) -> int:
        if door is None:
            raise EventRefused(
                "There is no connection of this name that pushes; hub.toml lists them.", status=404
            )
        body = await body_of(request, self._bytes_max)
        origin = request.headers.get("X-Hub-Origin")
        _must_be_signed(request, door, origin, body)
        place = request.match_info
        if "/" in place["kind"]:
            raise EventRefused("A kind is a name without a slash.")
        if origin is not None and _OWN_ORIGIN.match(origin):
            raise EventRefused("X-Hub-Origin: `hub` and `operator:` stand for the hub's own acts.")
        change = Change(
            connection=door.name,
            kind=place["kind"],
            record=place["record"],
            road="push",
            data=body if request.method == "POST" else None,
            at=_at(request) if request.rel_url.raw_query_string else None,
            origin=origin,
            trace=trace,
        )
        return await self._receiver.receive(change, door.keep_out)


def signature(
    secret: bytes, method: str, target: str, body: bytes, origin: str | None = None
) -> str:
    """Give the value of X-Hub-Signature; `target` is the path with its query, as it is sent."""
    lines = [method, target] if origin is None else [method, target, origin]
    head = "\n".join([*lines, ""]).encode("utf-8", "surrogateescape")
    return f"sha256={hmac.digest(secret, head + body, 'sha256').hex()}"


def _door(name: str, connection: Connection) -> Door:
    assert connection.secret is not None
    key = connection.secret.reveal().encode("utf-8", "surrogateescape")
    return Door(name=name, key=key, keep_out=frozenset(connection.keep_out))


def _must_be_signed(request: web.Request, door: Door, origin: str | None, body: bytes) -> None:
    given = request.headers.get("X-Hub-Signature")
    if given is None:
        raise EventRefused("X-Hub-Signature is missing; expected sha256=<HMAC>.", status=401)
    expected = signature(door.key, request.method, request.raw_path, body, origin)
    if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), expected.encode()):
        raise EventRefused(
            "X-Hub-Signature does not fit. Signed are the method, the path with its query and the "
            "body, with a line feed between them, under the secret of this connection.",
            status=401,
        )


def _at(request: web.Request) -> datetime | None:
    """Read when it happened; a time to come would hold back every later word about the record."""
    if strange := set(request.query) - {"at"}:
        raise EventRefused(f"{min(strange)[:40]!r} in the query is not known; expected at.")
    at = _time(request.query["at"])
    if at > datetime.now(UTC) + AHEAD_MAX:
        raise EventRefused(
            f"at: {at:%Y-%m-%d %H:%M} UTC lies more than a day ahead. Is the clock there right?"
        )
    return at


def _time(text: str) -> datetime:
    try:
        if _MILLISECONDS.fullmatch(text):
            return _EPOCH + timedelta(milliseconds=int(text))
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise EventRefused(
        "at: expected a time like 2026-03-01T12:00:00Z, or milliseconds since 1970, found "
        f"{text[:40]!r}. A + in a query is written %2B."
    )


async def _other_method(request: web.Request) -> web.Response:
    answer = refused(405, f"Here a record is sent with POST or DELETE, not {request.method}.")
    answer.headers["Allow"] = "POST, DELETE"
    return answer
