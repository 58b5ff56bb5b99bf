"""The played Zoho Books: `Books(world, accounts)`.

books.py         from a call to its answer    calls.py          a call that was let in
routes.py        every path                   resource.py       the calls that every kind has
intake.py        what a caller sends          refusals.py       every way of saying no
lists.py         filters, orders, pages       limits.py         calls a minute, a day, at a time
organization.py  one organisation             fresh.py          the two of a fresh sandbox
kinds.py         what a kind is               table.py          records of one kind, in memory
contacts.py      customers and vendors        persons.py        their contact persons
items.py         what is sold                 documents.py      what all documents share
estimates.py     quotes                       invoices.py       draft, sent, overdue, paid, void
creditnotes.py   open, then used up           payments.py       one for many invoices
lines.py         lines of a document          arithmetic.py     from lines to totals
applying.py      what pays an invoice         applied.py        which of it was applied to which
refunds.py       what is paid back            receivables.py    what is owed
taxes.py         taxes and their groups       currencies.py     and their rates
settings.py      users, tax authorities       custom_fields.py  and which of them are unique
comments.py      comments and history         addresses.py      of contacts and documents
amounts.py       money in Decimal             words.py          the same, for eyes only
acts.py          what people do on screens    quirks.py         what can be switched
"""

from hub.sandbox.books.books import Books
from hub.sandbox.books.quirks import BooksQuirks

__all__ = ["Books", "BooksQuirks"]
