"""What the hub itself tells people: what needs them, that it is over, and a daily digest.

standing.py  what is wrong now, as tables say    patience.py  what of that is to be told, and when
watch.py     look again and again, and tell      told.py      what is told, as the log has it
figures.py   what a day came to                  digest.py    tell of each day, once
outright.py  sent while deliveries stand still   work.py      from the settings to what runs

What is told is decided here, live, and kept as `decided`: the fold makes a delivery of it, like any
other, and a rebuild makes the same row and sends nothing. Only while the fold itself stands still
is a message sent without that.
"""
