"""A played Salesforce to call in tests, on a clock that stands still until it is moved."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from hub.sandbox.salesforce import Quirks, Salesforce
from hub.sandbox.salesforce.login import JWT, KEYS
from hub.sandbox.system import Answer, Request
from hub.sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.sandbox.salesforce.changes import Transaction

BASE = "http://sandbox.example"
START = datetime(2026, 2, 3, 9, 10, 11, 500_000, UTC)
VERSION = "/services/data/v67.0"

_encode = msgspec.json.Encoder(decimal_format="number").encode
_decode = msgspec.json.Decoder(float_hook=Decimal).decode


class Desk:
    """Salesforce, with short ways to call it; what it answers has been through JSON."""

    def __init__(self) -> None:
        self.world = World(start=START)
        self.salesforce = Salesforce(self.world)
        self.salesforce.quirks = Quirks(time_zone="UTC")
        self.told: list[Transaction] = []
        self.salesforce.org.changes.append(self.told.append)
        self.token = ""
        self.headers: dict[str, str] = {"sforce-call-options": "client=Test"}
        self.log_in()

    def quirk(self, **changed: object) -> None:
        self.salesforce.quirks = msgspec.structs.replace(self.salesforce.quirks, **changed)

    def log_in(self) -> None:
        answer = self.ask_token(
            grant_type="refresh_token",
            refresh_token="sandbox-salesforce",
            client_id="sandbox",
            client_secret="sandbox",
        )
        assert answer.status == 200, answer.body
        self.token = answer.body["access_token"]

    def ask_token(self, *, headers: Mapping[str, str] | None = None, **form: str) -> Answer:
        return self._call(
            "POST", "/services/oauth2/token", urlencode(form).encode(), headers or {}, {}
        )

    def assert_with(self, key: rsa.RSAPrivateKey | None = None, **claims: object) -> Answer:
        """Log in by an assertion, of which some claims are others than they should be."""
        said = {
            "iss": "sandbox",
            "sub": "hub@sandbox.example",
            "aud": "https://login.salesforce.com",
            "exp": int(self.world.clock.now().timestamp()) + 180,
            **claims,
        }
        text = f"{_coded(_encode({'alg': 'RS256'}))}.{_coded(_encode(said))}"
        key = key or private_key()
        signed = key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        return self.ask_token(grant_type=JWT, assertion=f"{text}.{_coded(signed)}")

    def get(
        self, path: str, *, headers: Mapping[str, str] | None = None, **query: object
    ) -> Answer:
        return self._call("GET", path, b"", headers, query)

    def post(self, path: str, body: object, *, headers: Mapping[str, str] | None = None) -> Answer:
        return self._call("POST", path, _encode(body), headers, {})

    def patch(
        self,
        path: str,
        body: object,
        *,
        headers: Mapping[str, str] | None = None,
        **query: object,
    ) -> Answer:
        return self._call("PATCH", path, _encode(body), headers, query)

    def delete(self, path: str, **query: object) -> Answer:
        return self._call("DELETE", path, b"", None, query)

    def create(self, name: str, **fields: object) -> str:
        """Make a record, and give its id."""
        answer = self.post(f"/sobjects/{name}", fields)
        assert answer.status == 201, answer.body
        return str(answer.body["id"])

    def one(self, name: str, record: str) -> dict[str, Any]:
        answer = self.get(f"/sobjects/{name}/{record}")
        assert answer.status == 200, answer.body
        found: dict[str, Any] = answer.body
        return found

    def query(self, text: str, path: str = "/query", **headers: str) -> Answer:
        return self.get(path, q=text, headers=headers)

    def rows(self, text: str, path: str = "/query") -> list[dict[str, Any]]:
        """Give the rows of a query, without their attributes."""
        answer = self.query(text, path)
        assert answer.status == 200, answer.body
        return [_bare(row) for row in answer.body["records"]]

    def deal(self, *quantities: int) -> tuple[str, str]:
        """Make an opportunity with lines of 100 each; gives it and an entry of the price book."""
        book = self.rows("SELECT Id FROM Pricebook2")[0]["Id"]
        product = self.create("Product2", Name="Support", ProductCode="SUP", IsActive=True)
        entry = self.create(
            "PricebookEntry", Pricebook2Id=book, Product2Id=product, UnitPrice=100, IsActive=True
        )
        deal = self.create(
            "Opportunity", Name="Renewal", StageName="Prospecting", CloseDate="2026-03-01"
        )
        for quantity in quantities:
            self.create(
                "OpportunityLineItem", OpportunityId=deal, PricebookEntryId=entry, Quantity=quantity
            )
        return deal, entry

    def error(self, answer: Answer) -> tuple[int, str]:
        """Give the status and the code of a refusal."""
        return answer.status, answer.body[0]["errorCode"]

    def _call(
        self,
        method: str,
        path: str,
        body: bytes,
        headers: Mapping[str, str] | None,
        query: Mapping[str, object],
    ) -> Answer:
        url = urlsplit(path if path.startswith("/services") else f"{VERSION}{path}")
        authorization = {"authorization": f"Bearer {self.token}"} if self.token else {}
        request = Request(
            method=method,
            path=url.path,
            query=tuple((key, str(value)) for key, value in query.items()),
            headers={**authorization, **self.headers, **(headers or {})},
            body=body,
            base=BASE,
        )
        answer = self.salesforce.answer(request)
        if answer.body is not None and not isinstance(answer.body, bytes):
            answer = msgspec.structs.replace(answer, body=_decode(_encode(answer.body)))
        return answer


def private_key() -> rsa.RSAPrivateKey:
    key = load_pem_private_key((KEYS / "private.pem").read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def _bare(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _bare(value) if isinstance(value, dict) and "attributes" in value else value
        for name, value in row.items()
        if name != "attributes"
    }


def _coded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
