"""Expressions in flow files: CEL, checked when it is compiled, behind `compile` and `of`.

An expression reads records as they came, and what a record does not say is not known to be so. So
a condition that needs what is missing is not true, whichever way it is put: of a record without a
Stage neither `Stage in ask.won` nor `Stage != "Lost"` is, and nothing is done on the word of a
field that nobody has seen. The same goes for an empty field that is compared by size, or looked
into. An expression that is to give a value cannot do without: it raises ExpressionFault, as it does
for every other fault.

CEL knows no decimals. Numbers go in as doubles, to be compared; what comes out is never one.
"""

from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from cel_expr_python import cel  # type: ignore[import-untyped]
from cel_expr_python.ext import (  # type: ignore[import-untyped]
    ext_optional,
    ext_strings,
)

from hub.errors import NotApplicable
from hub.flows.cel_fault import in_words, of_amounts
from hub.flows.cel_reads import Reads, reads_of
from hub.settings.faults import nearest, quoted, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Shape: TypeAlias = "str | Mapping[str, Shape]"
"""What is behind a name: a word for its type, or the shapes of its fields by their names."""

Wanted = Literal["condition", "value"]

INT_MAX = 2**63 - 1

_TYPES: Mapping[str, cel.Type] = {
    # A wrapper is a type that may be empty: so a comparison with null compiles too.
    **dict.fromkeys(
        ("text", "choice", "date", "time", "id"), cel.Type("google.protobuf.StringValue")
    ),
    "flag": cel.Type("google.protobuf.BoolValue"),
    "texts": cel.Type.List(cel.Type.STRING),
}
_AMOUNTS = dict.fromkeys(("number", "money"), cel.Type("google.protobuf.DoubleValue"))
_RECORD = cel.Type.Map(cel.Type.STRING, cel.Type.DYN)
_EXTENSIONS = [ext_strings.ExtStrings(), ext_optional.ExtOptional()]
_GIVES = {
    "BOOL": "flag",
    "STRING": "text",
    "INT": "number",
    "DOUBLE": "fraction",
    "DYN": "any",
    "NULL": "empty",
}
_WANTED = {
    "condition": (("flag", "any"), "an expression that is true or false"),
    "value": (("flag", "text", "number", "any", "list"), "an expression that gives a value"),
}
_FOUND = {
    "flag": "one that is true or false",
    "text": "one that gives text",
    "number": "one that gives a number",
    "fraction": "one that gives a number with a fraction, which is not exact",
    "list": "one that gives a list",
    "empty": "one that gives nothing",
}


class ExpressionFault(NotApplicable):
    """An expression that cannot be compiled, or not evaluated on what it was given."""

    def __init__(self, text: str, expected: str, found: str) -> None:
        super().__init__(f"the expression {quoted(text)}: expected {expected}, found {found}")
        self.expected = expected
        self.found = found


class Expression:
    """A compiled expression; two are equal that read the same."""

    def __init__(self, text: str, wanted: Wanted, gives: str, reads: Reads, program: Any) -> None:
        self.text = text
        self.wanted = wanted
        self.gives = gives
        """What it is known to give: "flag", "text", "number", "list", or "any"."""
        self.reads = reads.paths
        self._program = program

    def of(self, values: Mapping[str, Any]) -> Any:
        """Evaluate it on what is at hand; raise ExpressionFault where that cannot be done."""
        at_hand = {root: self._picked(root, values[root]) for root in self._roots(values)}
        try:
            found = self._program.eval(data=at_hand)
            is_fault, result = found.type() == cel.Type.ERROR, found.plain_value()
        except RuntimeError as error:
            is_fault, result = True, str(error)
        if is_fault:
            return self._without(str(result), values)
        return self._judged(result)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Expression):
            return NotImplemented
        return (self.text, self.wanted) == (other.text, other.wanted)

    def __hash__(self) -> int:
        return hash((self.text, self.wanted))

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def _roots(self, values: Mapping[str, Any]) -> set[str]:
        return {path[0] for path in self.reads if path[0] in values}

    def _picked(self, root: str, value: object) -> object:
        """Give only what is read: a record has a hundred fields more."""
        fields = {path[1] if len(path) > 1 else None for path in self.reads if path[0] == root}
        if None in fields or not isinstance(value, dict):
            return self._plain(value)
        return {name: self._plain(value[name]) for name in fields if name in value}

    def _plain(self, value: object) -> object:
        match value:
            case None | bool() | str() | float():
                return value
            case int():
                return value if abs(value) <= INT_MAX else float(value)
            case Decimal():
                return float(value)
            case dict():
                return {str(name): self._plain(one) for name, one in value.items()}
            case list() | tuple():
                return [self._plain(one) for one in value]
        raise ExpressionFault(self.text, "values as JSON has them", f"a {type(value).__name__}")

    def _without(self, message: str, values: Mapping[str, Any]) -> bool:
        missing = self._missing(message, values)
        if self.wanted == "condition" and missing:
            return False
        raise ExpressionFault(
            self.text, "values that it can be worked out from", missing or message
        )

    def _missing(self, message: str, values: Mapping[str, Any]) -> str:
        """Say what a record leaves open, where that is why it failed; else nothing."""
        if not any(sign in message for sign in ("Key not found", "null_type", "Applying SELECT")):
            return ""
        empty = next((path for path in self.reads if _is_empty(path, values)), None)
        if empty:
            return f"nothing in {'.'.join(empty)}"
        return "" if "Applying SELECT" in message else "nothing in a field that it reads"

    def _judged(self, result: object) -> object:
        if self.wanted == "condition":
            if not isinstance(result, bool | None):
                raise ExpressionFault(self.text, "true or false", shown(result))
            return bool(result)
        if _holds_float(result):
            raise ExpressionFault(self.text, "a value that is exact", _FOUND["fraction"])
        return result


