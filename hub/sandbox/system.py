"""What a played system is: it answers requests out of its memory, and tells the world of changes.

A system is synchronous and knows no network: a request goes in, an answer comes out, and what it
wants to send of its own accord (webhooks, notifications) it hands to the world. So the same calls
in the same order give the same answers, whoever makes them and however fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractAsyncContextManager

Fields = dict[str, Any]


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A call as it came in; `path` begins behind the host, `headers` have lower-case names."""

    method: str
    path: str
    query: Sequence[tuple[str, str]] = ()
    query_string: str = ""
    """The query as it was sent."""

    headers: Mapping[str, str] = {}
    body: bytes = b""
    base: str = ""
    """Scheme, host and port under which the caller reached the sandbox."""

    def param(self, name: str, default: str | None = None) -> str | None:
        """Give the first value of a query parameter."""
        return next((value for key, value in self.query if key == name), default)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What goes back: JSON (a bytes body goes as it is), or nothing at all."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = {}


class System(Protocol):
    """One played vendor."""

    @property
    def name(self) -> str:
        """As the control API calls it: `crm`, `books`, `accounts`."""

    @property
    def prefixes(self) -> Sequence[str]:
        """The paths that are its own."""

    quirks: Any
    """A msgspec struct of what can be switched; the control API replaces it as a whole."""

    def answer(self, request: Request) -> Answer:
        """Do what a call asks for, under the rules, limits and quirks of the vendor."""

    def fault(self, fault: str) -> Answer:
        """Say `http_500`, `http_503`, `rate_limited` or `token_expired` in the vendor's words."""

    def state(self) -> dict[str, list[Fields]]:
        """Give every record, in full, by kind."""

    def put(self, kind: str, fields: Fields) -> Fields:
        """Place a record silently, as if it had long been there; give it as it is. For seeding."""

    def edit(self, kind: str, record: str, fields: Fields) -> Fields:
        """Change a record as a person at the vendor's own screen does; give it as it is then."""

    def act(self, act: str, kind: str, record: str, details: Fields) -> Fields:
        """Do what a button at the vendor's own screen does (`close`, `pay`, `delete`, ...).

        `create` makes a record of `details`; its `record` is empty. The faults that happen at once
        (`channel_expired`, `stream_gap`) come as acts too, without a kind and a record. What is not
        there or cannot be done raises `Refused`.
        """

    def reset(self) -> None:
        """Forget every record and every subscription; a fresh organisation is left."""


@runtime_checkable
class AsksFirst(Protocol):
    """What a system also has that asks an address whether it is there, before it answers a call."""

    def asks_first(self, request: Request) -> str | None:
        """Give the address that is to answer with 200; None where none needs to."""

    def not_answered(self) -> None:
        """Know that it did not; `answer` follows at once."""


@runtime_checkable
class InFlight(Protocol):
    """What a system also has that counts the calls it has at a time."""

    def begin(self, request: Request) -> None:
        """Know that a call has come in; `answer` follows with the same request."""

    def end(self, request: Request) -> None:
        """Know that its answer has gone out, or never will."""


@runtime_checkable
class Listening(Protocol):
    """What a system also has that is reached on a port of its own."""

    port: int

    def listening(self, host: str, *, any_port: bool) -> AbstractAsyncContextManager[None]:
        """Listen for as long as the block lasts, at the port it is known for, if that is free."""
