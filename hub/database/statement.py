"""Give the text of a statement that stands in a file of its own, beside the Python that uses it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def statement(name: str) -> str:
    """Read `log/page.sql` and its like; the name starts from the package `hub`."""
    return (files("hub") / name).read_text(encoding="utf-8")
