"""Say what a flow may do from here on: the way to `on`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from hub.database import statement
from hub.errors import Refused
from hub.events import ModeSet, WritesStopped
from hub.flows.flow import Once, Sync
from hub.flows.judge.keys import kinds_of
from hub.operate.act import act

if TYPE_CHECKING:
    from collections.abc import Collection

    from hub.database.db import Db
    from hub.events import Event
    from hub.flows.flow import Flow, Mode
    from hub.operate.in_force import Installed

WRITES = ("hold", "on")
DECIDES = ("shadow", *WRITES)


def next_mode(installed: Installed, *, live: bool) -> Mode:
    """Give the next step on the way to `on`: shadow first where real business is done."""
    match installed.mode:
        case "off":
            return "shadow" if live else installed.flow.guard.go_live
        case "shadow":
            return installed.flow.guard.go_live
        case "paused":
            return "hold"  # what it owes by then is old, and is to be looked at
        case _:
            return "on"


async def must_be_read(db: Db, flow: Flow, pushes: Collection[str]) -> None:
    """Refuse to let a flow write before all that it is about was read through once.

    `pushes` are connections that nobody can read: they send by themselves.
    """
    wanted = sorted(kind for kind in kinds_of(flow) - _nested(flow) if kind[0] not in pushes)
    rows = await db.fetch(
        statement("operate/baseline.sql"), [one for one, _ in wanted], [kind for _, kind in wanted]
    )
    read = {(row["connection"], row["kind"]) for row in rows}
    if missing := [f"{one}.{kind}" for one, kind in wanted if (one, kind) not in read]:
        raise Refused(
            f"{flow.name} cannot write yet: {', '.join(missing)} was not read through once, and "
            "what is not known would count as new. `hub status` tells how far the first read is."
        )


def _nested(flow: Flow) -> set[tuple[str, str]]:
    """Give the kinds whose records are within others, and are read with these."""
    people = flow.people if isinstance(flow, Sync) else None
    sides = people.sides if people else ()
    return {(side.connection, side.kind) for side in sides if side.within}


async def must_have_one_master(db: Db, installed: Installed) -> None:
    """Refuse to let documents be made where a vendor's own sync may make them too.

    A person has to say which of the two does; what they said holds until the brake has pulled.
    """
    flow = installed.flow
    if not isinstance(flow, Once) or await _is_master(db, installed):
        return
    tied = await db.fetchval(
        statement("operate/native.sql"), [flow.source.connection, flow.make.connection]
    )
    if tied is not None:
        raise Refused(
            f"{flow.name} makes documents, and a sync of Zoho's own is on between these accounts, "
            f"or was: it has tied {tied}. With two at work each deal is invoiced twice. Decide "
            "which is master. If it is the hub, switch the other off (hub doctor tells where), and "
            f"say so: hub flows start {flow.name} --master hub. Otherwise leave it as it is."
        )


async def is_said(db: Db, installed: Installed, master: str | None) -> Literal["", "hub"]:
    """Give who is master, as it is said now or was when the flow's mode was set last."""
    return "hub" if master or await _is_master(db, installed) else ""


async def _is_master(db: Db, installed: Installed) -> bool:
    return bool(await db.fetchval(statement("operate/master.sql"), installed.moded or 0))


def set_to(
    flow: str, mode: Mode, by: str, reason: str = "", master: Literal["", "hub"] = ""
) -> Event:
    return act(ModeSet(flow=flow, mode=mode, reason=reason, master=master), by, flow=flow)


def stop_writes(connection: str, by: str, *, stopped: bool, reason: str = "") -> Event:
    what = WritesStopped(stopped=stopped, reason=reason)
    return act(what, by, connection=connection)
