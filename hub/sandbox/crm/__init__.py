"""The played Zoho CRM (API v8): `Crm(world, accounts)`.

records.py      create, update, upsert, delete        intake.py    what is sent of a record
change.py       what a change brings about            each.py      item by item
list.py         lists, one record, deleted ones       pages.py     page and page_token
search.py       search, and the index it lags on      criteria.py  its grammar
coql/           the query language                    compare.py   what equals what
watch.py        channels, each of channel.py          notify.py    what they are told
bulk.py         bulk reads                            related.py   related lists
metadata.py     modules, layouts, pipeline            field_settings.py  fields, custom ones too
described.py    how they are described                company.py   org, users, currencies, taxes
limits.py       credits and calls at a time           quirks.py    what can be switched
lines.py        line items and sums                   external.py  X-EXTERNAL
tags.py, recycle_bin.py, blueprint.py, composite.py   as they are called
people.py       what people do on the screen          refusal.py   every way of saying no
routes.py       which path, and its scope             body.py      JSON, numbers as written
values.py       what may stand in a field             unique.py    what no two may share
show.py         a record as the API shows it
standard.py     the modules and fields of a fresh organisation, which is in organisation.py
"""

from hub.sandbox.crm.crm import Crm
from hub.sandbox.crm.quirks import Quirks

__all__ = ["Crm", "Quirks"]
