"""The fields of a portal's own: which there are, and whether one holds what a flow writes to it.

No page says how a field is made through the API, so the clicks are told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.connectors.field import Field, as_fields
from hub.connectors.finding import Finding
from hub.connectors.zoho_desk.described import COMPUTED, FIELDS
from hub.connectors.zoho_desk.kinds import CUSTOM, MARK
from hub.connectors.zoho_desk.organisation import described

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.connector import Kind
    from hub.connectors.field import Plain, Word
    from hub.connectors.http import Vendor
    from hub.connectors.zoho_desk.call import Caller
    from hub.connectors.zoho_desk.organisation import Described

DESCRIBED = frozenset({"tickets", "contacts", "accounts"})
_WORDS: Mapping[str, Word] = {
    "Text": "text", "Textarea": "text", "Email": "text", "Phone": "text", "URL": "text",
    "Number": "number", "Decimal": "number", "Percent": "number", "Currency": "money",
    "Date": "date", "DateTime": "time", "Boolean": "flag", "Picklist": "choice",
    "Multiselect": "list", "LookUp": "lookup",
}  # fmt: skip
_TYPES: Mapping[Plain, str] = {
    "text": "Single Line", "number": "Decimal", "money": "Currency", "date": "Date",
    "time": "Date/Time", "flag": "Checkbox",
}  # fmt: skip
_NAMES = {"tickets": "Tickets", "contacts": "Contacts", "accounts": "Accounts"}


async def own_fields(vendor: Vendor, caller: Caller, kind: Kind) -> dict[str, Field]:
    """Give the fields of a kind; those of the portal's own are in `cf`."""
    known = {
        name: Field(word=field.word, fields=field.fields, is_written=name not in COMPUTED)
        for name, field in as_fields(FIELDS[kind.name]).items()
    }
    if kind.name not in DESCRIBED:
        return known
    rows = await described(vendor, caller, kind.name)
    custom = {one.name: _field(one) for one in rows if one.custom and one.name != MARK}
    chosen = {one.name: _field(one) for one in rows if not one.custom and one.allowed}
    return {**known, **chosen, CUSTOM: Field(word="record", fields=custom)}


async def custom(vendor: Vendor, caller: Caller, kind: Kind, name: str) -> Described | None:
    """Give a field of the portal's own, by its name in `cf`."""
    rows = await described(vendor, caller, kind.name)
    return next((one for one in rows if one.name == name), None)


async def own_field(  # noqa: PLR0917 - as a ground is asked, and of whom
    vendor: Vendor, caller: Caller, kind: Kind, name: str, label: str, word: Plain
) -> Finding:
    """See that a kind has a plain field of its own."""
    about, plain = f"{name} of {kind.name}", name.removeprefix(f"{CUSTOM}.")
    found = await custom(vendor, caller, kind, plain)
    if found is None:
        sentence = f"{kind.name} have no field {plain}; what flows write to it is refused by Desk."
        steps = clicks(kind, plain, label, _TYPES[word])
        return Finding(about=about, state="needs", sentence=sentence, steps=steps)
    has = _WORDS.get(found.type, "text")
    if has not in (word, "text", "choice"):
        sentence = f"{plain} of {kind.name} holds a {has}; expected a {word}."
        steps = clicks(kind, plain, label, _TYPES[word])
        return Finding(about=about, state="needs", sentence=sentence, steps=steps)
    return Finding(about=about, state="well", sentence=f"There is a field {plain}.")


def clicks(kind: Kind, name: str, label: str, type_: str) -> tuple[str, ...]:
    """Say how a person makes a field."""
    return (
        f"In Desk: Setup, Customization, Layouts and Fields, {_NAMES[kind.name]}: edit each layout",
        f'Drag a field of type "{type_}" into it, label "{label}"',
        f"Save; its API name must read {name}. Then run `hub setup` again, which proves it",
    )


def _field(one: Described) -> Field:
    choices = tuple(choice.value for choice in one.allowed or ())
    return Field(
        word=_WORDS.get(one.type, "text"),
        label=one.label,
        choices=choices,
        is_custom=one.custom,
    )
