"""What flows conclude from an event. Every judge is pure: it asks, concludes, and changes nothing.

event.py     which flows an event is about              once.py        one thing is done once
words.py     what a record says, in one form for all    facts.py       what such a flow knows
sync.py      which link a record is in, or begins       whiles.py      while something is so
agreeing.py  what the fields of a link are              while_facts.py what such a flow knows
meet.py      who on the other side may be the same      keep.py        ... records say so
joint.py     a link that several syncs have made        opened.py      ... one thing is open
people.py    a sync inside a sync                       thing.py       what that is
place.py     whose place in a link it is                slot.py        where what is made goes
keys.py      by what a record is found                  ledger.py      what documents say together
gone.py      a record is gone, or is back               needs.py       the records that a flow needs
survivor.py  who may go on as one that is gone          made.py        ... what was made of a thing
go_on.py     one goes on as it: a person said so        once_cases.py  ... how its things stand
vanished.py  a field that reads bring no more           cases.py       the states of things
away.py      who leaves a link, and may be back         brake.py       past its limits, to hold
ask.py       what a person is asked                     reasons.py     about what, and the choices
resolve.py   which flow judges an answer                follow.py      what follows from each
chosen.py    what a person chose                        choice.py      how a choice is spelled
pair.py      two who may be the same: one question, and nothing made beside
by_sync.py   what an event means to a sync: which records, people and links are judged
"""
