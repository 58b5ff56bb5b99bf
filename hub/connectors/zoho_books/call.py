"""What is asked of Zoho Books: each call names the organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.connectors.http import Call
from hub.connectors.record import encoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hub.connectors.budget import Share
    from hub.connectors.http import Verb


def reads(
    organization: str,
    path: str,
    params: Iterable[tuple[str, str]] = (),
    share: Share = "contacts",
) -> Call:
    """Give the call that reads what is there."""
    whose = ("organization_id", organization)
    return Call(method="GET", path=path, params=(whose, *params), verb="read", share=share)


def writes(
    organization: str,
    method: str,
    path: str,
    fields: Mapping[str, Any],
    *,
    verb: Verb,
    share: Share,
) -> Call:
    """Give the call that writes these fields."""
    return Call(
        method=method,
        path=path,
        params=(("organization_id", organization),),
        headers={"Content-Type": "application/json"},
        body=encoded(fields),
        verb=verb,
        share=share,
    )
