"""The played Zoho Desk: `Desk(world, accounts)`.

desk.py       from a call to its answer        organisation.py  what the portal remembers
routes.py     which path does what             fresh.py         a portal that was just made
answers.py    the calls that every kind has    ticket_calls.py  those that only tickets have
fields.py     what a record is made of         intake.py        what was sent, field by field
records.py    made, changed, trashed           tickets.py       status, team, agent, due date
tags.py       by their own calls               conversation.py  comments and threads
history.py    what happened to a ticket        sla.py           what falls due by the clock
merge.py      two tickets become one           acts.py          what people do at the screen
show.py       records as they are told         lists.py         pages of them
search.py     the index, and its lag           limits.py        credits, and calls at a time
webhooks.py   who is told, and the ping        deliver.py       what they are told, signed
keys.py       what it is signed with           refusal.py       every way of saying no
described.py  the fields of each kind          quirks.py        what nobody has confirmed
"""

from hub.sandbox.desk.desk import Desk

__all__ = ["Desk"]
