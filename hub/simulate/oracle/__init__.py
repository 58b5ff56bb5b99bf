"""Whether the promises were kept, judged from outside: by what the vendors have and were called.

judge.py       all of it          view.py    what is looked at, and what a broken promise is
companies.py   made once, and the same on both sides; persons.py the people in them
invoices.py    one per won deal, none for history, and what the deal and the account say of them
calls.py       quiet in the end                      limits.py  within what each vendor allows
order.py       what is written to a record is ever newer
"""
