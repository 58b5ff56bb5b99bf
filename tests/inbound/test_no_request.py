"""What is no request is answered in JSON, and nothing of it is repeated anywhere."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from hub.inbound.no_request import BROKEN_BODY, NO_REQUEST, TOO_LONG, UNFORESEEN, Runner

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CANARY = b"canary-5e1f"
LONG = CANARY * 900


@pytest.fixture
async def port() -> AsyncIterator[int]:
    async def read(request: web.Request) -> web.Response:
        await request.read()
        raise KeyError(CANARY.decode()) if request.path == "/fails" else web.HTTPNoContent

    app = web.Application()
    app.add_routes([web.route("*", "/{path:.*}", read)])
    runner = Runner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: Bearer " + CANARY + b"\x01\r\n\r\n", 400, NO_REQUEST),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + LONG + b"\r\n\r\n", 400, TOO_LONG),
        (b"GET /?" + LONG + b" HTTP/1.1\r\nHost: a\r\n\r\n", 400, TOO_LONG),
        (CANARY + b"\r\n\r\n", 400, NO_REQUEST),
        (
            b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + CANARY + b"\r\n",
            400,
            None,
        ),
        (
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nContent-Encoding: gzip\r\n\r\n"
            + CANARY,
            400,
            BROKEN_BODY,
        ),
    ],
    ids=["control character", "long header", "long query", "no request", "chunks", "compression"],
)
async def test_what_is_no_request_is_answered_in_json_and_nothing_of_it_is_repeated(
    sent: bytes, status: int, sentence: str | None, port: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    head, said = await exchanged(port, sent)

    assert f" {status} " in head.splitlines()[0]
    assert "Content-Type: application/json" in head
    assert said["error"] in ([sentence] if sentence else [NO_REQUEST, BROKEN_BODY])
    assert CANARY.decode() not in head + json.dumps(said) + caplog.text
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


async def test_a_failure_nobody_foresaw_is_in_the_log_and_not_in_the_answer(
    port: int, caplog: pytest.LogCaptureFixture
) -> None:
    head, said = await exchanged(port, b"GET /fails HTTP/1.1\r\nHost: a\r\n\r\n")

    assert " 500 " in head.splitlines()[0]
    assert said == {"error": UNFORESEEN}
    assert "KeyError" in caplog.text


async def exchanged(port: int, sent: bytes) -> tuple[str, Any]:
    async with asyncio.timeout(60):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        answer = await reader.read()
        writer.close()
    head, _, body = answer.decode().partition("\r\n\r\n")
    return head, json.loads(body)
