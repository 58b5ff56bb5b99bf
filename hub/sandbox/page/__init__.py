"""The page at `/`: the systems side by side, for people who want to look and to push buttons."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from hub.sandbox.page.customers import Customers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from hub.sandbox.system import System

HERE = Path(__file__).parent
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
FILES = sorted(file for file in HERE.iterdir() if file.suffix in KINDS)

# Names and notes come from whoever called an API: nothing but the page's own files may run.
_POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"


def pages(systems: Sequence[System]) -> list[web.RouteDef]:
    """Give the routes of the page, of what it is made of, and of what it shows of customers."""
    files = [web.get(_path(file), _giving(file)) for file in FILES]
    return [*Customers(systems).routes(), *files]


def _path(file: Path) -> str:
    return "/" if file.name == "index.html" else f"/_sandbox/page/{file.name}"


def _giving(file: Path) -> Callable[[web.Request], Awaitable[web.Response]]:
    body, kind = file.read_bytes(), KINDS[file.suffix]

    async def answer(_: web.Request) -> web.Response:
        headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"}
        return web.Response(body=body, content_type=kind, charset="utf-8", headers=headers)

    return answer
