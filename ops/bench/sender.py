"""Send signed records as fast as they are answered: sender.py PORT CONNECTIONS REQUESTS ROUND KEY.

A bare protocol over sockets, because a whole HTTP client would be what is measured.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import sys
import time

import uvloop


async def main(port: int, connections: int, requests: int, round_: int, key: str) -> None:
    payloads = iter([_request(port, round_, number, key) for number in range(requests)])
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


def _request(port: int, round_: int, number: int, key: str) -> bytes:
    path = f"/in/shop/orders/{number % 1000}"
    body = b'{"id":"%d-%d","name":"Zylker","note":"%s"}' % (round_, number, b"a" * 305)
    signed = b"POST\n%s\n%s" % (path.encode(), body)
    signature = hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"X-Hub-Signature: sha256={signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


if __name__ == "__main__":
    port, connections, requests, round_ = map(int, sys.argv[1:5])
    uvloop.run(main(port, connections, requests, round_, sys.argv[5]))
