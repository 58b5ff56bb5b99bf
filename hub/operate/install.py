"""Put flows in force: what is in the log is what decides, not the files on this disk.

A file that says what the log has already is passed over, so a hub that starts installs only what
was changed. A flow that is installed for the first time begins in `off`.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from hub.database import statement
from hub.events import FlowInstalled, ModeSet
from hub.flows.load import load_all
from hub.flows.load.installed import resolved
from hub.operate.act import act

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from hub.database.db import Db
    from hub.events import Event
    from hub.flows.flow import Mode
    from hub.flows.load import World

    Append = Callable[..., Awaitable[list[int]]]
    Answers = Mapping[str, Mapping[str, str | list[str]]]

_encode = msgspec.json.Encoder(order="deterministic").encode


async def install(
    append: Append, db: Db, files: Mapping[str, str], answers: Answers, *, world: World, by: str
) -> list[str]:
    """Install the flows of these files, by their names; give those that were not in force so."""
    flows = load_all(files, answers, world)
    known = {row["flow"]: row["digest"] for row in await db.fetch(statement("operate/flows.sql"))}
    events = [_installed(file, text, answers, by) for file, text in files.items()]
    fresh = [each for name, each in events if known.get(name) != each[0]]
    if fresh:
        await append(*(event for _, event in fresh))
    return [name for name in flows if known.get(name) != dict(events)[name][0]]


async def set_mode(append: Append, flow: str, mode: Mode, by: str, reason: str = "") -> None:
    """Say what a flow may do from here on."""
    await append(act(ModeSet(flow=flow, mode=mode, reason=reason), by, flow=flow))


def _installed(file: str, text: str, answers: Answers, by: str) -> tuple[str, tuple[str, Event]]:
    values = resolved(text, file)
    name = str(values["flow"])
    given = {
        key: [value] if isinstance(value, str) else list(value)
        for key, value in answers.get(name, {}).items()
    }
    digest = sha256(_encode([values, given])).hexdigest()[:32]
    what = FlowInstalled(
        flow=name, text=text, file=file, resolved=values, answers=given, digest=digest
    )
    return name, (digest, act(what, by, flow=name))
