"""Spend at a vendor no more than it allows, over all processes and restarts.

spend.py   what a call costs, taken from a block    block.py   what was drawn and is being spent
window.py  what may be spent, and by which work     places.py  how many calls may be under way
pace.py    calls of one process, spread out         standing.py  what is left, and for how long
ledger.py  where it is kept                         later.py     nothing is left, and until when
"""

from hub.connectors.budget.spend import Budget
from hub.connectors.budget.standing import Standing, forecast
from hub.connectors.budget.window import PACE, RESERVED, SHARES, AtOnce, Share, Window

__all__ = [
    "PACE",
    "RESERVED",
    "SHARES",
    "AtOnce",
    "Budget",
    "Share",
    "Standing",
    "Window",
    "forecast",
]
