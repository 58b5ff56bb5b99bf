"""The keys of Zoho Desk: read whole however they come, and never without an end."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from hub.connectors.zoho_desk.keys import BYTES_MAX, PATH, Keys
from tests.connectors.vendor import serving

PAUSE_SECONDS = 0.005


async def test_keys_that_come_in_many_pieces_are_read_whole() -> None:
    async with serving(in_pieces(shown(names=("k1", "k2")))) as url:
        keys = Keys(url)
        await keys.learn("k2")

    assert keys.of("k1") is not None
    assert keys.of("k2") is not None


async def test_keys_without_an_end_are_not_read() -> None:
    padded = {**shown(names=("k1",)), "padding": "x" * BYTES_MAX}
    async with serving(in_pieces(padded)) as url:
        keys = Keys(url)
        await keys.learn("k1")

    assert keys.of("k1") is None


def shown(*, names: tuple[str, ...]) -> dict[str, Any]:
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048).public_key()
    said = json.loads(RSAAlgorithm.to_jwk(key))
    return {"keys": [{**said, "kid": name, "alg": "RS256", "use": "sig"} for name in names]}


def in_pieces(said: dict[str, Any]) -> web.Application:
    """Answer with a piece at a time, each read there before the next is sent."""

    async def handle(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "application/json"})
        answer.enable_chunked_encoding()
        await answer.prepare(request)
        body = json.dumps(said).encode()
        for start in range(0, len(body), size := 1 + len(body) // 20):
            await answer.write(body[start : start + size])
            await asyncio.sleep(PAUSE_SECONDS)  # nothing tells that it was read
        await answer.write_eof()
        return answer

    app = web.Application()
    app.router.add_get(PATH, handle)
    return app
