"""What follows the log: each projector reads events in order and keeps tables that are its fold.

projector.py  what a projector is          run.py     the loop that runs one in exactly one process
page.py       one page: fold, write        parking.py events that cannot be applied
lease.py      who runs it                  sync/      records, links: one position
written.py    what a page writes           report/    timeline, roads: positions of their own
"""

from hub.projectors.report.roads import Roads
from hub.projectors.report.timeline import Timeline
from hub.projectors.sync import Sync

PROJECTORS = (Sync(), Timeline(), Roads())

APART_SECONDS = {"timeline": 0.2}
"""How long a projector lets events gather: the timeline is for people, and a page costs as much for
one event as for twenty. What deliveries and readers wait for is folded at once."""

__all__ = ["APART_SECONDS", "PROJECTORS"]
