"""Send signed records as fast as they are answered:

    sender.py PORT CONNECTIONS REQUESTS ROUND KEY [FILE]

They are pushed to the shop, 350 bytes each. With a file, which holds the body of one webhook of
Zoho Books, each is such a webhook of one payment, changed a second after it was last.

A bare protocol over sockets, because a whole HTTP client would be what is measured.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import uvloop

if TYPE_CHECKING:
    from collections.abc import Callable

    Request = Callable[[int], bytes]

RECORDS = 1_000
PAYMENT_ID = b"4600000000000000000"
MOMENT = b"2026-03-02T10:00:00+0000"
"""What stands in the file for the payment and for when it was last changed."""


async def main(port: int, connections: int, requests: int, request: Request) -> None:
    payloads = iter([request(number) for number in range(requests)])
    waits: list[float] = []
    started = time.perf_counter()
    await asyncio.gather(*(_talk(port, payloads, waits) for _ in range(connections)))
    seconds = time.perf_counter() - started
    waits.sort()
    print(
        json.dumps(
            {
                "rate": requests / seconds,
                "p50_ms": round(waits[len(waits) // 2] * 1000, 3),
                "p99_ms": round(waits[int(len(waits) * 0.99)] * 1000, 3),
            }
        )
    )


async def _talk(port: int, payloads: object, waits: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for payload in payloads:  # type: ignore[attr-defined]
        started = time.perf_counter()
        writer.write(payload)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            sys.exit(f"expected 200, found {head[:100]!r}")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        waits.append(time.perf_counter() - started)
    writer.close()


def _pushed(port: int, round_: int, key: str) -> Request:
    def request(number: int) -> bytes:
        path = f"/in/shop/orders/{number % RECORDS}"
        body = b'{"id":"%d-%d","name":"Zylker","note":"%s"}' % (round_, number, b"a" * 305)
        signature = _signed(key, b"POST\n%s\n%s" % (path.encode(), body))
        return _post(port, path, f"X-Hub-Signature: sha256={signature}", body)

    return request


def _told(port: int, round_: int, key: str, file: str) -> Request:
    usual = Path(file).read_bytes()

    def request(number: int) -> bytes:
        seconds, record = divmod(round_ * 1_000_000 + number, RECORDS)
        hours, minutes = seconds // 3600 % 24, seconds // 60 % 60
        moment = f"2026-03-{3 + seconds // 86_400:02d}T{hours:02d}:{minutes:02d}:{seconds % 60:02d}"
        body = usual.replace(PAYMENT_ID, b"46%017d" % record)
        body = body.replace(MOMENT, moment.encode() + b"+0000")
        return _post(port, "/hooks/books", f"X-Zoho-Webhook-Signature: {_signed(key, body)}", body)

    return request


def _signed(key: str, said: bytes) -> str:
    return hmac.new(key.encode(), said, hashlib.sha256).hexdigest()


def _post(port: int, path: str, signature: str, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"{signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


if __name__ == "__main__":
    port, connections, requests, round_ = map(int, sys.argv[1:5])
    key, file = sys.argv[5], sys.argv[6:7]
    request = _told(port, round_, key, *file) if file else _pushed(port, round_, key)
    uvloop.run(main(port, connections, requests, request))
