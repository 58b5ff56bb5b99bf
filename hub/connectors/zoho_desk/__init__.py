"""Zoho Desk: what its records are, how they are read and written, and what it says by itself.

kinds.py         its facts                   unconfirmed.py   what its pages leave open
call.py          what a call weighs          judge.py         what an answer means
desk.py          Zoho Desk as the stations see it
rows.py          lists and single records    news.py          what is new
search.py        records that say something  tagged.py        who got or lost a tag
history.py       who did what to a ticket       departments.py   those that are chosen
write.py         one record in a call        comments.py      comments on tickets
hook.py          a webhook, and its proof    keys.py          the keys it is proved by
replays.py       deliveries known already    subscription.py  the webhook, made and mended
setup.py         proves the mark's field     ground.py        Desk as whoever prepares it sees it
organisation.py  whose portal it is          described.py     fields of every portal
own_fields.py    fields of one portal
"""

from hub.connectors.zoho_desk.desk import ZohoDesk

__all__ = ["ZohoDesk"]