def compile(  # noqa: A001 - it is what it does
    text: str, names: Mapping[str, Shape], *, wanted: Wanted = "value"
) -> Expression:
    """Check an expression against what is at hand, and make it ready to be evaluated."""
    reads = reads_of(text, names)
    for path in reads.paths:
        _find(text, path, names)
    gives = _gives(text, _compiled(text, reads.without_has, names, _declared(names)))
    is_amount = _gives_amount(text, reads.without_has, names)
    if wanted == "condition" and is_amount:
        gives = "number"
    kinds, expected = _WANTED[wanted]
    if gives not in kinds:
        raise ExpressionFault(text, expected, _FOUND.get(gives, "one that gives something else"))
    # What was checked above knows types that a record as it came does not keep to.
    plain = dict.fromkeys(names, cel.Type.DYN)
    return Expression(text, wanted, gives, reads, _compiled(text, text, names, plain))


def _find(text: str, path: tuple[str, ...], names: Mapping[str, Shape]) -> None:
    shape: Shape = names
    for depth, name in enumerate(path):
        if isinstance(shape, str):
            return
        if name not in shape:
            where = ".".join(path[:depth])
            found = f"{quoted(name)}, which it has not{nearest(name, shape)}"
            raise ExpressionFault(text, f"a field of {where}", found)
        shape = shape[name]


def _compiled(
    text: str, source: str, names: Mapping[str, Shape], variables: Mapping[str, cel.Type]
) -> cel.Expression:
    try:
        return cel.NewEnv(variables=variables, extensions=_EXTENSIONS).compile(source)
    except RuntimeError as error:
        found = in_words(str(error), source, names)
        raise ExpressionFault(text, "an expression that can be worked out", found) from error


def _gives_amount(text: str, source: str, names: Mapping[str, Shape]) -> bool:
    """Tell whether it surely gives an amount; raise where one stands beside what is none.

    To be compared with 3 and with 3.5 alike it has no type of its own where all else is checked.
    """
    declared = _declared(names, _AMOUNTS)
    try:
        compiled = cel.NewEnv(variables=declared, extensions=_EXTENSIONS).compile(source)
    except RuntimeError as error:
        if found := of_amounts(str(error), source):
            raise ExpressionFault(text, "an expression that can be worked out", found) from error
        return False
    return str(compiled.return_type().name()) in ("DOUBLE", "WRAPPER(DOUBLE)")


def _declared(
    names: Mapping[str, Shape], more: Mapping[str, cel.Type] = MappingProxyType({})
) -> dict[str, cel.Type]:
    return {".".join(path): kind for path, kind in _paths((), names, {**_TYPES, **more})}


def _paths(
    at: tuple[str, ...], shapes: Mapping[str, Shape], types: Mapping[str, cel.Type]
) -> Iterable[tuple[tuple[str, ...], cel.Type]]:
    for name, shape in shapes.items():
        if not name.isidentifier():
            continue  # it is read as it["$state"], of which no type is known
        if isinstance(shape, str):
            yield (*at, name), types.get(shape, cel.Type.DYN)
        else:
            yield (*at, name), _RECORD
            yield from _paths((*at, name), shape, types)


def _gives(text: str, compiled: cel.Expression) -> str:
    name = str(compiled.return_type().name())
    if name.startswith("LIST"):
        return "list"
    if name.startswith("optional_type"):
        raise ExpressionFault(text, "a value", "one that may not be there: end it in .orValue(…)")
    return _GIVES.get(name, name)


def _is_empty(path: tuple[str, ...], values: Mapping[str, Any]) -> bool:
    value: object = values
    for name in path:
        if not isinstance(value, dict):
            return value is None
        value = value.get(name)
    return value is None


def _holds_float(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_float, value.values()))
    if isinstance(value, list):
        return any(map(_holds_float, value))
    return isinstance(value, float)
