"""The played Salesforce: `Salesforce(world)`.

login.py, sessions.py  being let in, and for how long     limits.py    calls of a day
routes.py, call.py     which path is whose, and a call    refusal.py   every way of saying no
records.py, many.py    one record, and up to 200          composite.py calls within a call
query.py, soql/        queries, and their language        show.py      records as they are told
describe.py            what there is                      replication.py  updated and deleted
organisation.py        the memory of an org               fresh.py     what is there at first
fields.py, standard/   objects and their fields           values.py, intake.py  what is sent
change.py, derived.py  what a change brings about         price.py     what lines come to
changes.py             what was committed, for listeners  rules.py     what an org refuses itself
people.py, tooling.py  what people do, and set up         ids.py, quirks.py  as they are called
places.py              countries and states by their codes

keys/private.pem is the key of the sandbox's user, for whoever logs in by assertions: client id
`sandbox`, user `hub@sandbox.example`. It opens nothing but made-up records.
"""

from hub.sandbox.salesforce.quirks import Quirks
from hub.sandbox.salesforce.salesforce import Salesforce

__all__ = ["Quirks", "Salesforce"]
