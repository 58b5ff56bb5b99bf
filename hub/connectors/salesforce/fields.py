"""The fields of each object of one org, as it describes them itself; read once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.connectors.connector import NotRead
from hub.connectors.outcome import Refused
from hub.connectors.record import read
from hub.connectors.salesforce.kinds import base_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.http import Vendor
    from hub.connectors.salesforce.call import Calls
    from hub.connectors.salesforce.kinds import SalesforceKind

NOT_READ = frozenset({"address", "location", "base64", "complexvalue"})
"""Types of fields that a query does not give, or that only repeat what other fields say."""


class Choice(msgspec.Struct):
    value: str = ""
    label: str | None = None
    active: bool = True


class Field(msgspec.Struct):
    name: str
    type: str = "string"
    label: str = ""
    custom: bool = False
    createable: bool = True
    updateable: bool = True
    unique: bool = False
    external_id: bool = msgspec.field(default=False, name="externalId")
    filterable: bool = True
    choices: list[Choice] = msgspec.field(default_factory=list, name="picklistValues")


class _Described(msgspec.Struct):
    fields: list[Field]


class Objects:
    """What is known of the objects."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._known: dict[str, Mapping[str, Field]] = {}

    async def fields(
        self, vendor: Vendor, kind: SalesforceKind, name: str = ""
    ) -> Mapping[str, Field]:
        """Give the fields of a kind, or of another object by its name."""
        name = name or kind.name
        if name not in self._known:
            path = f"{base_of(kind)}/sobjects/{name}/describe"
            answer = await read(vendor, self._calls.get(path))
            found = msgspec.json.decode(answer.body, type=_Described).fields
            self._known[name] = {one.name: one for one in found}
        return self._known[name]

    async def has(self, vendor: Vendor, kind: SalesforceKind) -> bool:
        """Tell whether the org has a kind that not every org has."""
        if not kind.is_optional:
            return True
        try:
            await self.fields(vendor, kind)
        except NotRead as error:
            if isinstance(error.outcome, Refused) and error.outcome.because == "missing":
                return False
            raise
        return True

    async def names(self, vendor: Vendor, kind: SalesforceKind, name: str = "") -> list[str]:
        """Name the fields that a query asks for."""
        found = await self.fields(vendor, kind, name)
        return [one.name for one in found.values() if one.type not in NOT_READ]

    def forget(self) -> None:
        """Let go of what is known: somebody has changed it."""
        self._known.clear()
