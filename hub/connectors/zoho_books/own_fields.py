"""The fields of a kind as one organisation of Zoho Books has them, and how a person makes one.

Nothing lists the custom fields of Books. A list of contacts or of invoices shows those that its
rows have filled, and only these are known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.connectors.field import Field, as_fields
from hub.connectors.finding import Finding
from hub.connectors.record import read
from hub.connectors.zoho_books.described import FIELDS
from hub.connectors.zoho_books.kinds import ROWS_MAX, BooksKind
from hub.connectors.zoho_books.mark import module_name
from hub.connectors.zoho_books.organisation import get

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.field import Plain, Word
    from hub.connectors.http import Vendor

CUSTOM = "custom_field_hash"
_SHOWN = ("contacts", "invoices")
_WORDS: Mapping[str, Word] = {
    "number": "number",
    "decimal": "number",
    "percent": "number",
    "amount": "money",
    "date": "date",
    "date_time": "time",
    "check_box": "flag",
    "dropdown": "choice",
    "multiselect": "list",
    "lookup": "id",
}
"""By the type of a custom field; of any other it is text."""

_TYPES: Mapping[Plain, str] = {
    "text": "Text Box (Single Line)",
    "number": "Decimal",
    "money": "Amount",
    "date": "Date",
    "time": "Date and Time",
    "flag": "Check Box",
}
"""What the settings of Books call a plain field."""


class _Custom(msgspec.Struct):
    api_name: str = ""
    label: str = ""
    data_type: str = "string"


class _Row(msgspec.Struct):
    custom_fields: list[_Custom] = []


async def own_fields(vendor: Vendor, organization: str, kind: BooksKind) -> Mapping[str, Field]:
    """Give what every organisation has, and the custom fields that are seen to be there."""
    fields = as_fields(FIELDS[kind.name])
    custom = await _custom(vendor, organization, kind)
    if custom:
        fields[CUSTOM] = Field(word="record", fields=custom)
    return fields


async def own_field(  # noqa: PLR0917 - what a field is
    vendor: Vendor, organization: str, kind: BooksKind, name: str, label: str, word: Plain
) -> Finding:
    """Look whether a custom field is seen to be there; how to make it, where it is not."""
    about = f"{name} of {kind.name}"
    found = (await _custom(vendor, organization, kind)).get(name)
    if found is None:
        return Finding(
            about=about,
            state="warned",
            sentence=f"No record shows a field {name}, and Books lets nobody make or list one by "
            f"its API. If {kind.name} have none, what flows write to it is dropped by Books.",
            steps=_clicks(kind, name, label, word),
        )
    if found.word != word:
        sentence = f"{name} of {kind.name} holds a {found.word}; expected a {word}."
        steps = _clicks(kind, name, label, word)
        return Finding(about=about, state="needs", sentence=sentence, steps=steps)
    return Finding(about=about, state="well", sentence=f"There is a field {name}.")


async def _custom(vendor: Vendor, organization: str, kind: BooksKind) -> dict[str, Field]:
    if kind.name not in _SHOWN:
        return {}
    answer = await read(vendor, get(kind.path, organization, per_page=str(ROWS_MAX)))
    body = msgspec.json.decode(answer.body, type=dict[str, msgspec.Raw])
    rows = msgspec.json.decode(body[kind.name], type=list[_Row])
    return {
        one.api_name: Field(word=_WORDS.get(one.data_type, "text"), label=one.label, is_custom=True)
        for row in rows
        for one in row.custom_fields
        if one.api_name not in ("", kind.mark)
    }


def _clicks(kind: BooksKind, name: str, label: str, word: Plain) -> tuple[str, ...]:
    return (
        (
            f"In Books: Settings, Preferences, {module_name(kind)}, Field Customization (or Custom "
            "Fields), New"
        ),
        f'Label "{label}", type "{_TYPES[word]}"',
        f"Save; its API name must read {name}",
    )
