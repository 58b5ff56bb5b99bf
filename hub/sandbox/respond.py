"""Answers as they go out over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from aiohttp import web

if TYPE_CHECKING:
    from hub.sandbox.system import Answer

JSON = "application/json;charset=UTF-8"

encode = msgspec.json.Encoder(decimal_format="number").encode
"""Write a value as JSON; money, which is a Decimal inside, becomes a number."""


def respond(answer: Answer) -> web.Response:
    """Make of an answer what goes out."""
    headers = dict(answer.headers)
    if answer.body is None:
        return web.Response(status=answer.status, headers=headers)
    if isinstance(answer.body, bytes):
        return web.Response(status=answer.status, body=answer.body, headers=headers)
    if not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = JSON
    return web.Response(status=answer.status, body=encode(answer.body), headers=headers)


def drop(http: web.Request) -> web.Response:
    """Break the connection off; what is returned is for nobody."""
    if http.transport is not None:
        http.transport.abort()
    return web.Response()
