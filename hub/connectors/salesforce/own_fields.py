"""The fields of an object as one org has them, in the words that all vendors share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.connectors.field import Field
from hub.connectors.salesforce.fields import NOT_READ

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.field import Word
    from hub.connectors.http import Vendor
    from hub.connectors.salesforce.fields import Field as Described
    from hub.connectors.salesforce.fields import Objects
    from hub.connectors.salesforce.kinds import SalesforceKind

_WORDS: Mapping[str, Word] = {
    "id": "id",
    "reference": "id",
    "currency": "money",
    "double": "number",
    "int": "number",
    "long": "number",
    "percent": "number",
    "boolean": "flag",
    "date": "date",
    "datetime": "time",
    "picklist": "choice",
}
"""For all other types: text."""


async def own_fields(vendor: Vendor, objects: Objects, kind: SalesforceKind) -> Mapping[str, Field]:
    """Give the fields of a kind; its lines are a list of records under the name of the relation."""
    if not await objects.has(vendor, kind):
        return {}
    found = await objects.fields(vendor, kind)
    fields = {
        name: _field(one)
        for name, one in found.items()
        if name != kind.mark and one.type not in NOT_READ
    }
    return fields | ({kind.lines[0]: Field(word="list", is_written=False)} if kind.lines else {})


def _field(one: Described) -> Field:
    return Field(
        word=_WORDS.get(one.type, "text"),
        label=one.label,
        choices=tuple(choice.value for choice in one.choices if choice.active),
        is_custom=one.custom,
        is_written=one.createable or one.updateable,
    )
