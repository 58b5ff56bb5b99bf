"""What operators do: acts that append events under their name, and go the way of everything else.

install.py   put flows in force                   mode.py       what a flow may do from here on
in_force.py  the flows that are in force          answer.py     the inbox, and approvals
review.py    have records judged as known         edit.py       what a person puts instead
backfill.py  a first sync, behind live work       link.py       who is the same, and who is not
redeliver.py what a vendor lost, written again    read_again.py records that are to be read
guard.py     a log that was set back or moved     home.py       where a hub has worked before
restored.py  what was made meanwhile, by its mark act.py        who acts, and how that is said
missed.py    what changed while a flow was at rest
"""
