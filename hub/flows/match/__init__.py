"""Which records may be the same.

keys.py     what a record is recognised by    compare.py  two records held against each other
verdict.py  what follows: a link, a proposal, or nothing
"""

from hub.flows.match.compare import Hit, compare
from hub.flows.match.keys import Card, KeyValue, card, keys_of
from hub.flows.match.verdict import Link, Nobody, Propose, Verdict, verdict

__all__ = [
    "Card",
    "Hit",
    "KeyValue",
    "Link",
    "Nobody",
    "Propose",
    "Verdict",
    "card",
    "compare",
    "keys_of",
    "verdict",
]
