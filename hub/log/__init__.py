"""The log: every fact the hub knows, in one order, kept for good.

append.py      takes events in, many at once        follow.py     waits for what comes next
read.py        pages by position, record, cause     chain.py      digests and links
verify.py      proves that nothing was changed      archive.py    closed partitions to files
partitions.py  keeps a partition ahead of need     history.py    reads files and table as one
check.py       refuses what could not be kept      change.py     what was seen, as an event
keep.py        has events kept, however long it takes
"""
