"""Play the stories of flows: on the hub's own folds, over a database that holds nothing.

check.py    all stories of some files, and what did not come true     play.py   one of them
memory.py   a hub that keeps its log in no place                      sides.py  the played vendors
"""

from hub.stories.check import Outcome, tried
from hub.stories.play import play

__all__ = ["Outcome", "play", "tried"]
