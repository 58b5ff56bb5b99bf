"""The log: every fact the hub knows, in one order, kept for good.

append.py      takes events in, many at once        follow.py     waits for what comes next
read.py        pages by position, record, cause     chain.py      digests and links
verify.py      proves that nothing was changed      archive.py    closed partitions to files
partitions.py  keeps a partition ahead of need
"""
