"""Flows: declared rules that people can read, and what follows from them. Pure: no database, no
network, no clock; everything that a judgement needs is handed to it.

flow.py        what a flow is, once it was read     load/     from a TOML file to that, or faults
expression.py  CEL, behind a few methods            steps/    typed readings: money, dates, phones
match/         which records may be the same        agree/    what a link's fields are, after owners
document/      a document from what it needs        figures/  sums over a customer's documents
money.py       amounts, to the cent                 known.py  what a judge may ask of the world
judge/         what a flow concludes from an event  told.py   one telling from another
library/       the flows that come with the hub     writes.py    which fields a flow writes to
books.py       what Books calls what flows look into
inactive.py    which records can be made inactive   in_words.py  what a flow does, for people
ways.py        what flows bring together            examples/    stories, line by line
about.py       which kinds flows are about          cel_reads.py, cel_fault.py    what an expression
               reads, and what is wrong with it
"""
