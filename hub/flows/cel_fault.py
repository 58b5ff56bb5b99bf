"""What CEL says against an expression, in the words of whoever wrote it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hub.settings.faults import nearest, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ERROR = re.compile(r"ERROR: <input>:(?P<line>\d+):(?P<column>\d+): (?P<what>[^\n]*)")
_OVERLOAD = re.compile(r"found no matching overload for '(?P<sign>\S+)' applied to '(?P<types>.*)'")
_UNDECLARED = re.compile(r"undeclared reference to '(?P<name>[\w.]+)'")
_SYNTAX = "Syntax error: "
_NEAR_CHARACTERS = 20
_METHODS = (
    "contains", "endsWith", "startsWith", "matches", "size", "has", "exists", "all", "filter",
    "map", "lowerAscii", "upperAscii", "trim", "replace", "split", "join", "substring", "indexOf",
    "orValue", "string", "int", "double",
)  # fmt: skip
_TYPES = {
    "string": "text",
    "wrapper(string)": "text",
    "bool": "true or false",
    "wrapper(bool)": "true or false",
    "int": "a whole number",
    "double": "a number with a fraction",
    "wrapper(double)": "a number",
    "null_type": "null",
    "dyn": "anything",
}


def in_words(message: str, text: str, names: Iterable[str]) -> str:
    """Say in a clause what is wrong, and at which column."""
    error = _ERROR.search(message)
    if error is None:
        return "one that CEL refuses: " + message.partition("\n")[0]
    where = _where(error)
    if error["what"].startswith(_SYNTAX):
        return _slip(text.splitlines()[int(error["line"]) - 1 :], int(error["column"]), where)
    return _what(error["what"], where, text, names)


def of_amounts(message: str, text: str) -> str:
    """Say which amount stands beside what is none; nothing, where they stand beside numbers."""
    for error in _ERROR.finditer(message):
        overload = _OVERLOAD.search(error["what"])
        if overload and _is_beside_another(overload["sign"], overload["types"]):
            return _what(error["what"], _where(error), text, ())
    return ""


def _is_beside_another(sign: str, types: str) -> bool:
    """Tell whether it would be refused of any number; what is chosen from may be of any kind."""
    words: list[str] = re.findall(r"\w+", types.replace("wrapper(double)", "double"))
    if sign == "_?_:_" or len(words) == 1:
        return words[0] == "double"
    return "double" in words and not {"string", "bool"}.isdisjoint(words)


def _where(error: re.Match[str]) -> str:
    where = f" at column {error['column']}"
    return f" in its line {error['line']}{where}" if int(error["line"]) > 1 else where


def _slip(lines: Sequence[str], column: int, where: str) -> str:
    """Say where the expression stops being one; what its parser says of that helps nobody."""
    rest = lines[0][column - 1 :] if lines else ""
    if rest.startswith("=") and not rest.startswith("=="):
        return f'"="{where}, where "==" tells whether two are the same'
    near = rest.strip()[:_NEAR_CHARACTERS]
    return f"a slip of the pen{where}, {f'at {quoted(near)}' if near else 'where it ends'}"


def _what(what: str, where: str, text: str, names: Iterable[str]) -> str:
    if overload := _OVERLOAD.search(what):
        types = _types(overload["types"])
        between = "between" if len(types) > 1 else "of"
        return f"{quoted(_sign(overload['sign']))} {between} {' and '.join(types)}{where}"
    if undeclared := _UNDECLARED.search(what):
        return _unknown(undeclared["name"], where, text, names)
    return what + where


def _sign(name: str) -> str:
    return name.removeprefix("@").replace("_", " ").strip() or name


def _types(types: str) -> list[str]:
    """Read `(wrapper(string), int)`, and `string.(int)` of a method."""
    words = re.findall(r"wrapper\(\w+\)|list\([^()]*\)|map\([^()]*\)|\w+", types)
    return [_TYPES.get(word, "a list" if "list" in word else word) for word in words]


def _unknown(name: str, where: str, text: str, names: Iterable[str]) -> str:
    root = name.partition(".")[0]
    if re.search(rf"\b{re.escape(root)}\s*\(", text):
        return f"{quoted(root)}{where}, which CEL cannot do{nearest(root, _METHODS)}"
    return f"{quoted(root)}{where}, which is no name at hand here{nearest(root, names)}"
