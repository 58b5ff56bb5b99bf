"""Every path of the API: which method does what, and which scopes will do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hub.sandbox.desk import answers, ticket_calls
from hub.sandbox.desk.fields import KINDS
from hub.sandbox.desk.refusal import nowhere, wrong_method

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.sandbox.desk.organisation import Actor, Organisation
    from hub.sandbox.system import Answer, Request


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A call that was let in."""

    org: Organisation
    request: Request
    actor: Actor
    ids: tuple[str, ...] = ()
    query: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Route:
    act: Callable[[Incoming], Answer]
    scopes: tuple[str, ...]
    """One of them is enough."""


def route(method: str, path: str) -> tuple[Route, tuple[str, ...]]:
    """Find what a call is about, and the ids in its path; letter case counts."""
    parts = tuple(path.strip("/").split("/"))
    for pattern, methods in _ROUTES.items():
        ids = _matched(pattern, parts)
        if ids is None:
            continue
        if method not in methods:
            raise wrong_method()
        return methods[method], ids
    raise nowhere()


def _matched(pattern: tuple[str, ...], parts: tuple[str, ...]) -> tuple[str, ...] | None:
    if len(pattern) != len(parts):
        return None
    ids = []
    for wanted, part in zip(pattern, parts, strict=True):
        if wanted == "*" and part.isdecimal():
            ids.append(part)
        elif wanted != part:
            return None
    return tuple(ids)


_ROUTES: dict[tuple[str, ...], dict[str, Route]] = {}


def _add(method: str, path: str, act: Callable[[Incoming], Answer], *scopes: str) -> None:
    wanted = tuple(f"Desk.{scope}" for scope in scopes)
    _ROUTES.setdefault(tuple(path.split("/")), {})[method] = Route(act=act, scopes=wanted)


def _add_kinds() -> None:
    for kind in KINDS:
        group = "tickets" if kind == "tickets" else "contacts"
        also = ("accounts",) if kind == "accounts" else ()
        groups = (group, *also)

        def scopes(verb: str, groups: tuple[str, ...] = groups) -> tuple[str, ...]:
            return tuple(f"{one}.{verb}" for one in groups)

        _add("GET", f"{kind}/search", answers.searched(kind), "search.READ")
        _add("GET", kind, answers.listed(kind), *scopes("READ"))
        _add("POST", kind, answers.made(kind), *scopes("CREATE"))
        _add("GET", f"{kind}/*", answers.one(kind), *scopes("READ"))
        _add("PATCH", f"{kind}/*", answers.changed(kind), *scopes("UPDATE"))
        _add("POST", f"{kind}/moveToTrash", answers.trashed(kind), *scopes("DELETE"))
        _add("POST", f"{kind}/*/merge", answers.merged(kind), *scopes("UPDATE"))
        if kind != "tickets":
            _add("GET", f"{kind}/*/tickets", answers.tickets_of(kind), "tickets.READ")


def _add_tickets() -> None:
    calls = ticket_calls
    _add("POST", "closeTickets", calls.close, "tickets.UPDATE")
    _add("GET", "tickets/*/tags", calls.tags, "tickets.READ")
    _add("POST", "tickets/*/associateTag", calls.tag, "tickets.CREATE")
    _add("POST", "tickets/*/dissociateTag", calls.untag, "tickets.CREATE")
    _add("GET", "tickets/*/comments", calls.comments, "tickets.READ")
    _add("POST", "tickets/*/comments", calls.comment, "tickets.UPDATE", "tickets.CREATE")
    _add("PATCH", "tickets/*/comments/*", calls.change_comment, "tickets.UPDATE")
    _add("GET", "tickets/*/threads", calls.threads, "tickets.READ")
    _add("GET", "tickets/*/History", calls.history, "tickets.READ")
    _add("GET", "tickets/*/metrics", calls.metrics, "tickets.READ")
    _add("GET", "tickets/*/resolution", calls.resolution, "tickets.READ")
    _add("PATCH", "tickets/*/resolution", calls.resolve, "tickets.UPDATE")
    _add("GET", "ticketTags", calls.department_tags, "tickets.READ")
    _add("GET", "tags/search", calls.search_tags, "tickets.READ", "search.READ")
    _add("GET", "tags/*/tickets", calls.tagged, "tickets.READ")


def _add_settings() -> None:
    for table in ("departments", "teams", "agents"):
        scopes = ("basic.READ", "settings.READ", f"{table}.READ")
        _add("GET", table, answers.table(table), *scopes)
        _add("GET", f"{table}/*", answers.entry(table), *scopes)
    _add("GET", "myinfo", answers.me, "basic.READ")
    for path in ("fields", "organizationFields"):
        _add("GET", path, answers.fields, "settings.READ", "basic.READ")
    verbs = {"GET": "READ", "POST": "CREATE", "PATCH": "UPDATE", "DELETE": "DELETE"}
    for method, act in (("GET", answers.webhooks), ("POST", answers.make_webhook)):
        _add(method, "webhooks", act, *(f"{one}.{verbs[method]}" for one in _HOOKS))
    for method, act in (
        ("GET", answers.webhook),
        ("PATCH", answers.change_webhook),
        ("DELETE", answers.delete_webhook),
    ):
        _add(method, "webhooks/*", act, *(f"{one}.{verbs[method]}" for one in _HOOKS))


_HOOKS = ("events", "settings", "webhooks")
_add_kinds()
_add_tickets()
_add_settings()
