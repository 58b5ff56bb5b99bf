"""Answer what is no request, or fails, in JSON as everything else, and repeat none of it.

aiohttp by itself sends back what it could not read, and writes it to the log with a traceback: a
header that came broken may hold a password.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import http_exceptions, web

if TYPE_CHECKING:
    from aiohttp.web_protocol import RequestHandler as Protocol
else:
    from aiohttp.web import RequestHandler as Protocol

TOO_LONG = "The first line, and each header, may have at most 8,190 bytes."
NO_REQUEST = (
    "This is no HTTP/1.1 request: expected a method, a path and headers without control characters."
)
BROKEN_BODY = "The body did not come as the headers say (its length, chunks or compression)."
UNFORESEEN = "An error nobody foresaw; the hub's log tells more. Send the same again later."

_log = logging.getLogger(__name__)


class Runner(web.AppRunner):
    """Runs an application whose connections tell of errors in the hub's way."""

    __slots__ = ()

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        return _Server(made.request_handler, request_factory=made.request_factory, **self._kwargs)


class _Server(web.Server):
    def __call__(self) -> Protocol:
        return _Connection(self, loop=self._loop, **self._kwargs)


class _Connection(Protocol):
    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = HTTPStatus.INTERNAL_SERVER_ERROR,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - it repeats what was sent
    ) -> web.StreamResponse:
        """Give the answer to what could not be read or answered."""
        if isinstance(exc, web.RequestPayloadError):
            status = HTTPStatus.BAD_REQUEST
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self.log_exception("A request failed in a way nobody foresaw.", exc_info=exc)
        else:
            _log.debug("What was sent cannot be read: %s", type(exc).__name__)
        if request.writer.output_size > 0:
            raise ConnectionError("the answer is on its way already")
        answer = web.Response(
            status=status,
            body=msgspec.json.encode({"error": _sentence(status, exc)}),
            content_type="application/json",
        )
        answer.force_close()
        return answer

    def log_exception(self, *args: Any, **named: Any) -> None:
        """Write to the log what is a fault of ours; a broken body is none, and was answered."""
        if not isinstance(named.get("exc_info"), web.RequestPayloadError):
            super().log_exception(*args, **named)


def _sentence(status: int, error: BaseException | None) -> str:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return UNFORESEEN
    if isinstance(error, web.RequestPayloadError):
        return BROKEN_BODY
    return TOO_LONG if isinstance(error, http_exceptions.LineTooLong) else NO_REQUEST
