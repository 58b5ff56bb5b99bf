"""What flows conclude from an event. Every judge is pure: it asks, concludes, and changes nothing.

event.py   which flows an event is about    words.py    what a record says, in one form for all
sync.py    linked records agree             meet.py     who on the other side may be the same
people.py  a sync inside a sync             ask.py      what a person is asked
once.py    one thing is done once           resolve.py  what follows from a person's answer
facts.py   what such a flow knows           needs.py    the records that a flow needs
keep.py    while something is so            keys.py     by what a record is found
brake.py   past its limits, to hold         place.py    whose place in a link it is
"""
