"""Play the stories of flows: on the hub's own folds, over a database that holds nothing.

check.py   all stories of some files        play.py      one of them
scene.py   what it is played with           happen.py    what the hub did in it
memory.py  a hub that keeps its log nowhere deliver.py   its way to the vendors
sides.py   the played vendors               reckoned.py  what Books works out by itself
inherited.py  stories of the flow that one extends
"""

from hub.stories.check import Outcome, tried
from hub.stories.play import play

__all__ = ["Outcome", "play", "tried"]
