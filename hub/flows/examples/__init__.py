"""The stories that flows tell about themselves: what is seen, and what is expected of that. Pure.

see.py     the lines of `see`: what people do           names.py     records and fields, as written
expect.py  the lines of `expect`, held against a story  happened.py  what a hub did in a story
"""

from hub.flows.examples.expect import missed
from hub.flows.examples.happened import Happened
from hub.flows.examples.names import Names, NotAStory
from hub.flows.examples.see import Seen, seen_in

__all__ = ["Happened", "Names", "NotAStory", "Seen", "missed", "seen_in"]
