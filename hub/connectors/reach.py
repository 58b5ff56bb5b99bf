"""Knock at the hub's own public address, as the vendor would, and see whether this hub answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp

from hub.connectors.finding import Finding, State

if TYPE_CHECKING:
    from hub.connectors.connector import Door, Hook

SECONDS_MAX = 10.0
ABOUT = "reached from outside"


async def reached(door: Door, hook: Hook, *, unanswered: State = "needs") -> Finding:
    """Knock; the hook tells of nothing, so that nothing comes of it."""
    try:
        status = await _status(door.url, hook)
    except (aiohttp.ClientError, OSError) as error:
        return Finding(
            about=ABOUT,
            state=unanswered,
            sentence=f"Nobody answers at {door.url} ({type(error).__name__}). Until a hub does, "
            "what the vendor tells is lost, and found by polling later.",
            steps=(
                "Start the hub: hub serve",
                "If it runs: have serve.public_url lead to it, by https, from everywhere",
            ),
        )
    return _found(door.url, status)


async def _status(url: str, hook: Hook) -> int:
    timeout = aiohttp.ClientTimeout(total=SECONDS_MAX)
    async with (
        aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session,
        session.post(
            url, data=hook.body, headers=dict(hook.headers), allow_redirects=False
        ) as answer,
    ):
        return answer.status


def _found(url: str, status: int) -> Finding:
    if status == 200:  # noqa: PLR2004
        sentence = f"This hub answers at {url}, and believes what is proved by its own secret."
        return Finding(about=ABOUT, state="well", sentence=sentence)
    why = {
        401: "a hub answers, but with another secret: is it another hub, or another database?",
        404: "whoever answers there knows no such connection: is it this hub, with this hub.toml?",
    }.get(status, f"expected the answer 200 of this hub, found {status}.")
    return Finding(
        about=ABOUT,
        state="needs",
        sentence=f"{url}: {why}",
        steps=("Have serve.public_url lead to this hub, without a redirect or a login before it",),
    )
