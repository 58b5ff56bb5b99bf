"""Be let in at a vendor: trade a grant for access tokens, and know when it is dead.

tokens.py  a live token for all tasks and processes   grant.py  what a token endpoint says
"""

from hub.connectors.oauth.grant import Client, Granted, NotGranted, ask, judge_grant
from hub.connectors.oauth.tokens import ConnectionDead, Desk, Token, Tokens

__all__ = [
    "Client",
    "ConnectionDead",
    "Desk",
    "Granted",
    "NotGranted",
    "Token",
    "Tokens",
    "ask",
    "judge_grant",
]
