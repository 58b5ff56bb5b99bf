"""Calls of Salesforce: each names the hub, so that what it writes is known for its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from hub.connectors.http import Call
from hub.connectors.record import encoded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.budget import Share
    from hub.connectors.http import Verb

QUIET = {
    # Nobody's assignment rule is to run, and no mail to go out, because the hub wrote something.
    "Sforce-Auto-Assign": "FALSE",
}


class Calls:
    """Makes the calls of one connection; `client` is what the hub calls itself there."""

    def __init__(self, client: str) -> None:
        self.client = client

    def get(self, path: str, *params: tuple[str, str], share: Share = "contacts") -> Call:
        return Call(
            method="GET",
            path=path,
            params=params,
            headers=self._headers,
            verb="read",
            share=share,
        )

    def send(
        self,
        path: str,
        body: Mapping[str, Any],
        *,
        verb: Verb,
        share: Share = "contacts",
        method: Literal["POST", "PATCH"] = "POST",
    ) -> Call:
        return Call(
            method=method,
            path=path,
            headers={**self._headers, **QUIET, "Content-Type": "application/json"},
            body=encoded(body),
            verb=verb,
            share=share,
        )

    @property
    def _headers(self) -> dict[str, str]:
        return {"Sforce-Call-Options": f"client={self.client}"}
