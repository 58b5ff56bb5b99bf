"""The keys that Zoho Desk proves its webhooks with, as its own data centre shows them.

They are kept; a key that is not known has them read again, at most once in a minute, for anybody
can name a key that there is not. They are read from the one address that the settings lead to,
never from one that a hook names, and without the connection's token.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any

import aiohttp
import jwt
import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

PATH = "/.well-known/jwks.json"
SECONDS_MAX = 2.0
AGAIN_SECONDS = 60.0
BYTES_MAX = 65_536

_log = logging.getLogger(__name__)


class Keys:
    """The keys of one data centre."""

    def __init__(self, base_url: str) -> None:
        self._url = base_url.rstrip("/") + PATH
        self._known: dict[str, jwt.PyJWK] = {}
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()

    def of(self, name: str) -> jwt.PyJWK | None:
        """Give a key that is known."""
        return self._known.get(name)

    async def learn(self, name: str) -> None:
        """Read the keys again if one is not known, and if that was not tried a moment ago."""
        async with self._reading:
            if name in self._known or time.monotonic() - self._read_at < AGAIN_SECONDS:
                return
            self._read_at = time.monotonic()
            try:
                self._known = _keys(await self._read())
            except (aiohttp.ClientError, OSError, ValueError, jwt.PyJWTError) as error:
                # Whoever sent the hook is answered that it is not believed; polling finds the rest.
                why = f"{error}" or type(error).__name__
                _log.warning("The keys at %s could not be read: %s", self._url, why)

    async def _read(self) -> Mapping[str, Any]:
        timeout = aiohttp.ClientTimeout(total=SECONDS_MAX)
        async with (
            aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session,
            session.get(self._url, allow_redirects=False) as answer,
        ):
            answer.raise_for_status()
            return msgspec.json.decode(await _whole(answer.content), type=dict[str, Any])


async def _whole(content: aiohttp.StreamReader) -> bytes:
    """Read to the end, in however many pieces it comes, and never more than so much."""
    body = bytearray()
    async for piece in content.iter_any():
        body += piece
        if len(body) > BYTES_MAX:
            raise ValueError(f"expected at most {BYTES_MAX} bytes of keys, found more")
    return bytes(body)


def _keys(said: Mapping[str, Any]) -> dict[str, jwt.PyJWK]:
    found = jwt.PyJWKSet.from_dict(dict(said))
    return {key.key_id: key for key in found.keys if key.key_id}
