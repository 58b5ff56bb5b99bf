"""Logging in: a signed assertion, a refresh token, or the client for itself.

An error is one object with `error`, and never says which of two things was wrong when one of them
is a secret.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from hub.sandbox.salesforce.fresh import API_USER, ORG_ID
from hub.sandbox.salesforce.values import told
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from hub.sandbox.salesforce.organisation import Organisation
    from hub.sandbox.salesforce.sessions import Session, Sessions
    from hub.sandbox.system import Fields, Request

CLIENT_ID = "sandbox"
CLIENT_SECRET = "sandbox"  # noqa: S105 - documented: it opens nothing but made-up records
REFRESH_TOKEN = "sandbox-salesforce"  # noqa: S105
KEYS = Path(__file__).parent / "keys"
"""The pair of the sandbox's user; `private.pem` is what a client signs its assertions with."""

JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
AUDIENCES = ("https://login.salesforce.com", "https://test.salesforce.com")
EXPIRY_MAX = timedelta(minutes=5)

_DESCRIPTIONS = {
    "client": "invalid client credentials",
    "grant": "expired access/refresh token",
    "assertion": "invalid assertion",
    "audience": "Audience validation failed",
    "user": "user hasn't approved this consumer",
    "expired": "expired authorization code",
}


class NotLetIn(Exception):
    """No token is given."""

    def __init__(self, error: str, description: str = "") -> None:
        super().__init__(error)
        self.error = error
        self.description = description


class Login:
    """Gives out tokens."""

    def __init__(self, org: Organisation, sessions: Sessions) -> None:
        self._org = org
        self._sessions = sessions
        self.reset()

    def reset(self) -> None:
        self._sessions.refresh_tokens = {REFRESH_TOKEN: API_USER}

    def answer(self, request: Request) -> Answer:
        """Answer a call to the token endpoint."""
        try:
            return self._token(request)
        except NotLetIn as error:
            body = {"error": error.error}
            if error.description:
                body["error_description"] = error.description
            return Answer(status=400, headers={"Cache-Control": "no-store"}, body=body)

    def userinfo(self, session: Session) -> Fields:
        """Say who is logged in."""
        user = self._org.find(session.user)
        assert user is not None, "a session is of a user"
        return {
            "user_id": user.id,
            "organization_id": ORG_ID,
            "preferred_username": user.get("Username"),
            "name": user.get("Name"),
            "email": user.get("Email"),
            "zoneinfo": self._org.quirks.time_zone,
            "updated_at": told(user.get("LastModifiedDate")),
        }

    def _token(self, request: Request) -> Answer:
        if request.method != "POST":
            raise NotLetIn("invalid_request", "must use HTTP POST")
        given = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
        match given.get("grant_type"):
            case "refresh_token":
                return self._refresh(request, given)
            case "client_credentials":
                _check_client(*_basic(request, given))
                return self._given(request, API_USER, signed=True)
            case grant if grant == JWT:
                self._check_assertion(request, given.get("assertion", ""))
                return self._given(request, API_USER)
        raise NotLetIn("unsupported_grant_type", "grant type not supported")

    def _refresh(self, request: Request, given: dict[str, str]) -> Answer:
        _check_client(given.get("client_id", ""), given.get("client_secret", CLIENT_SECRET))
        tokens = self._sessions.refresh_tokens
        old = given.get("refresh_token", "")
        if old not in tokens:
            raise NotLetIn("invalid_grant", _DESCRIPTIONS["grant"])
        if not self._org.quirks.rotates_refresh_tokens:
            return self._given(request, tokens[old], signed=True)
        new = f"5Aep{self._org.world.random.randbytes(30).hex()}"
        tokens[new] = tokens.pop(old)
        self._sessions.end()  # a rotation ends the session before it
        return self._given(request, tokens[new], signed=True, refresh_token=new)

    def _check_assertion(self, request: Request, assertion: str) -> None:
        claims = _claims(assertion)
        if claims.get("iss") != CLIENT_ID:
            raise NotLetIn("invalid_client_id", "client identifier invalid")
        if str(claims.get("aud", "")).rstrip("/") not in (*AUDIENCES, request.base):
            raise NotLetIn("invalid_grant", _DESCRIPTIONS["audience"])
        user = self._org.find(API_USER)
        if user is None or claims.get("sub") != user.get("Username"):
            raise NotLetIn("invalid_grant", _DESCRIPTIONS["user"])
        if self._org.quirks.expiry_is_checked and not self._is_timely(claims.get("exp")):
            raise NotLetIn("invalid_grant", _DESCRIPTIONS["expired"])

    def _is_timely(self, said: Any) -> bool:
        try:
            left = float(said) - self._org.world.clock.now().timestamp()
        except (TypeError, ValueError):
            return False
        return 0 < left <= EXPIRY_MAX.total_seconds()

    def _given(
        self, request: Request, user: str, *, signed: bool = False, refresh_token: str = ""
    ) -> Answer:
        session = self._sessions.open(user)
        identity = f"{request.base}/id/{ORG_ID}/{user}"
        issued = str(int(self._org.world.clock.now().timestamp() * 1_000))
        body = {
            "access_token": session.token,
            **({"refresh_token": refresh_token} if refresh_token else {}),
            "scope": "api refresh_token",
            "instance_url": request.base,
            "id": identity,
            "token_type": "Bearer",
            **({"issued_at": issued, "signature": _signature(identity + issued)} if signed else {}),
        }
        return Answer(headers={"Cache-Control": "no-store"}, body=body)


@cache
def public_key() -> rsa.RSAPublicKey:
    """Give the key by which assertions are proved."""
    key = load_pem_public_key((KEYS / "public.pem").read_bytes())
    assert isinstance(key, rsa.RSAPublicKey), "the pair is one of RSA"
    return key


def _claims(assertion: str) -> dict[str, Any]:
    """Read an assertion that is signed by the key of the sandbox's user."""
    try:
        head, body, signature = assertion.split(".")
        public_key().verify(
            _bytes(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256()
        )
        claims = json.loads(_bytes(body))
        is_signed = json.loads(_bytes(head)).get("alg") == "RS256"
    except (InvalidSignature, ValueError, binascii.Error, AttributeError):
        raise NotLetIn("invalid_grant", _DESCRIPTIONS["assertion"]) from None
    if not is_signed or not isinstance(claims, dict):
        raise NotLetIn("invalid_grant", _DESCRIPTIONS["assertion"])
    return claims


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _basic(request: Request, given: dict[str, str]) -> tuple[str, str]:
    """Read the client's id and secret: from the header, or from the form."""
    word, _, coded = request.headers.get("authorization", "").partition(" ")
    if word.lower() != "basic":
        return given.get("client_id", ""), given.get("client_secret", "")
    try:
        client_id, _, secret = base64.b64decode(coded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise NotLetIn("invalid_client", _DESCRIPTIONS["client"]) from None
    return client_id, secret


def _check_client(client_id: str, secret: str) -> None:
    if client_id != CLIENT_ID:
        raise NotLetIn("invalid_client_id", "client identifier invalid")
    if secret != CLIENT_SECRET:
        raise NotLetIn("invalid_client", _DESCRIPTIONS["client"])


def _signature(text: str) -> str:
    digest = hmac.new(CLIENT_SECRET.encode(), text.encode(), "sha256").digest()
    return base64.b64encode(digest).decode()
