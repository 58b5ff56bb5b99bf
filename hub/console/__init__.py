"""What the tables tell people: how the hub stands, what waits, and why something is as it is.

why.py         what became of a record       why_field.py  why a field says what it says
outcome.py     what became of an event       ending.py     how an observation ends
followed.py    what flows have said of it    told.py       an event in the words of an answer
link.py        who is the same thing         inbox.py      what needs a person
deliveries.py  what is owed                  parked.py     what a projector could not apply
health.py      /metrics, /healthz, /readyz   standing.py   how projectors stand
traffic.py     how the roads of a connection stand
roads.py       the same, as programs are told
"""
