"""Judge a TOML document against the shapes: give the values, and note all that cannot be taken."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeGuard

from msgspec import inspect

from hub.settings.address import check_address
from hub.settings.faults import Unfit, kind_of, nearest, shown
from hub.settings.fields import fields_of, keys_of, leaves
from hub.settings.secret import Secret, read_secret
from hub.settings.take import Paths, take

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import msgspec

    from hub.settings.faults import Faults
    from hub.settings.fields import Field
    from hub.settings.lines import Place

Names = tuple[str, ...]
Values = dict[Names, object]
"""What was given, by the names that lead to its field."""

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# A name in capitals may be repeated in a fault; any other may be the secret itself, pasted here.
_PLAIN_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{0,63}")


class Judge:
    """Judges one document; what it could take is in `values`, the rest in its `faults`."""

    def __init__(
        self, faults: Faults, environ: Mapping[str, str], paths: Paths, *, secrets: bool = True
    ) -> None:
        self.faults = faults
        self.environ = environ
        self.paths = paths
        self.secrets = secrets
        self.values: Values = {}
        self.origins: dict[str, str] = {}
        self.variables_named: set[str] = set()

    def table(self, shape: type[msgspec.Struct], table: object, place: Names) -> None:
        """Judge a table against a shape: each key it has, then each that it should have."""
        if not isinstance(table, dict):
            self.faults.add(place, f"expected a table, found {shown(table)}")
            return
        keys = keys_of(shape)
        for key, value in table.items():
            if key in keys:
                self._field(keys[key], key, value, place)
                self._known_to(keys[key], table.get("system"), (*place, key))
                self._safe(keys[key], value, table.get("mode"), (*place, key))
            else:
                self._unknown(shape, key, place)
        for field in fields_of(shape).values():
            self._missing(field, table, place)

    def _field(self, field: Field, key: str, value: object, place: Names) -> None:
        names = (*place, field.name)
        match field.takes:
            case inspect.StructType(cls=shape):
                self.table(shape, value, names)
            case inspect.DictType(value_type=inspect.StructType(cls=shape)) if _is_table(value):
                self._tables(field, shape, value, names)
            case inspect.ListType() if isinstance(value, list):
                self._list(field, value, names)
            case _:
                with self._noting((*place, key)):
                    self._keep(names, self._value(field, key, value), (*place, key))

    def _tables(
        self, field: Field, shape: type[msgspec.Struct], tables: dict[str, Any], place: Names
    ) -> None:
        for name, table in tables.items():
            with self._noting((*place, name)):
                take(field.entry, name, self.paths)
            self.table(shape, table, (*place, name))

    def _list(self, field: Field, entries: list[object], place: Names) -> None:
        for number, entry in enumerate(entries):
            with self._noting((*place, number)):
                take(field.entry, entry, self.paths)
        self._keep(place, entries, place)

    def _keep(self, names: Names, value: object, place: Place) -> None:
        self.values[names] = value
        self.origins[".".join(names)] = self.faults.where(place)

    def _value(self, field: Field, key: str, value: object) -> object:
        if not field.elsewhere:
            return take(field, value, self.paths)
        if key.endswith("_env"):
            return self._secret_in_variable(value)
        path = self.paths.path(value)
        return read_secret(path) if self.secrets else None

    def _secret_in_variable(self, name: object) -> Secret | None:
        if not isinstance(name, str) or not _VARIABLE.fullmatch(name):
            raise Unfit("the name of an environment variable", kind_of(name))
        self.variables_named.add(name)
        if not self.secrets:
            return None
        if not self.environ.get(name):
            plain = _PLAIN_VARIABLE.fullmatch(name)
            expected = f"the variable {name} to be set" if plain else "a variable that is set"
            raise Unfit(expected, "nothing in it" if plain else kind_of(name))
        return Secret(self.environ[name])

    def _unknown(self, shape: type[msgspec.Struct], key: str, place: Names) -> None:
        field = fields_of(shape).get(key)
        if field:
            variable, file = field.keys
            text = (
                "a secret does not stand in this file, which is copied and shared; "
                f"name the variable that holds it with {variable}, or its file with {file}"
            )
        else:
            text = "unknown key" + (nearest(key, keys_of(shape)) or _at_home(key))
        self.faults.add((*place, key), text)

    def _known_to(self, field: Field, system: object, place: Place) -> None:
        """Note a setting of a connection that its system knows nothing of."""
        if field.of and isinstance(system, str) and system not in field.of:
            text = f"expected a setting of {system}, found one of {' and '.join(field.of)}"
            self.faults.add(place, text)

    def _safe(self, field: Field, value: object, mode: object, place: Place) -> None:
        """Note an address of a connection over which its secret would go in clear."""
        if field.guarded and isinstance(value, str):
            with self._noting(place):
                check_address(value, mode)

    def _missing(self, field: Field, table: dict[str, Any], place: Names) -> None:
        if field.name in table:
            return
        if field.required:
            self.faults.add((*place, field.name), f"expected {field.expected}, found nothing")
        given = [key for key in field.keys if key in table]
        if field.elsewhere and len(given) != 1:
            expected = " or ".join(field.keys)
            self.faults.add(place, f"expected {expected}, found {'both' if given else 'neither'}")

    @contextmanager
    def _noting(self, place: Place) -> Iterator[None]:
        try:
            yield
        except Unfit as unfit:
            self.faults.add(place, str(unfit))


def _is_table(value: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _at_home(key: str) -> str:
    """A key that stands in the wrong table is told where it belongs."""
    homes = [".".join(place) for place in leaves() if place[-1] == key]
    return f'; did you mean "{homes[0]}"?' if homes else ""
