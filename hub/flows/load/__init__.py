"""From the text of a flow's file to a Flow, or to all that is wrong with it at once.

load.py      one file                           together.py  all files of a hub
document.py  TOML, laid over what it extends    table.py     one table, key by key
faults.py    what is wrong, on which line       reading.py   kinds, fields and expressions
world.py     what is known of the connections   value.py     what is to stand in a field
sync.py      sides and fields (places.py)       match.py     keys that records are matched by
once.py      whens and what they make           keep.py      whiles and what they keep
needs.py     what a document needs              ask.py       a company's own words
guard.py     modes, brakes, durations           targets.py   which fields a flow may write
loops.py     what leans on itself in the end    circles.py   owners that go round in a circle
opens.py     what a while opens and closes   installed.py  a flow as the log has it
stories.py   stories told, and stories inherited
"""

from hub.flows.load.load import load
from hub.flows.load.together import load_all
from hub.flows.load.world import Account, World

__all__ = ["Account", "World", "load", "load_all"]
