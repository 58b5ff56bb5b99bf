"""Zoho CRM: what its modules are, how they are read and written, and what it says by itself."""

from hub.connectors.zoho_crm.crm import ZohoCrm

__all__ = ["ZohoCrm"]
