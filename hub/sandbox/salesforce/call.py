"""A call as a handler sees it: the org, the session, the version, and what the headers ask for."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from hub.sandbox.salesforce.changes import Caller
from hub.sandbox.salesforce.organisation import Organisation  # noqa: TC001 - msgspec reads these
from hub.sandbox.salesforce.refusal import Refusal, bad_json
from hub.sandbox.salesforce.sessions import Session  # noqa: TC001
from hub.sandbox.system import Request  # noqa: TC001

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.sandbox.system import Fields

VERSION_LEAST = 31.0
VERSION_MOST = 67.0

_JSON = msgspec.json.Decoder(float_hook=Decimal)


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One request, or one of those within a composite."""

    org: Organisation
    session: Session
    request: Request
    version: str
    """As the path says it, such as v67.0."""
    limits: Fields
    """What /limits would say."""

    @property
    def base(self) -> str:
        return f"/services/data/{self.version}"

    @property
    def caller(self) -> Caller:
        options = header_words(self.request.headers, "sforce-call-options")
        allows = header_words(self.request.headers, "sforce-duplicate-rule-header")
        return Caller(
            user=self.session.user,
            client=options.get("client", ""),
            api=f"rest/{self.version.removeprefix('v')}",
            assigns=self.request.headers.get("sforce-auto-assign", "TRUE").upper() != "FALSE",
            allows_duplicates=allows.get("allowsave", "").lower() == "true",
        )

    def body(self) -> Fields:
        """Read the body as an object."""
        found = self.json()
        if not isinstance(found, dict):
            raise bad_json("The HTTP entity body is required to be an object, but is not")
        return found

    def json(self) -> Any:
        try:
            return _JSON.decode(self.request.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise bad_json(f"Unexpected character: {error}") from error

    def param(self, name: str) -> str:
        """Give a query parameter that must be there."""
        found = self.request.param(name)
        if not found:
            raise Refusal("INVALID_FIELD", f"{name} is required")
        return found


def header_words(headers: Mapping[str, str], name: str) -> dict[str, str]:
    """Read a header of words with values: `client=HubSync, allowSave=true`."""
    text = headers.get(name, "").replace(";", ",")
    pairs = (part.partition("=") for part in text.split(","))
    return {key.strip().lower(): value.strip() for key, _, value in pairs if key.strip()}
