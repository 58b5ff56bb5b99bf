"""Passwords out of text that people and backends will read.

A Secret prints as stars by itself. What is left are texts that others put together: a driver's
error, a traceback, a URL that an operator typed.
"""

from __future__ import annotations

import re

# The bounds keep a hostile megabyte from taking seconds.
# A password of Postgres may hold any character, even @ and /, when somebody forgot to escape it:
# so there the last @ of the word ends it. Elsewhere a port and a later @ are no password.
_POSTGRES = re.compile(r"(postgres(?:ql)?(?:\+\w+)?://[^\s:/@]*:)\S{0,2000}@", re.IGNORECASE)
_URL = re.compile(r"(\b[a-z][a-z0-9+.-]{0,30}://[^\s:/@]*:)[^\s/@]*@", re.IGNORECASE)
_KEYWORD = re.compile(
    r"(\b(?:password|passwd|pgpassword)\b['\"]?\s*[=:]\s*)('[^']*'|\"[^\"]*\"|[^\s&,;)}]+)",
    re.IGNORECASE,
)


def mask(text: str) -> str:
    """Give the text with `***` in place of every password that can be recognised."""
    if "://" in text:
        text = _URL.sub(r"\1***@", _POSTGRES.sub(r"\1***@", text))
    if "pass" in text.casefold():
        text = _KEYWORD.sub(r"\1***", text)
    return text
