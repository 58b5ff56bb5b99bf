"""A document: from what a flow needs to the record that is to be made, and back to the cent.

lines.py   where its lines come from      taken.py  whether they add up      line.py  one of them
value.py   what stands in a field         make.py   the record, and what is told afterwards
tax.py     a tax by name and percent      due.py    a due date from terms
check.py   whether what was made says what was said
"""

from hub.flows.document.check import Difference, checked, says_all
from hub.flows.document.due import due_of
from hub.flows.document.lines import lines_of
from hub.flows.document.make import Told, make, told
from hub.flows.document.taken import NoLines, Taken
from hub.flows.document.tax import Miss, tax_of
from hub.flows.document.value import NotMade, value_of

__all__ = [
    "Difference",
    "Miss",
    "NoLines",
    "NotMade",
    "Taken",
    "Told",
    "checked",
    "due_of",
    "lines_of",
    "make",
    "says_all",
    "tax_of",
    "told",
    "value_of",
]
