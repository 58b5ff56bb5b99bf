"""Countries and states where an org takes them from lists: they are written by their codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.salesforce.fields import Field

_WORDS = ("Country", "State")


def speaks_of_places(fields: Mapping[str, Any]) -> bool:
    """Tell whether a write says a country or a state."""
    return any(name.endswith(_WORDS) for name in fields)


def by_code(described: Mapping[str, Field], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Put the code of a country or a state for its name, where the object has a list of them.

    What is in no list goes as it is: the vendor says what is wrong with it.
    """
    made: dict[str, Any] = {}
    for name, value in fields.items():
        field = described.get(f"{name}Code") if name.endswith(_WORDS) else None
        code = None if field is None else _code(field, value)
        made |= {name: value} if code is None else {f"{name}Code": code}
    return made


def _code(field: Field, value: object) -> str | None:
    word = str(value or "").strip().casefold()
    if not word:
        return None
    for one in field.choices:
        if one.active and word in (one.value.casefold(), (one.label or "").casefold()):
            return one.value
    return None
