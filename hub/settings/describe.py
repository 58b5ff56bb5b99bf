"""What can be set, in words: for `hub check --explain` and for the documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.settings.connection import Connection
from hub.settings.fields import fields_of, leaves, variable_of

if TYPE_CHECKING:
    from hub.settings.fields import Field
    from hub.settings.load import Reading

_GIVEN_BY = {"_env": "the name of an environment variable", "_file": "the path of a private file"}


class SettingDoc(msgspec.Struct, frozen=True, kw_only=True):
    """One setting as an operator may look it up."""

    name: str
    type: str
    default: str
    description: str
    variable: str | None


class Effective(msgspec.Struct, frozen=True, kw_only=True):
    """One setting as it holds now, and who said so."""

    name: str
    value: str
    origin: str


def describe() -> list[SettingDoc]:
    """Describe every setting, in the order of the shapes."""
    general = [_doc(place, field, variable_of(place)) for place, field in leaves().items()]
    of_connections = [
        doc for field in fields_of(Connection).values() for doc in _docs_of_connection(field)
    ]
    return general + of_connections


def effective(reading: Reading) -> list[Effective]:
    """List every setting with the value that holds; secrets stay `***`."""
    settings = reading.settings
    places = list(leaves())
    for name in settings.connections:
        places += [("connections", name, field) for field in fields_of(Connection)]
    return [_effective(place, reading) for place in places]


def _doc(place: tuple[str, ...], field: Field, variable: str | None) -> SettingDoc:
    return SettingDoc(
        name=".".join(place),
        type=field.expected,
        default=_default(field),
        description=field.description,
        variable=variable,
    )


def _docs_of_connection(field: Field) -> list[SettingDoc]:
    place = ("connections", "NAME")
    if not field.elsewhere:
        return [_doc((*place, field.name), field, None)]
    docs = []
    for key in field.keys:
        doc = _doc((*place, key), field, None)
        way = _GIVEN_BY[key.removeprefix(field.name)]
        docs.append(msgspec.structs.replace(doc, type=way, default="one of the two is required"))
    return docs


def _default(field: Field) -> str:
    if field.required:
        return "required"
    return str(field.extra.get("default") or _written(field.default))


def _effective(place: tuple[str, ...], reading: Reading) -> Effective:
    name = ".".join(place)
    value: object = reading.settings
    for part in place:
        value = value[part] if isinstance(value, dict) else getattr(value, part)
    return Effective(name=name, value=_written(value), origin=reading.origins.get(name, "default"))


def _written(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "none"
    return "none" if value is None else str(value)
