"""The played Zoho accounts server.

An error comes with HTTP 200, as it does from Zoho: a token was given only if `access_token` is in
the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qsl

import msgspec

from hub.errors import Refused
from hub.sandbox.accounts.consent import HTML, ask_consent, redirect, refuse, wrong_consent
from hub.sandbox.accounts.keys import ACCESS_SECONDS, CODE_SECONDS, Keys
from hub.sandbox.accounts.scopes import scopes_in
from hub.sandbox.system import Answer, Fields, Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.sandbox.accounts.keys import Keyring
    from hub.sandbox.world import World

CLIENT_ID = "sandbox"
CLIENT_SECRET = "sandbox"  # noqa: S105 - documented: it opens nothing but made-up records
CODE_SECONDS_MAX = 600  # as long as the vendor's console offers

JSON = {"Content-Type": "application/json;charset=UTF-8"}


class AccountsQuirks(msgspec.Struct, frozen=True, kw_only=True):
    """What can be switched about the accounts."""

    location: str = "us"
    """The data centre that a redirect names."""

    tokens_per_window: int = 10
    """Access tokens from one refresh token in ten minutes."""

    live_tokens_max: int = 15
    """Access tokens of one refresh token that live at a time; other pages of Zoho say 30."""


class Accounts:
    """Gives out tokens, and tells the other systems what they are good for."""

    name = "accounts"
    prefixes = ("/oauth/v2",)

    def __init__(self, world: World) -> None:
        self._world = world
        self.quirks = AccountsQuirks()
        self.reset()

    def check(self, request: Request, scope: str) -> Literal["missing", "invalid", "scope"] | None:
        """Tell what is wrong with the token of a call that needs this scope; None if nothing is."""
        word, _, token = request.headers.get("authorization", "").partition(" ")
        if word.lower() not in ("zoho-oauthtoken", "bearer") or not token.strip():
            return "missing"
        access = self._keys.alive(token.strip())
        if access is None:
            return "invalid"
        return None if access.allows(scope) else "scope"

    def answer(self, request: Request) -> Answer:
        """Answer a call as Zoho's accounts server does."""
        given = _given(request)
        match request.method, request.path.removeprefix("/oauth/v2"):
            case "GET", "/auth":
                return self._consent(request, given)
            case "POST", "/token":
                return self._token(request, given)
            case "POST", "/token/revoke":
                revoked = self._keys.revoke(given.get("token", ""))
                return _said({"status": "success"}) if revoked else _error("invalid_token")
        return _error("invalid_request", status=404)

    def grant(self, scope: str, seconds: float = CODE_SECONDS) -> str:
        """Make a code for a self client, as one does by hand in Zoho's console."""
        scopes = scopes_in(scope)
        if not scopes:
            raise Refused("scope: expected scopes with commas between them, found none.")
        if not 0 < seconds <= CODE_SECONDS_MAX:
            raise Refused(
                f"seconds: expected more than 0 and at most {CODE_SECONDS_MAX}, found {seconds:g}."
            )
        return self._keys.new_code(scopes, seconds, offline=True, redirect_uri=None)

    def fault(self, fault: str) -> Answer:
        match fault:
            case "rate_limited":
                return _throttled()
            case "token_expired":
                return _error("invalid_code")
            case "http_503":
                return Answer(status=503, body=b"<h1>Service Unavailable</h1>", headers=HTML)
        return _error("general_error", status=500)

    def state(self) -> dict[str, list[Fields]]:
        return self._keys.state()

    def put(self, kind: str, fields: Fields) -> Fields:  # noqa: ARG002
        raise Refused("Accounts hold no records; POST /_sandbox/grant makes a code.")

    def edit(self, kind: str, record: str, fields: Fields) -> Fields:  # noqa: ARG002
        raise Refused("Accounts hold no records that a person could edit.")

    def act(self, act: str, kind: str, record: str, details: Fields) -> Fields:  # noqa: ARG002
        """Do `revoke` to a refresh token, or `expire` to an access token."""
        match act, kind:
            case "revoke", "refresh_tokens" if self._keys.end_ring(record):
                return {"id": record, "revoked": True}
            case "expire", "access_tokens" if self._keys.end_access(record):
                return {"id": record, "expired": True}
        raise Refused(
            "Accounts know the acts revoke, of a refresh token that is alive, and expire, of an "
            f"access token that is: found {act!r} of {kind!r} {record!r}."
        )

    def reset(self) -> None:
        self._keys = Keys(self._world)

    def _consent(self, request: Request, given: Mapping[str, str]) -> Answer:
        if wrong := wrong_consent(given, CLIENT_ID):
            return refuse(wrong)
        back = given["redirect_uri"]
        state = {"state": given["state"]} if "state" in given else {}
        approved = given.get("approve")
        if approved is None:
            return ask_consent(request, given["scope"])
        if approved != "1" or not self._keys.may_give_code():
            return redirect(back, {"error": "access_denied", **state})
        offline = given.get("access_type") == "offline"
        scopes = scopes_in(given["scope"])
        code = self._keys.new_code(scopes, CODE_SECONDS, offline=offline, redirect_uri=back)
        where = {"location": self.quirks.location, "accounts-server": request.base}
        return redirect(back, {"code": code, **where, **state})

    def _token(self, request: Request, given: Mapping[str, str]) -> Answer:
        if given.get("client_id") != CLIENT_ID:
            return _error("invalid_client")
        if given.get("client_secret") != CLIENT_SECRET:
            return _error("invalid_client_secret")
        match given.get("grant_type"):
            case "authorization_code":
                return self._exchange(request, given)
            case "refresh_token":
                ring = self._keys.ring(given.get("refresh_token", ""))
                return self._give(request, ring) if ring else _error("invalid_code")
            case "client_credentials":
                return self._of_client(request, given)
        return _error("general_error")

    def _exchange(self, request: Request, given: Mapping[str, str]) -> Answer:
        code = self._keys.take_code(given.get("code", ""))
        if code is None:
            return _error("invalid_code")
        if code.redirect_uri is not None and given.get("redirect_uri") != code.redirect_uri:
            return _error("invalid_redirect_uri")
        ring = self._keys.new_ring(code.scopes, kept=code.offline)
        more = {"refresh_token": ring.name} if code.offline else {}
        return self._give(request, ring, more=more)

    def _of_client(self, request: Request, given: Mapping[str, str]) -> Answer:
        """Give a token to the client itself, for an organisation that it names."""
        if "." not in given.get("soid", ""):
            return _error("missing_org_info")
        scopes = scopes_in(given.get("scope", ""))
        if not scopes:
            return _error("invalid_scope")
        return self._give(request, self._keys.of_clients, scopes=scopes)

    def _give(
        self,
        request: Request,
        ring: Keyring,
        *,
        scopes: tuple[str, ...] = (),
        more: Mapping[str, str] | None = None,
    ) -> Answer:
        scopes = scopes or ring.scopes
        limits = self.quirks
        token = self._keys.give(
            ring, scopes, window_max=limits.tokens_per_window, live_max=limits.live_tokens_max
        )
        if token is None:
            return _throttled()
        return _said(
            {
                "access_token": token,
                **(more or {}),
                "scope": " ".join(scopes),
                "api_domain": request.base,
                "token_type": "Bearer",
                "expires_in": ACCESS_SECONDS,
            }
        )


def _given(request: Request) -> dict[str, str]:
    """Give the parameters, which may stand in the query or in a form; the form goes first."""
    given: dict[str, str] = {}
    form = parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    for key, value in [*form, *request.query]:
        given.setdefault(key, value)
    return given


def _said(body: Fields, status: int = 200) -> Answer:
    return Answer(status=status, headers=JSON, body=body)


def _error(error: str, status: int = 200) -> Answer:
    return _said({"error": error}, status)


def _throttled() -> Answer:
    body = {
        "error_description": (
            "You have made too many requests continuously. Please try again after some time."
        ),
        "error": "Access Denied",
        "status": "failure",
    }
    return _said(body, 400)
