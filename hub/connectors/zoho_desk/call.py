"""What is asked of Zoho Desk: each call names the organisation, and costs what it weighs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec

from hub.connectors.http import Call
from hub.connectors.record import encoded
from hub.connectors.zoho_desk.kinds import weight_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hub.connectors.budget import Share
    from hub.connectors.http import Verb


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Makes the calls of one organisation."""

    organization: str
    source: str = ""
    """What our own writes carry for others to tell them by; empty: nothing."""

    def reads(
        self, path: str, params: Iterable[tuple[str, str]] = (), share: Share = "contacts"
    ) -> Call:
        """Give the call that reads one thing."""
        return Call(
            method="GET",
            path=path,
            params=tuple(params),
            headers={"orgId": self.organization},
            verb="read",
            share=share,
        )

    def lists(
        self,
        path: str,
        params: Iterable[tuple[str, str]],
        *,
        first: int,
        limit: int,
        share: Share = "contacts",
    ) -> Call:
        """Give the call that reads a page; the further into a list, the more it costs."""
        paging = (("from", str(first)), ("limit", str(limit)))
        call = self.reads(path, (*params, *paging), share)
        return msgspec.structs.replace(call, cost=weight_from(first))

    def writes(
        self, method: str, path: str, fields: Mapping[str, Any], *, verb: Verb, share: Share
    ) -> Call:
        """Give the call that writes these fields."""
        source = {"sourceId": self.source} if self.source else {}
        return Call(
            method=method,
            path=path,
            headers={
                "orgId": self.organization,
                "Content-Type": "application/json",
                **source,
            },
            body=encoded(fields),
            verb=verb,
            share=share,
        )


def at(path: str, record: str, rest: str = "") -> str:
    """Give where one record is, or what hangs on it."""
    return f"{path}/{quote(record, safe='')}{rest}"
