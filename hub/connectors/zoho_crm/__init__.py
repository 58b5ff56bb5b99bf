"""Zoho CRM: what its modules are, how they are read and written, and what it says by itself.

kinds.py         its facts                    unconfirmed.py  what its pages leave open
crm.py           Zoho CRM as the stations see it
rows.py          lists and single records     bulk.py         a large module, as one file
query.py         records that say something   write.py        many in a call
judge.py         what an answer means         channel.py      what it tells by itself
setup.py         makes the mark's field       custom_field.py any field of the hub's own
ground.py        the CRM as whoever prepares it sees it
organisation.py  whose CRM it is              described.py    fields of every account
fields.py        fields as it lists them      own_fields.py   the same in words of all vendors
"""

from hub.connectors.zoho_crm.crm import ZohoCrm

__all__ = ["ZohoCrm"]
