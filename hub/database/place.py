"""Where the database is, in words without its password, and what was found when it was asked."""

from __future__ import annotations

import errno
import socket
from typing import TYPE_CHECKING

import asyncpg

from hub.observe.mask import mask

if TYPE_CHECKING:
    from hub.settings import Settings

_FOUND: dict[int | None, str] = {
    errno.ECONNREFUSED: "nothing listens there (connection refused)",
    errno.ECONNRESET: "it broke the connection off",
    errno.EPIPE: "it broke the connection off",
    errno.EHOSTUNREACH: "no way leads to that machine",
    errno.ENETUNREACH: "no way leads to that network",
    errno.ENOENT: "there is no such socket",
}


def place(settings: Settings) -> str:
    """Tell where the database is, without its password."""
    if settings.database.url is None:
        return f"the hub's own, in {settings.home}"
    # Masked first: a password may hold an @ or a / that somebody forgot to escape.
    url, _, _ = mask(settings.database.url.reveal()).partition("?")
    return url.partition("://")[2].rpartition("@")[2]


def advice(settings: Settings) -> str:
    """Tell what to do about a database that does not answer."""
    if settings.database.url is None:
        return "`hub db status` tells how it is, and where its log lies."
    return "See that it runs and can be reached from here, and that HUB_DATABASE_URL names it."


def found(error: Exception) -> str:
    """Tell what came instead of an answer, in words; nothing of the URL is repeated."""
    match error:
        case socket.gaierror():
            return "no machine of that name is known"
        case TimeoutError():
            return "no answer came in time"
        case asyncpg.PostgresError():
            return str(error)
        case asyncpg.InternalClientError() | asyncpg.InterfaceError():
            # What asyncpg says then is about its own states.
            return "it went away in the middle of an answer"
        case OSError():
            # asyncio puts several failed addresses into one error without a number.
            return _FOUND.get(error.errno) or _of_several(str(error)) or _plain(error)
    return type(error).__name__


def _of_several(text: str) -> str | None:
    refused = text.startswith("Multiple exceptions") and f"[Errno {errno.ECONNREFUSED}]" in text
    return _FOUND[errno.ECONNREFUSED] if refused else None


def _plain(error: OSError) -> str:
    return error.strerror or type(error).__name__
