"""What a call comes to whose answer is lost, broken, or not the vendor's own."""

from __future__ import annotations

import asyncio
import gzip
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from hub.connectors.outcome import Done, Outcome, Refused, RetryAt, Unknown
from tests.connectors.vendor import a_line, always

if TYPE_CHECKING:
    from collections.abc import Callable

HTML = b"<!doctype html><html><body>Service unavailable</body></html>"


@pytest.mark.parametrize("status", [200, 500, 502, 503])
async def test_a_page_instead_of_json_leaves_a_write_unknown(
    answered: Callable[..., Any], status: int
) -> None:
    page = always(lambda: web.Response(status=status, body=HTML, content_type="text/html"))
    async with answered(page) as vendor:
        assert isinstance(await vendor.write(), Unknown)


@pytest.mark.parametrize("status", [200, 400, 404, 500])
async def test_a_page_instead_of_json_says_nothing_of_a_record(
    answered: Callable[..., Any], status: int
) -> None:
    page = always(lambda: web.Response(status=status, body=HTML, content_type="text/html"))
    async with answered(page) as vendor:
        told = await vendor.read()

    assert isinstance(told, RetryAt)
    assert "text/html" in told.sentence


@pytest.mark.parametrize(
    ("status", "outcome"), [(400, RetryAt), (404, RetryAt), (408, Unknown), (499, Unknown)]
)
async def test_a_gateway_that_did_not_wait_leaves_a_write_unknown(
    answered: Callable[..., Any], status: int, outcome: type[Outcome]
) -> None:
    page = always(lambda: web.Response(status=status, body=HTML, content_type="text/html"))
    async with answered(page) as vendor:
        assert isinstance(await vendor.write(), outcome)


async def test_a_page_with_429_stops_the_connection(answered: Callable[..., Any]) -> None:
    page = always(lambda: web.Response(status=429, body=HTML, headers={"Retry-After": "120"}))
    async with answered(page) as vendor:
        told = [await vendor.write(), await vendor.write()]

    assert all(isinstance(each, RetryAt) for each in told)
    assert "429" in told[1].sentence


@pytest.mark.parametrize(
    "body", [b'{"code":0,"invoice":{"invoice_id":"46', b"\xff", b"]", b"[" * 100_000]
)
async def test_json_that_breaks_off_leaves_a_write_unknown(
    answered: Callable[..., Any], body: bytes
) -> None:
    broken = always(lambda: web.Response(status=201, body=body, content_type="application/json"))
    async with answered(broken) as vendor:
        assert isinstance(await vendor.write(), Unknown)
        assert isinstance(await vendor.read(), RetryAt)


async def test_json_that_the_connector_cannot_make_out_leaves_a_write_unknown(
    answered: Callable[..., Any],
) -> None:
    async with answered(always(lambda: web.json_response(["quite", "another"]))) as vendor:
        assert isinstance(await vendor.write(), Unknown)
        assert isinstance(await vendor.read(), RetryAt)


async def test_a_body_shorter_than_announced_leaves_a_write_unknown(
    lined: Callable[..., Any],
) -> None:
    async def cut(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b'{"message":')
        await writer.drain()
        writer.close()

    async with lined(cut) as (vendor, _):
        assert isinstance(await vendor.write(), Unknown)
        assert isinstance(await vendor.read(), RetryAt)


async def test_a_socket_that_hangs_leaves_a_write_unknown(lined: Callable[..., Any]) -> None:
    async def hang(_: bytes, __: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0)

    async with lined(hang) as (vendor, _):
        told = await vendor.write(seconds_max=0.1)
        assert isinstance(told, Unknown)
        assert "within 0.1 s" in told.sentence
        assert "looks for its mark" in told.sentence
        assert isinstance(await vendor.read(seconds_max=0.1), RetryAt)


