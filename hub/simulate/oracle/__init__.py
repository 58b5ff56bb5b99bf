"""Whether the promises were kept, judged from outside: by what the vendors have and were called.
The hub's own tables are looked at for one promise, that they can be made anew.

judge.py       all of it          view.py    what is looked at, and what a broken promise is
companies.py   made once, and the same on both sides; persons.py the people in them
invoices.py    one per won deal, none for history, and what the deal and the account say of them
sums.py        what documents come to, and their sources
calls.py       quiet in the end                      limits.py  within what each vendor allows
order.py       what is written to a record is ever newer
tables.py      made anew from the log, they are the same
"""
