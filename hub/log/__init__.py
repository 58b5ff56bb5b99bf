"""The log: every fact the hub knows, in one order, kept for good.

append.py      takes events in, many at once       batch.py    some calls' events, for one commit
read.py        pages by position, record, cause    follow.py   waits for what comes next
verify.py      proves that nothing was changed     chain.py    digests and links
partitions.py  keeps a partition ahead of need     archive.py  closed partitions to files
history.py     reads files and table as one        find.py     single events, for people
check.py       refuses what could not be kept      body.py     refuses data that is no object
change.py      what was seen, as an event          keep.py     has it kept, however long it takes
"""
