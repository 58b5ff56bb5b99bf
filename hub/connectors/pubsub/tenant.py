"""The id of the organisation that a stream is opened for, as its metadata wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.connectors.http import Call
from hub.connectors.pubsub.record_id import SHORT, whole_id
from hub.connectors.record import read

if TYPE_CHECKING:
    from hub.connectors.http import Vendor
    from hub.settings import Secret

PREFIX = "00D"


class _Who(msgspec.Struct):
    organization_id: str


async def tenant(vendor: Vendor, token: Secret) -> str:
    """Give it: most tokens begin with it, and the vendor tells whose any other is."""
    organisation, mark, _ = token.reveal().partition("!")
    if mark and len(organisation) == SHORT and organisation.startswith(PREFIX):
        return whole_id(organisation)
    answer = await read(vendor, Call(method="GET", path="/services/oauth2/userinfo", verb="read"))
    return msgspec.json.decode(answer.body, type=_Who).organization_id
