"""Zoho Desk: what its records are, how they are read and written, and what it says by itself."""

from hub.connectors.zoho_desk.desk import ZohoDesk

__all__ = ["ZohoDesk"]
