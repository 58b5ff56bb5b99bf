"""Someone who calls the played Desk, without a network between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import jwt
import msgspec

from hub.sandbox.desk import Desk
from hub.sandbox.system import Request

if TYPE_CHECKING:
    from hub.sandbox.world import Hook, World


class Doorman:
    """Lets everybody in who may; `scopes` narrows what a token is good for."""

    def __init__(self) -> None:
        self.scopes: set[str] | None = None
        self.wrong: Literal["missing", "invalid"] | None = None

    def check(self, request: Request, scope: str) -> Literal["missing", "invalid", "scope"] | None:  # noqa: ARG002
        if self.wrong:
            return self.wrong
        return None if self.scopes is None or scope in self.scopes else "scope"


class Reply:
    """An answer as it reaches a client: through JSON."""

    def __init__(self, status: int, headers: dict[str, str], body: Any) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def refusal(self) -> tuple[int, str]:
        return self.status, self.body["errorCode"]

    @property
    def ids(self) -> list[str]:
        return [one["id"] for one in self.body["data"]]

    def __getitem__(self, name: str) -> Any:
        return self.body[name]


class Caller:
    def __init__(self, world: World) -> None:
        self.world = world
        self.doorman = Doorman()
        self.desk = Desk(world, self.doorman)
        self.org = self.desk.org.id
        self.source = ""

    def __call__(self, method: str, path: str, body: object = None, /, **query: str) -> Reply:
        headers = {"orgid": self.org} | ({"sourceid": self.source} if self.source else {})
        request = Request(
            method=method,
            path=f"/api/v1/{path}",
            query=tuple((name.rstrip("_"), value) for name, value in query.items()),
            headers=headers if self.org else {},
            body=b"" if body is None else msgspec.json.encode(body),
            base="http://desk",
        )
        answer = self.desk.answer(request)
        raw = None if answer.body is None else msgspec.json.decode(msgspec.json.encode(answer.body))
        return Reply(answer.status, dict(answer.headers), raw)

    def quirks(self, **how: object) -> None:
        self.desk.quirks = msgspec.structs.replace(self.desk.quirks, **how)

    def department(self, name: str = "Support") -> str:
        rows = self.desk.state()["departments"]
        return next(str(one["id"]) for one in rows if one["name"] == name)

    def agent(self, first_name: str) -> str:
        rows = self.desk.state()["agents"]
        return next(str(one["id"]) for one in rows if one["firstName"] == first_name)

    def ticket(self, **fields: object) -> dict[str, Any]:
        """Have a ticket that has long been there."""
        return self.desk.put("tickets", {"subject": "Help", **fields})

    def told(self) -> list[dict[str, Any]]:
        """Take what was sent so far."""
        events = [event for hook in self.hooks() for event in msgspec.json.decode(hook.body)]
        self.world.outbox.clear()
        return events

    def hooks(self) -> list[Hook]:
        return list(self.world.outbox)

    def subscribe(self, events: dict[str, Any], **more: object) -> str:
        body = {"url": "https://hub.example/hooks/desk", "subscriptions": events, **more}
        return str(self("POST", "webhooks", body)["id"])

    def proved(self, hook: Hook) -> dict[str, Any]:
        """Check the proof of a delivery by the key that is shown, and give what it says."""
        request = Request(method="GET", path="/.well-known/jwks.json")
        keys = jwt.PyJWKSet.from_dict(self.desk.answer(request).body)
        token = hook.headers["X-ZDesk-JWT"]
        key = keys[jwt.get_unverified_header(token)["kid"]]
        return jwt.decode(
            token,
            key,
            algorithms=["RS256"],
            options={"verify_aud": False, "verify_exp": False, "verify_iat": False},
        )
