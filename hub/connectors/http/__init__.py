"""Make one call to a vendor, once, inside its limits, and say what came of it.

vendor.py    token, limits, one attempt, outcome   call.py     what is asked, and what is judged
exchange.py  send, and read the answer             meaning.py  what it means that there is none
"""

from hub.connectors.http.call import Call, Judge, Left, Verb, Verdict, retry_after_seconds
from hub.connectors.http.vendor import TokenSource, Vendor

__all__ = [
    "Call",
    "Judge",
    "Left",
    "TokenSource",
    "Vendor",
    "Verb",
    "Verdict",
    "retry_after_seconds",
]
