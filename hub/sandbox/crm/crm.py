"""The played CRM: tokens, limits and routes around the organisation's memory.

    crm = Crm(world, accounts)
    crm.answer(Request(method="GET", path="/crm/v8/Contacts", ...))

`/crm/v2` is answered like `/crm/v8`, but knows lists without `fields` and says 202 where v8 says
207 or 400.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Protocol

from hub.sandbox.crm import people
from hub.sandbox.crm.company import show_company
from hub.sandbox.crm.limits import Limits
from hub.sandbox.crm.notify import notify
from hub.sandbox.crm.organisation import Organisation
from hub.sandbox.crm.refusal import (
    Refusal,
    dead_token,
    internal_error,
    narrow_scope,
    no_token,
    too_many,
    unavailable,
)
from hub.sandbox.crm.routes import find_route
from hub.sandbox.crm.show import show
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from hub.sandbox.crm.quirks import Quirks
    from hub.sandbox.system import Request
    from hub.sandbox.world import World

Fields = dict[str, Any]

_SAYS = {
    "http_500": internal_error,
    "http_503": unavailable,
    "rate_limited": too_many,
    "token_expired": dead_token,
}


class Accounts(Protocol):
    """What gives out access tokens."""

    def check(self, request: Request, scope: str) -> Literal["missing", "invalid", "scope"] | None:
        """Say what is wrong with the token that a request carries, if anything is."""


class Crm:
    """The system `crm` of a sandbox."""

    name = "crm"
    prefixes = ("/crm/v8", "/crm/v2", "/crm/bulk/v8")

    def __init__(self, world: World, accounts: Accounts) -> None:
        self._accounts = accounts
        self.org = Organisation(world)
        self._limits = Limits(self.org)

    @property
    def quirks(self) -> Quirks:
        return self.org.quirks

    @quirks.setter
    def quirks(self, quirks: Quirks) -> None:
        self.org.quirks = quirks

    def begin(self, request: Request) -> None:
        """Know of a call that is under way, so that calls at a time are counted."""
        self._limits.begin(request)

    def end(self, request: Request) -> None:
        self._limits.end(request)

    def answer(self, request: Request) -> Answer:
        """Answer a call."""
        self.org.base = request.base
        self.org.silent = not self.quirks.echo_api_writes
        try:
            answer = self._answer(request)
        except Refusal as refusal:
            answer = refusal.answer()
        if self.org.silent:
            self.org.changes.clear()
        notify(self.org, self.org.base)
        headers = {**self._limits.headers(), **answer.headers}
        return Answer(status=answer.status, body=answer.body, headers=headers)

    def _answer(self, request: Request) -> Answer:
        found = find_route(request.method, request.path)
        for scope in found.scopes:
            match self._accounts.check(request, scope):
                case "missing":
                    raise no_token()
                case "invalid":
                    raise dead_token()
                case "scope":
                    raise narrow_scope(self.quirks.narrow_scope_status)
        self._limits.take(request)
        return found.answer(self.org, request)

    def fault(self, fault: str) -> Answer:
        """Say in the vendor's words that something is wrong with it."""
        return _SAYS[fault]().answer()

    def state(self) -> dict[str, list[Fields]]:
        """Give every record, in full, by module, and who and what the organisation is."""
        records = {
            name: [show(self.org, one) for one in table] for name, table in self.org.tables.items()
        }
        return records | show_company(self.org)

    def put(self, kind: str, fields: Fields) -> Fields:
        """Place a record silently, as if it had long been there."""
        return people.put(self.org, kind, fields)

    def edit(self, kind: str, record: str, fields: Fields) -> Fields:
        """Change a record as a person does, on the screen."""
        shown = people.edit(self.org, kind, record, fields)
        notify(self.org, self.org.base)
        return shown

    def act(self, act: str, kind: str, record: str, details: Fields) -> Fields:
        """Do what a button on the screen does: see `people.ACTS`."""
        shown = people.act(self.org, act, kind, record, details)
        notify(self.org, self.org.base)
        return shown

    def reset(self) -> None:
        """Be a fresh organisation again; the quirks stay as they are set."""
        self.org.reset()
        self._limits.reset()
