"""See that modules of Zoho CRM have a field of the hub's own, and make it where it is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hub.connectors.connector import NotRead
from hub.connectors.finding import Finding
from hub.connectors.http import Call
from hub.connectors.outcome import Refused
from hub.connectors.record import read
from hub.connectors.zoho_crm.organisation import SHARE, get

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.connector import Kind
    from hub.connectors.field import Plain
    from hub.connectors.http import Vendor

LENGTH = 100
TYPES: Mapping[Plain, tuple[str, str]] = {
    "text": ("text", "Single Line"),
    "number": ("double", "Decimal"),
    "money": ("currency", "Currency"),
    "date": ("date", "Date"),
    "time": ("datetime", "Date/Time"),
    "flag": ("boolean", "Checkbox"),
}
"""What the API calls a plain field, and what the settings of the CRM do."""


class Described(msgspec.Struct):
    """A field as the CRM lists it."""

    api_name: str
    field_label: str = ""
    data_type: str = "text"
    unique: Any = None
    """An object, which is empty where it is not."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A field that is to be there."""

    name: str
    label: str
    word: Plain = "text"
    unique: bool = False

    @property
    def data_type(self) -> str:
        return TYPES[self.word][0]


class _Fields(msgspec.Struct):
    fields: list[Described] = []


class _Item(msgspec.Struct):
    code: str = ""
    message: str = ""


class _Items(msgspec.Struct):
    fields: list[_Item] = []


async def see_to(vendor: Vendor, kind: Kind, wanted: Wanted, *, make: bool) -> Finding:
    """See that a module has the field; make it if it may be made."""
    about, made = f"{wanted.name} of {kind.name}", False
    field = await there(vendor, kind, wanted)
    if field is None and not make:
        sentence = f"{kind.name} have no field {wanted.name} yet."
        return Finding(about=about, state="owed", sentence=sentence)
    if field is None:
        try:
            await _make(vendor, kind, wanted)
        except NotRead as error:
            sentence = f"The CRM does not let the hub make the field. {error}"
            return Finding(
                about=about, state="needs", sentence=sentence, steps=_clicks(kind, wanted)
            )
        field, made = await there(vendor, kind, wanted), True
    if (fault := _fault(kind, wanted, field)) is not None:
        return Finding(about=about, state="needs", sentence=fault, steps=_clicks(kind, wanted))
    sentence = f"{'Made: a' if made else 'There is a'} field {wanted.name}, of the type expected."
    return Finding(about=about, state="made" if made else "well", sentence=sentence)


async def there(vendor: Vendor, kind: Kind, wanted: Wanted) -> Described | None:
    """Give the field; where its name was taken, the one that bears its label."""
    answer = await read(vendor, get("/crm/v8/settings/fields", module=kind.name))
    found = msgspec.json.decode(answer.body or b"{}", type=_Fields).fields
    ours = [one for one in found if one.api_name == wanted.name]
    return next(iter([*ours, *(one for one in found if one.field_label == wanted.label)]), None)


def _fault(kind: Kind, wanted: Wanted, field: Described | None) -> str | None:
    if field is None:
        return f"The CRM said that it made {wanted.name} of {kind.name}, but does not list it."
    if field.api_name != wanted.name:
        return (
            f'The field "{wanted.label}" of {kind.name} is called {field.api_name}; expected '
            f"{wanted.name}."
        )
    if field.data_type != wanted.data_type:
        return (
            f"{wanted.name} of {kind.name} is of the type {field.data_type}; expected "
            f"{wanted.data_type}."
        )
    if wanted.unique and not field.unique:
        return f"{wanted.name} of {kind.name} is not unique: two records could bear one mark."
    return None


async def _make(vendor: Vendor, kind: Kind, wanted: Wanted) -> None:
    call = Call(
        method="POST",
        path="/crm/v8/settings/fields",
        params=(("module", kind.name),),
        headers={"Content-Type": "application/json"},
        body=msgspec.json.encode({"fields": [_shape(wanted)]}),
        verb="readable",
        share=SHARE,
    )
    answer = await read(vendor, call)
    # An answer 207 is no success by itself.
    for item in msgspec.json.decode(answer.body, type=_Items).fields:
        if item.code != "SUCCESS":
            sentence = f"It said {item.code}: {item.message}."
            raise NotRead(Refused(sentence=sentence, because="data", reason=item.code))


def _shape(wanted: Wanted) -> dict[str, Any]:
    shape: dict[str, Any] = {"field_label": wanted.label, "data_type": wanted.data_type}
    if wanted.word == "text":
        shape["length"] = LENGTH
    if wanted.unique:
        shape["unique"] = {"case_sensitive": False}
    return shape


def _clicks(kind: Kind, wanted: Wanted) -> tuple[str, ...]:
    called = f'a {TYPES[wanted.word][1]} field, name it "{wanted.label}"'
    longest = f", at most {LENGTH} characters" if wanted.word == "text" else ""
    alone = 'In its properties tick "Do not allow duplicate values", and save the layout'
    room = "Where the edition has no unique field left, free one. "
    return (
        f"In the CRM: Setup, Customization, Modules and Fields, {kind.name}, Layouts, Standard",
        f"Drag in {called}{longest}",
        alone if wanted.unique else "Save the layout",
        (
            f"Its API name must read {wanted.name} (Setup, Developer Hub, APIs & SDKs, API Names). "
            f"{room if wanted.unique else ''}Then run `hub setup` again"
        ),
    )