async def test_a_socket_that_hangs_in_the_middle_of_an_answer_leaves_a_write_unknown(
    lined: Callable[..., Any],
) -> None:
    async def hang(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
        await writer.drain()

    async with lined(hang) as (vendor, _):
        assert isinstance(await vendor.write(seconds_max=0.2), Unknown)


async def test_a_connection_dropped_after_sending_leaves_a_write_unknown(
    lined: Callable[..., Any],
) -> None:
    async def drop(_: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0)
        writer.transport.abort()

    async with lined(drop) as (vendor, line):
        assert isinstance(await vendor.write(), Unknown)
        assert isinstance(await vendor.read(), RetryAt)
        assert len(line.requests) == 2


@pytest.mark.parametrize(
    "said",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"HTTP/1.1 2xx OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100_000 + b"\r\nContent-Length: 2\r\n\r\n{}",
    ],
)
async def test_an_answer_that_is_no_http_leaves_a_write_unknown(
    lined: Callable[..., Any], said: bytes
) -> None:
    async def babble(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        await writer.drain()
        writer.close()

    async with lined(babble) as (vendor, _):
        assert isinstance(await vendor.write(), Unknown)
        assert isinstance(await vendor.read(), RetryAt)


async def test_a_blind_write_whose_answer_is_lost_asks_for_a_person(
    lined: Callable[..., Any],
) -> None:
    async def drop(_: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0)
        writer.transport.abort()

    async with lined(drop) as (vendor, _):
        told = await vendor.write(verb="blind")

    assert isinstance(told, Unknown)
    assert "inbox" in told.sentence


async def test_a_write_that_never_left_is_tried_again(at: Callable[..., Any]) -> None:
    # given a port on which nobody listens
    async with a_line(_never) as (_, url):
        pass
    async with at(url) as vendor:
        told = await vendor.write(verb="blind")

    assert isinstance(told, RetryAt)
    assert "could not be sent" in told.sentence


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST", "GET"])
async def test_no_call_is_sent_twice_when_a_kept_connection_breaks(
    lined: Callable[..., Any], method: str
) -> None:
    # given a vendor that answers once and then drops the connection that was kept open
    count = 0

    async def once(_: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal count
        count += 1
        if count > 1:
            writer.transport.abort()
            return
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{"message":"ok"}')
        await writer.drain()

    async with lined(once) as (vendor, line):
        assert isinstance(await vendor.write(), Done)

        # when
        told = await vendor.write(method=method)

        # then
        assert isinstance(told, Unknown)
        assert len(line.requests) == 2


async def test_an_answer_that_is_too_large_is_not_taken_in(answered: Callable[..., Any]) -> None:
    # given a megabyte that comes packed into a thousand bytes
    packed = gzip.compress(b'"' + b"x" * 1_000_000 + b'"')
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    async with answered(always(lambda: web.Response(body=packed, headers=headers))) as vendor:
        told = await vendor.read(answer_bytes_max=100_000)
        assert isinstance(told, RetryAt)
        assert "larger than 100000 bytes" in told.sentence
        assert isinstance(await vendor.write(answer_bytes_max=100_000), Unknown)
        assert not isinstance(await vendor.read(answer_bytes_max=2_000_000), Unknown)


async def test_a_redirect_is_not_followed(answered: Callable[..., Any]) -> None:
    # given a vendor that leads elsewhere
    seen: list[str] = []

    async def lead(request: web.Request) -> web.StreamResponse:
        seen.append(request.path)
        return web.Response(status=307, headers={"Location": "https://elsewhere.example/x"})

    async with answered(lead) as vendor:
        told = await vendor.read("/contacts")

    assert isinstance(told, Refused)
    assert told.because == "authorisation"
    assert "elsewhere.example" in told.sentence
    assert seen == ["/contacts"]


@pytest.mark.parametrize("place", ["http://[", "", "/x", "https://a:b:c/"])
async def test_a_redirect_to_nowhere_is_not_followed_either(
    answered: Callable[..., Any], place: str
) -> None:
    async with answered(
        always(lambda: web.Response(status=302, headers={"Location": place}))
    ) as vendor:
        assert isinstance(await vendor.read(), Refused)


async def test_not_modified_is_no_redirect(answered: Callable[..., Any]) -> None:
    async with answered(always(lambda: web.Response(status=304))) as vendor:
        assert isinstance(await vendor.read(), Done)


async def _never(_: bytes, __: asyncio.StreamWriter) -> None:
    raise AssertionError
