"""The shapes of the settings as lists of fields, which can be judged and described."""

from __future__ import annotations

import typing
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from hub.settings.secret import Secret
from hub.settings.shape import Settings

_WORDS: dict[type[inspect.Type], str] = {
    inspect.BoolType: "true or false",
    inspect.StrType: "text",
    inspect.CustomType: "a path",
    inspect.ListType: "a list of names",
    inspect.StructType: "a table",
    inspect.DictType: "a table",
}


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a shape: what may stand there, and what is said of it."""

    name: str
    annotation: Any
    takes: inspect.Type
    default: object
    description: str
    extra: dict[str, Any]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that may give it in the file."""
        return (f"{self.name}_env", f"{self.name}_file") if self.elsewhere else (self.name,)

    @property
    def elsewhere(self) -> bool:
        """Whether it is a secret that the file only names."""
        return "elsewhere" in self.extra

    @property
    def secret(self) -> bool:
        """Whether its value must not be shown."""
        return isinstance(self.takes, inspect.CustomType) and self.takes.cls is Secret

    @property
    def required(self) -> bool:
        """Whether the file must give it."""
        return self.default is msgspec.NODEFAULT and "default" not in self.extra

    @property
    def of(self) -> tuple[str, ...]:
        """Of a connection: the systems that know it; none: all do."""
        return tuple(self.extra.get("of", ()))

    @property
    def guarded(self) -> bool:
        """Whether it is an address that a secret is sent to."""
        return "guarded" in self.extra

    @property
    def expected(self) -> str:
        """What may stand here, in words for a fault."""
        return str(self.extra.get("expected") or _wording(self.takes))

    @property
    def entry(self) -> Field:
        """What each entry of this list, or each name in this table of tables, must be."""
        return _field("", _first(self.annotation), msgspec.NODEFAULT)


@cache
def fields_of(shape: type[msgspec.Struct]) -> dict[str, Field]:
    """Give the fields of a shape that an operator may set, by name."""
    infos = msgspec.structs.fields(shape)
    fields = (_field(info.name, info.type, _default(info)) for info in infos)
    return {field.name: field for field in fields if "worked_out" not in field.extra}


def keys_of(shape: type[msgspec.Struct]) -> dict[str, Field]:
    """Give the same fields by the keys that set them in the file."""
    return {key: field for field in fields_of(shape).values() for key in field.keys}


@cache
def leaves() -> dict[tuple[str, ...], Field]:
    """Give every setting outside the connections by its place: those that a variable may set."""
    found: dict[tuple[str, ...], Field] = {}
    for field in fields_of(Settings).values():
        if isinstance(field.takes, inspect.StructType):
            inner = fields_of(field.takes.cls).values()
            found |= {(field.name, leaf.name): leaf for leaf in inner}
        elif not isinstance(field.takes, inspect.DictType):
            found[(field.name,)] = field
    return found


def variable_of(place: tuple[str, ...]) -> str:
    """Name the environment variable that overrides a setting."""
    return "HUB_" + "_".join(place).upper()


def _field(name: str, annotation: object, default: object) -> Field:
    bare = inspect.type_info(annotation)
    description, extra = "", dict[str, Any]()
    # What is said of a type stands around it, inside or outside of the "or nothing".
    while isinstance(bare, inspect.Metadata | inspect.UnionType):
        if isinstance(bare, inspect.UnionType):
            bare = next(one for one in bare.types if not isinstance(one, inspect.NoneType))
            continue
        description = (bare.extra_json_schema or {}).get("description", description)
        extra = (bare.extra or {}) | extra
        bare = bare.type
    return Field(
        name=name,
        annotation=annotation,
        takes=bare,
        default=default,
        description=description,
        extra=extra,
    )


def _first(annotation: object) -> object:
    """Give what a list holds, or by what a table is asked, whatever is said around it."""
    within = typing.get_args(annotation)
    return within[0] if typing.get_origin(annotation) in (list, dict) else _first(within[0])


def _default(info: msgspec.structs.FieldInfo) -> object:
    if info.default_factory is not msgspec.NODEFAULT:
        return info.default_factory()
    return info.default


def _wording(bare: inspect.Type) -> str:
    match bare:
        case inspect.IntType(ge=least, le=most):
            return f"a whole number from {least} to {most}"
        case inspect.FloatType(ge=least, le=most):
            return f"a number from {least:g} to {most:.12g}"
        case inspect.LiteralType(values=values):
            *others, last = [f'"{value}"' for value in values]
            return f"{', '.join(others)} or {last}" if others else last
        case _:
            return _WORDS[type(bare)]
