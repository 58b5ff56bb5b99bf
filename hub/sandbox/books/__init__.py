"""Zoho Books, played: see `routes` for what it answers, `quirks` for what can be switched."""

from hub.sandbox.books.books import Books
from hub.sandbox.books.quirks import BooksQuirks

__all__ = ["Books", "BooksQuirks"]
