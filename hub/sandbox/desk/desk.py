"""The played Desk: tokens, limits and routes around the memory of one portal.

desk = Desk(world, accounts)
desk.answer(Request(method="GET", path="/api/v1/tickets", ...))
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

import msgspec

from hub.sandbox.desk import acts, fresh, refusal
from hub.sandbox.desk.deliver import tell_all
from hub.sandbox.desk.limits import Limits
from hub.sandbox.desk.organisation import PORTAL, Organisation, somebody
from hub.sandbox.desk.quirks import DeskQuirks
from hub.sandbox.desk.refusal import Refusal
from hub.sandbox.desk.routes import Incoming, route
from hub.sandbox.desk.show import whole
from hub.sandbox.desk.webhooks import not_answered
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from hub.sandbox.system import Fields, Request
    from hub.sandbox.world import World

PREFIX = "/api/v1"
JWKS = "/.well-known/jwks.json"
_SAYS = {
    "http_500": refusal.server_error,
    "http_503": lambda: refusal.server_error(503),
    "rate_limited": refusal.too_many_at_once,
    "token_expired": refusal.dead_token,
}
_WEBHOOKS = f"{PREFIX}/webhooks"


class Admission(Protocol):
    """Who tells whether a token is good: the accounts."""

    def check(
        self, request: Request, scope: str
    ) -> Literal["missing", "invalid", "scope"] | None: ...


class Desk:
    """One portal behind one login."""

    name = "desk"
    prefixes = (PREFIX, JWKS)

    def __init__(self, world: World, accounts: Admission) -> None:
        self.quirks = DeskQuirks()
        self._world = world
        self._accounts = accounts
        self._unanswered = False
        self.reset()

    def begin(self, request: Request) -> None:  # noqa: ARG002 - whatever it is, it counts
        self._limits.under_way += 1

    def end(self, request: Request) -> None:  # noqa: ARG002
        self._limits.under_way = max(self._limits.under_way - 1, 0)

    def asks_first(self, request: Request) -> str | None:
        """Give the address that must answer before a call is answered: that of a webhook."""
        if request.method not in ("POST", "PATCH") or not request.path.startswith(_WEBHOOKS):
            return None
        try:
            url = msgspec.json.decode(request.body, type=dict).get("url")
        except msgspec.DecodeError:
            return None
        known = self.org.webhooks.get(request.path.rpartition("/")[2], {})
        return str(url) if url and url != known.get("url") else None

    def not_answered(self) -> None:
        """Know that the address did not answer; `answer` follows at once."""
        self._unanswered = True

    def answer(self, request: Request) -> Answer:
        """Do what a call asks for, or say in the vendor's words why not."""
        if request.path == JWKS:
            return Answer(body=self.org.keys.shown())
        try:
            answer = self._answer(request)
        except Refusal as refused:
            answer = refused.answer
        tell_all(self.org)
        headers = {**self._limits.headers(), **answer.headers}
        return msgspec.structs.replace(answer, headers=headers)

    def fault(self, fault: str) -> Answer:
        """Say in the vendor's words that something is wrong with it."""
        return _SAYS[fault]().answer

    def state(self) -> dict[str, list[Fields]]:
        """Give every record, in full, by kind; what is in the bin says so."""
        org = self.org
        state = {
            kind: [whole(org, kind, one) for one in org.tables[kind].values()]
            for kind in org.custom
        }
        for name in ("departments", "teams", "agents"):
            state[name] = [dict(one) for one in org.tables[name].values()]
        state["comments"] = [
            {**one, "ticketId": ticket} for ticket, rows in org.comments.items() for one in rows
        ]
        state["organizations"] = [self._organization()]
        state["webhooks"] = [dict(one) for one in org.webhooks.values()]
        return state

    def put(self, kind: str, fields: Fields) -> Fields:
        """Place a record silently, as if it had long been there."""
        return acts.put(self.org, kind, fields, somebody(self.org, "seed"))

    def edit(self, kind: str, record: str, fields: Fields) -> Fields:
        """Change a record as an agent does."""
        edited = acts.edit(self.org, kind, record, fields, somebody(self.org, "person"))
        tell_all(self.org)
        return edited

    def act(self, act: str, kind: str, record: str, details: Fields) -> Fields:
        """Do what a button does; see `acts` for which there are."""
        done = acts.act(self.org, act, kind, record, details, somebody(self.org, "person"))
        tell_all(self.org)
        return done

    def reset(self) -> None:
        """Forget everything but a fresh portal."""
        self.org: Organisation = fresh.organisation(self._world, lambda: self.quirks)
        self.org.flush = lambda: tell_all(self.org)
        self._limits = Limits(self.org)

    def _answer(self, request: Request) -> Answer:
        self.org.base = request.base or self.org.base
        path = request.path.removeprefix(PREFIX).strip("/")
        if path == "organizations":
            self._admit(request, ("Desk.basic.READ", "Desk.settings.READ"))
            return Answer(body={"data": [self._organization()]})
        found, ids = route(request.method, path)
        self._admit(request, found.scopes)
        self._check_organisation(request)
        self._limits.take(request)
        unanswered, self._unanswered = self._unanswered, False
        if unanswered:
            raise not_answered()
        return found.act(self._incoming(request, ids))

    def _incoming(self, request: Request, ids: tuple[str, ...]) -> Incoming:
        source = request.headers.get("sourceid", "")
        actor = somebody(self.org, "api", number=0, source=source)
        query = dict(reversed(request.query))
        return Incoming(org=self.org, request=request, actor=actor, ids=ids, query=query)

    def _admit(self, request: Request, scopes: tuple[str, ...]) -> None:
        wrong = [self._accounts.check(request, scope) for scope in scopes]
        if None in wrong:
            return
        match wrong[0]:
            case "missing":
                raise refusal.no_token()
            case "invalid":
                raise refusal.dead_token()
        raise refusal.narrow_scope()

    def _check_organisation(self, request: Request) -> None:
        named = request.headers.get("orgid") or request.param("orgId")
        if not named and self.quirks.organisation_needed:
            raise refusal.bad_request("The organization is not named: orgId is missing.")
        if named and named != self.org.id:
            raise refusal.wrong_organisation()

    def _organization(self) -> Fields:
        return {
            "id": self.org.id,
            "companyName": "Northwind Support",
            "portalName": PORTAL,
            "portalURL": f"{self.org.base}/portal/{PORTAL}/home",
            "edition": self.quirks.edition.upper(),
            "isDefault": True,
            "isAdminInOrg": True,
            "isSandboxPortal": False,
            "country": "Portugal",
            "currencyCode": "EUR",
            "timeZone": self.quirks.time_zone,
            "mainLanguage": "en_US",
        }
