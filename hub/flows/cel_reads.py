"""Which fields an expression reads: found in its text, as CEL itself does not tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

_TOKEN = re.compile(
    r'''(?P<text>[rRbB]{0,2}(?:"""(?s:.)*?"""|\'\'\'(?s:.)*?\'\'\'|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))'''
    r"|(?P<number>\d[\w.]*)"
    r"|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<dot>\.\s*\??)"
    r"|(?P<sign>\S)"
)


class Reads(msgspec.Struct, frozen=True, kw_only=True):
    """The paths from the names at hand; a name by itself stands for all that is behind it."""

    paths: tuple[tuple[str, ...], ...]
    without_has: str
    """The text with `true` for each `has(…)`, of which CEL takes a declared field's own type."""


def reads_of(text: str, names: Container[str]) -> Reads:
    """Find what an expression reads of these names."""
    tokens = list(_TOKEN.finditer(text))
    paths: dict[tuple[str, ...], None] = {}
    for number, token in enumerate(tokens):
        is_root = token.lastgroup == "name" and not _follows_dot(tokens, number)
        if is_root and token.group() in names:
            paths[_path(tokens, number)] = None
    return Reads(paths=tuple(paths), without_has=_without_has(text, tokens))


def _follows_dot(tokens: Sequence[re.Match[str]], number: int) -> bool:
    return number > 0 and tokens[number - 1].lastgroup == "dot"


def _path(tokens: Sequence[re.Match[str]], number: int) -> tuple[str, ...]:
    path = [tokens[number].group()]
    while _is(tokens, number + 1, "dot") and _is(tokens, number + 2, "name"):
        number += 2
        if _is_sign(tokens, number + 1, "("):
            break  # a method, not a field
        path.append(tokens[number].group())
    return tuple(path)


def _is(tokens: Sequence[re.Match[str]], number: int, group: str) -> bool:
    return number < len(tokens) and tokens[number].lastgroup == group


def _is_sign(tokens: Sequence[re.Match[str]], number: int, sign: str) -> bool:
    return number < len(tokens) and tokens[number].group() == sign


def _without_has(text: str, tokens: Sequence[re.Match[str]]) -> str:
    for number, token in enumerate(tokens):
        if token.group() == "has" and _is_sign(tokens, number + 1, "("):
            end = next((one.end() for one in tokens[number:] if one.group() == ")"), None)
            if end is not None:
                # As wide as before, so that columns stay what they are.
                text = text[: token.start()] + "true".ljust(end - token.start()) + text[end:]
    return text
