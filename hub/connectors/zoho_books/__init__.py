"""Zoho Books: what its records are, how they are read and written, and what it says by itself.

kinds.py        its facts                  unconfirmed.py  what its pages leave open
call.py         what a call costs          judge.py        what an answer means
books.py        Zoho Books as the stations see it
changed.py      what changed since         search.py       records whose fields say something
write.py        one record in a call       persons.py      the persons of a customer
status.py       active and inactive        mark.py         whether records can bear a mark
hook.py         a webhook, and its proof   automation.py   the rules that fire them
setup.py        has them made              ground.py       Books as whoever prepares it sees it
organisation.py whose books they are       described.py    fields of every organisation
own_fields.py   fields of one organisation
"""

from hub.connectors.zoho_books.books import ZohoBooks
from hub.connectors.zoho_books.hook import signed

__all__ = ["ZohoBooks", "signed"]
