"""From the settings to what runs: the watch, and one digest to each role."""

from __future__ import annotations

from datetime import time
from functools import partial
from typing import TYPE_CHECKING, Any

from hub.alerts.digest import Daily, digest
from hub.alerts.standing import Limits
from hub.alerts.told import Address
from hub.alerts.watch import Watched, watch
from hub.connectors.notify.made import SYSTEMS, notifier_of
from hub.errors import ConfigFault
from hub.settings.faults import nearest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from hub.alerts.outright import Send
    from hub.connectors.budget import Budget
    from hub.database import Database
    from hub.log.follow import Wake
    from hub.settings import Settings
    from hub.settings.shape import AlertSettings, DigestSettings


def work_of(
    database: Database,
    append: Callable[..., Awaitable[list[int]]],
    followed: Wake,
    budgets: Mapping[str, Budget],
    send: Send,
) -> dict[str, Callable[[], Awaitable[None]]]:
    """Give the long work of telling people, by its name; none where nobody is to be told."""
    settings = database.settings
    check(settings)
    limits = Limits(
        inbox_max=settings.alerts.inbox_max,
        lag_seconds_max=settings.projectors.ready_lag_seconds_max,
    )
    ground: dict[str, Any] = {
        "limits": limits, "database": database, "append": append,
    }  # fmt: skip
    work: dict[str, Callable[[], Awaitable[None]]] = {}
    if settings.alerts.to is not None:
        to = Address(connection=settings.alerts.to, recipients=tuple(settings.alerts.recipients))
        work["alerts"] = partial(watch, Watched(to=to, budgets=budgets, send=send, **ground))
    for role, one in settings.digest.items():
        to = Address(connection=one.to, recipients=tuple(one.recipients))
        of = one.of or _only_books(role, settings)
        at = time.fromisoformat(one.at)
        daily = Daily(role=role, to=to, at=at, of=of, followed=followed, **ground)
        work[f"digest of {role}"] = partial(digest, daily)
    return work


def check(settings: Settings) -> None:
    """See that whoever is to be told can be; ConfigFault tells who cannot."""
    wanted: dict[str, AlertSettings | DigestSettings] = {"alerts": settings.alerts}
    wanted |= {f"digest.{role}": one for role, one in settings.digest.items()}
    for place, one in wanted.items():
        if one.to is not None:
            _must_take_messages(f"{place}.to", one.to, settings)
            _must_lead_somewhere(place, one.to, one.recipients, settings)
    for role, one in settings.digest.items():
        of = one.of or _only_books(role, settings)
        if of not in settings.connections:
            raise _unknown(f"digest.{role}.of", of, settings)


def _must_take_messages(place: str, name: str, settings: Settings) -> None:
    connection = settings.connections.get(name)
    if connection is None:
        raise _unknown(place, name, settings)
    if connection.system not in SYSTEMS:
        raise ConfigFault(
            f"{place}: expected a connection that takes messages ({', '.join(sorted(SYSTEMS))}), "
            f"found {name}, which is {connection.system}."
        )


def _must_lead_somewhere(
    place: str, name: str, recipients: Sequence[str], settings: Settings
) -> None:
    """Refuse what would be refused at each message: it goes nowhere, or where it may not."""
    connection = settings.connections[name]
    if connection.secret is None:
        return  # it was not read, and only it tells by which way Slack is reached
    unfit = notifier_of(name, connection).sender.unfit(tuple(recipients or connection.to))
    if unfit is not None:
        raise ConfigFault(
            f"{place}.to: {unfit.sentence} Say where in `to` of connections.{name}, or in "
            f"{place}.recipients."
        )


def _unknown(place: str, name: str, settings: Settings) -> ConfigFault:
    known = ", ".join(settings.connections) or "none"
    near = nearest(name, settings.connections)
    return ConfigFault(f"{place}: expected one of the connections ({known}), found {name}{near}.")


def _only_books(role: str, settings: Settings) -> str:
    found = [name for name, one in settings.connections.items() if one.system == "zoho_books"]
    if len(found) != 1:
        raise ConfigFault(
            f"digest.{role}.of: expected the connection whose day it is, for there are "
            f"{len(found)} of zoho_books; found nothing."
        )
    return found[0]
