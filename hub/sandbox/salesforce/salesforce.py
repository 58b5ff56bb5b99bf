"""The played Salesforce: logins, limits and routes around the memory of an org.

    salesforce = Salesforce(world)
    salesforce.answer(Request(method="GET", path="/services/data/v67.0/query", ...))

Whoever wants to be told of what is committed appends to `salesforce.org.changes`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.errors import Refused
from hub.sandbox.salesforce import people
from hub.sandbox.salesforce.call import VERSION_LEAST, VERSION_MOST, Call
from hub.sandbox.salesforce.describe import versions
from hub.sandbox.salesforce.limits import Limits
from hub.sandbox.salesforce.login import Login
from hub.sandbox.salesforce.organisation import Organisation
from hub.sandbox.salesforce.refusal import (
    Refusal,
    dead_session,
    internal_error,
    not_found,
    too_long_at_once,
    unavailable,
)
from hub.sandbox.salesforce.routes import answered, version_and_rest
from hub.sandbox.salesforce.sessions import Sessions
from hub.sandbox.salesforce.show import plain
from hub.sandbox.system import Answer, Fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.sandbox.salesforce.quirks import Quirks
    from hub.sandbox.system import Request
    from hub.sandbox.world import World

TOKEN = "/services/oauth2/token"  # noqa: S105 - its path
USERINFO = "/services/oauth2/userinfo"


class Salesforce:
    """The system `salesforce` of a sandbox."""

    name = "salesforce"
    prefixes = ("/services",)

    def __init__(self, world: World) -> None:
        self.org = Organisation(world)
        self.sessions = Sessions(self.org)
        self.streams: Callable[[str, str, str, Fields], Fields] | None = None
        """What makes something go wrong with the change events, if those are told."""
        self._login = Login(self.org, self.sessions)
        self._limits = Limits(self.org)

    @property
    def quirks(self) -> Quirks:
        return self.org.quirks

    @quirks.setter
    def quirks(self, quirks: Quirks) -> None:
        self.org.quirks = quirks

    def answer(self, request: Request) -> Answer:
        """Answer a call."""
        path = request.path.rstrip("/")
        if path == TOKEN:
            return self._login.answer(request)
        if path == "/services/data":
            return versions()
        try:
            answer = self._answer(request, path)
        except Refusal as refusal:
            answer = refusal.answer()
        headers = {**self._limits.headers(), **answer.headers}
        return Answer(status=answer.status, body=answer.body, headers=headers)

    def _answer(self, request: Request, path: str) -> Answer:
        session = self.sessions.of(request)
        if path == USERINFO:
            return Answer(body=self._login.userinfo(session))
        found = version_and_rest(path)
        if found is None:
            raise not_found()
        version, rest = found
        if not VERSION_LEAST <= float(version[1:]) <= VERSION_MOST:
            raise not_found()
        self._limits.take()
        limits = self._limits.shown()
        call = Call(org=self.org, session=session, request=request, version=version, limits=limits)
        return answered(call, rest)

    def fault(self, fault: str) -> Answer:
        """Say in the vendor's words that something is wrong with it."""
        match fault:
            case "http_500":
                return internal_error()
            case "http_503":
                return unavailable()
            case "rate_limited":
                return too_long_at_once().answer()
        return dead_session().answer()

    def state(self) -> dict[str, list[Fields]]:
        """Give every record, in full, by object, and who is logged in."""
        records = {
            name: [plain(self.org, one) for one in self.org.tables[name]]
            for name in self.org.objects
        }
        return records | {"sessions": self.sessions.state()}

    def put(self, kind: str, fields: Fields) -> Fields:
        """Place a record silently, as if it had long been there."""
        return people.put(self.org, kind, fields)

    def edit(self, kind: str, record: str, fields: Fields) -> Fields:
        """Change a record as a person does, on the screen."""
        return people.edit(self.org, kind, record, fields)

    def act(self, act: str, kind: str, record: str, details: Fields) -> Fields:
        """Do what a button on the screen does, or end sessions: see `people.ACTS`."""
        if self.streams is not None and act.startswith("stream_"):
            return self.streams(act, kind, record, details)
        match act:
            case "end_session":
                return {"ended": self.sessions.end(record)}
            case "revoke":
                return self._revoke(record)
        return people.act(self.org, act, kind, record, details)

    def reset(self) -> None:
        """Be a fresh org again; the quirks stay as they are set."""
        self.org.reset()
        self.sessions.end()
        self._login.reset()
        self._limits.reset()

    def _revoke(self, token: str) -> Fields:
        """Take a refresh token back, with every session."""
        if self.sessions.refresh_tokens.pop(token, None) is None:
            raise Refused(f"There is no refresh token {token!r} that is alive.")
        return {"revoked": token, "ended": self.sessions.end()}
