"""The way out: what is owed is carried out here. Nothing here writes a table; all that happens is
told to the log, and the sync projector moves the rows.

deliver.py  go round: take, work out, hand on    carry.py    announce, write or look, tell
way.py      what is needed of a connection       owed.py     a delivery, and what it is to say
take.py     what is owed now, by the tables      hold.py     what is in hand, or put aside
prepare.py  what a wave of them is to say        content.py  what one is to say, by its flows
synced.py   what syncs have to say to it         around.py   what stands around: flows, links
group.py    what goes into one call              write.py    one call, and what came of each
fresh.py    is it known well enough for that     seen.py     as of which stamp it is known
look.py     read before it is written again      outcome.py  what came of it, in a word
seek.py     who may be what is to be made        alike.py    look for them, right before
told.py     the events of that                   retry.py    how long to wait, and how often
doors.py    one fault stops many, and is said once
announced.py  is what is to be made still owed
named.py    one look for all documents that wait
"""
