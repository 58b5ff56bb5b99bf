"""Salesforce: its facts, and what it does otherwise than others.

kinds.py         what is read and written    unconfirmed.py  what its pages leave open
login.py         three ways of being let in  call.py         each names the hub
salesforce.py    Salesforce as the stations see it
rows.py          records, with their lines   query.py        asking for them
news.py          what changed and went       changes.py      what is told as it changes
write.py         many in a call, each judged by itself
judge.py         what an answer means        ids.py          15 signs and 18 are one record
places.py        countries by their codes    targets.py      what a reference leads to
ground.py        an org as whoever prepares it sees it
custom_field.py  fields of the hub's own     organisation.py whose org it is
fields.py        fields as it describes them own_fields.py   the same in words of all vendors
described.py     fields of every org
"""

from hub.connectors.salesforce.salesforce import Salesforce

__all__ = ["Salesforce"]
