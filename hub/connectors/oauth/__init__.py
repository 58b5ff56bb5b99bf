"""Be let in at a vendor: trade a grant for access tokens, and know when it is dead.

tokens.py  a live token for all tasks and processes   grant.py  what a token endpoint says
login.py   what is traded for one
"""

from hub.connectors.oauth.grant import Client, Granted, NotGranted, ask, ask_as, judge_grant
from hub.connectors.oauth.login import ByRefreshToken, Desk, Login
from hub.connectors.oauth.tokens import ConnectionDead, Token, Tokens

__all__ = [
    "ByRefreshToken",
    "Client",
    "ConnectionDead",
    "Desk",
    "Granted",
    "Login",
    "NotGranted",
    "Token",
    "Tokens",
    "ask",
    "ask_as",
    "judge_grant",
]
