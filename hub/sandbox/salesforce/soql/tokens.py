r"""The words of a query: texts in quotes, days and moments, numbers, names, and signs."""

from __future__ import annotations

import re

from hub.sandbox.cursor import Token

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_TOKEN = re.compile(
    r"\s*(?:('(?:[^'\\]|\\.)*')"
    r"|(\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))?)"
    r"|([+-]?\d+(?:\.\d+)?)"
    r"|([A-Za-z_][\w.]*(?::\d+)?)"
    r"|(!=|<>|>=|<=|[=<>(),])|(\S))",
    re.DOTALL,
)
_KINDS = ("text", "day", "number", "word", "sign", "odd")


def tokens(text: str) -> list[Token]:
    """Cut a query into its words."""
    return [_token(found) for found in _TOKEN.finditer(text)]


def unquoted(text: str) -> str:
    r"""Undo the escapes of a text; of \% and \_ the backslash is for LIKE to read."""

    def plain(found: re.Match[str]) -> str:
        sign = found[1]
        return found[0] if sign in "%_" else _ESCAPES.get(sign, sign)

    return re.sub(r"\\(.)", plain, text, flags=re.DOTALL)


def _token(found: re.Match[str]) -> Token:
    group = found.lastindex or len(_KINDS)
    return Token(_KINDS[group - 1], found[group], found.start(group))
