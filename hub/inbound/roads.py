"""All roads that the hub itself walks, of one connection, in one process at a time."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING

from hub.database.alone import alone
from hub.errors import DatabaseAway, HubError
from hub.inbound.clock import clock
from hub.inbound.fetch import fetch
from hub.inbound.listen import listen
from hub.inbound.poll import poll
from hub.inbound.scan import scan
from hub.inbound.stream import stream
from hub.inbound.streams import streams
from hub.inbound.watch import watch

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hub.connectors.connector import Kind
    from hub.inbound.account import Account

    Walk = Callable[[], Awaitable[None]]

AGAIN_SECONDS = 5.0

_log = logging.getLogger(__name__)


async def roads(account: Account) -> None:
    """Read, and fetch what was noticed; runs until cancelled."""
    await alone(account.database, f"roads.{account.name}", lambda: _all(account))


async def _all(account: Account) -> None:
    async with asyncio.TaskGroup() as group:
        for what, walk in _walks(account).items():
            group.create_task(_walked(account, what, walk))


def _walks(account: Account) -> dict[str, Walk]:
    kinds = [kind for kind in account.connector.kinds.values() if not kind.within]
    return {
        "fetch": partial(fetch, account),
        "channel": partial(listen, account),
        "clock": partial(clock, account),
        "watch": partial(watch, account),
        **{f"{kind.name} by poll": partial(poll, account, kind) for kind in kinds},
        **{
            f"{kind.name} by scan": partial(scan, account, kind)
            for kind in kinds
            if kind.scan_seconds
        },
        "streams": partial(streams, account, partial(_streamed, account)),
    }


async def _streamed(account: Account, kind: Kind) -> None:
    await _walked(account, f"{kind.name} by stream", partial(stream, account, kind))


async def _walked(account: Account, what: str, walk: Walk) -> None:
    """Walk a road, and begin it again where it stumbles: one that does ends no other."""
    while True:
        try:
            return await walk()
        except DatabaseAway as away:
            account.database.said_nothing(away)
        except Exception as error:  # noqa: BLE001 - said, and seen as a road that fell silent
            said = f"{type(error).__name__}: {error}"
            unforeseen = None if isinstance(error, HubError) else error
            _log.error(
                "%s.%s stumbled, and is begun again. %s",
                account.name,
                what,
                said,
                exc_info=unforeseen,
            )
        await asyncio.sleep(AGAIN_SECONDS)
