"""Where a file is no TOML, and why: in the words of whoever wrote it, not of the parser."""

from __future__ import annotations

import re

_POSITION = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
_NO_VALUE = "Invalid value"


def not_toml(message: str, text: str) -> tuple[int, str]:
    """Give the line of a parser's complaint, 0 where it names none, and what is wrong there.

    What stands there is not repeated: it may be a secret.
    """
    position = _POSITION.search(message)
    if position is None:
        return 0, f"not TOML: {message}"
    what = message[: position.start()]
    if position["line"] is None:
        return text.count("\n") + 1, f"not TOML: {what}"
    line, column = int(position["line"]), int(position["column"])
    if what == _NO_VALUE and _is_bare_word(text, line, column):
        what += ': text stands in quotes, name = "like this"'
    return line, f"not TOML at column {column}: {what}"


def _is_bare_word(text: str, line: int, column: int) -> bool:
    return text.split("\n")[line - 1][column - 1 : column].isalpha()
