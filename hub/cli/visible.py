"""What others wrote, made fit for a terminal: nothing in it breaks a line, hides or turns."""

from __future__ import annotations

import re

# Control characters, line ends of Unicode, what turns the direction of writing, lone surrogates.
_UNSEEN = re.compile(
    "[\0-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def visible(text: str) -> str:
    r"""Give the text with such characters written as Python writes them: `\n`, `\u202e`."""
    return _UNSEEN.sub(lambda found: repr(found[0])[1:-1], text)
