"""What flows conclude from an event. Every judge is pure: it asks, concludes, and changes nothing.

event.py   which flows an event is about    words.py    what a record says, in one form for all
sync.py    linked records agree             meet.py     who on the other side may be the same
people.py  a sync inside a sync             place.py    whose place in a link it is
gone.py    a record is gone, or is back     keys.py     by what a record is found
once.py    one thing is done once           facts.py    what such a flow knows
whiles.py  while something is so            while_facts.py  what such a flow knows
keep.py    ... records say so               opened.py   ... one thing is open; thing.py what that is
ledger.py  what documents say together      slot.py     the place of what is made for a thing
needs.py   the records that a flow needs    ask.py      what a person is asked
brake.py   past its limits, to hold         resolve.py  what follows from a person's answer
"""
