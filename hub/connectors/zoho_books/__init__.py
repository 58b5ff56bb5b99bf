"""Zoho Books: what its records are, how they are read and written, and what it says by itself."""

from hub.connectors.zoho_books.books import ZohoBooks
from hub.connectors.zoho_books.hook import signed

__all__ = ["ZohoBooks", "signed"]
