"""The webhook that Zoho Desk tells the hub by: made, looked for, and put right again.

Desk asks the address whether it is there before it makes one, so only a hub that runs can be
subscribed. What Desk's own automation changes is told too; nothing is kept silent for having been
written by the hub, for what automation makes of that would be silenced as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.connectors.record import read
from hub.connectors.zoho_desk.call import at
from hub.connectors.zoho_desk.kinds import TABLE_ROWS_MAX
from hub.connectors.zoho_desk.rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from hub.connectors.http import Vendor
    from hub.connectors.zoho_desk.call import Caller

PATH = "/api/v1/webhooks"
NAME = "integration-hub"
AUTOMATION = ["AUTOMATION"]
_BEFORE = {"includePrevState": True}
EVENTS: dict[str, dict[str, bool] | None] = {
    "Ticket_Add": None,
    "Ticket_Update": _BEFORE,
    "Ticket_Delete": None,
    "Ticket_Comment_Add": None,
    "Ticket_Thread_Add": None,
    "Contact_Add": None,
    "Contact_Update": _BEFORE,
    "Contact_Delete": None,
    "Account_Add": None,
    "Account_Update": _BEFORE,
    "Account_Delete": None,
    "Agent_Add": None,
    "Agent_Update": _BEFORE,
    "Agent_Delete": None,
    "Department_Add": None,
    "Department_Update": _BEFORE,
}


OF_DEPARTMENTS = frozenset(
    ("Ticket_Add", "Ticket_Update", "Ticket_Comment_Add", "Ticket_Thread_Add")
)
"""What can be told of some departments only. A deletion cannot, and a contact is of none."""


class Webhook(msgspec.Struct):
    """A subscription as Desk tells of it."""

    id: str
    url: str = ""
    enabled: bool = msgspec.field(name="isEnabled", default=True)
    subscriptions: dict[str, Any] = {}
    automation: list[str] | None = msgspec.field(name="includeEventsFrom", default=None)
    ignored: str | None = msgspec.field(name="ignoreSourceId", default=None)

    def lacks(self, departments: Collection[str] = ()) -> list[str]:
        """Name what is to be put right, where these departments are wanted; none: all."""
        missing = [
            f"{event} is not told as it should be"
            for event, how in events(departments).items()
            if event not in self.subscriptions or not _covers(self.subscriptions[event], how)
        ]
        if not self.enabled:
            missing.append("it is switched off")
        if "AUTOMATION" not in (self.automation or ()):
            missing.append("what automation changes is not told")
        if self.ignored:
            missing.append(f"what is written under {self.ignored} is not told")
        return missing


async def webhooks(vendor: Vendor, caller: Caller) -> Sequence[Webhook]:
    """List all of the portal's."""
    call = caller.lists(PATH, (), first=0, limit=TABLE_ROWS_MAX)
    rows = rows_of(await read(vendor, call))
    return [msgspec.json.decode(row, type=Webhook) for row in rows]


async def ours(vendor: Vendor, caller: Caller, url: str) -> Webhook | None:
    """Give the one that leads to this hub."""
    return next((one for one in await webhooks(vendor, caller) if one.url == url), None)


def events(departments: Collection[str]) -> dict[str, dict[str, Any] | None]:
    """Say what is to be told, of these departments where Desk can tell of some; none: of all."""
    if not departments:
        return dict(EVENTS)
    of = {"departmentIds": sorted(departments)}
    return {name: {**(how or {}), **of} if name in OF_DEPARTMENTS else how
            for name, how in EVENTS.items()}  # fmt: skip


async def subscribed(
    vendor: Vendor, caller: Caller, url: str, departments: Collection[str] = ()
) -> tuple[Webhook, list[str]]:
    """See that there is one and that it tells all; says what had to be done."""
    there = await ours(vendor, caller, url)
    if there is None:
        made = await _write(vendor, caller, "POST", PATH, {**_body(departments), "url": url})
        return made, ["the webhook"]
    lacks = there.lacks(departments)
    if not lacks:
        return there, []
    body = _body(departments)
    return await _write(vendor, caller, "PATCH", at(PATH, there.id), body), lacks


async def _write(
    vendor: Vendor, caller: Caller, method: str, path: str, body: dict[str, Any]
) -> Webhook:
    call = caller.writes(method, path, body, verb="readable", share="documents")
    return msgspec.json.decode((await read(vendor, call)).body, type=Webhook)


def _body(departments: Collection[str]) -> dict[str, Any]:
    return {
        "name": NAME,
        "description": "Tells the integration hub of changes.",
        "isEnabled": True,
        "includeEventsFrom": AUTOMATION,
        "ignoreSourceId": "",
        "subscriptions": events(departments),
    }


def _covers(told: dict[str, Any] | None, wanted: dict[str, Any] | None) -> bool:
    """Tell whether an event is told as it is wanted: whole, and with what was before."""
    told, wanted = told or {}, wanted or {}
    narrowed = any(told.get(name) for name in ("fields", "direction"))
    departments = (set(one.get("departmentIds") or ()) for one in (told, wanted))
    same = [told.get(name) == how for name, how in wanted.items() if name != "departmentIds"]
    return not narrowed and next(departments) == next(departments) and all(same)
