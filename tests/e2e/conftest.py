"""A place for a hub that nobody has used."""

from tests.inbound.conftest import logging_as_it_was, place

__all__ = ["logging_as_it_was", "place"]
