"""The played Zoho accounts: `Accounts(world)`.

accounts.py   what it answers, and what the other systems ask it
keys.py       codes, refresh tokens and access tokens: how long they live, and how many
scopes.py     which scope includes which
consent.py    the page on which a person accepts or rejects
"""

from hub.sandbox.accounts.accounts import Accounts, AccountsQuirks
from hub.sandbox.accounts.keys import CODE_SECONDS

__all__ = ["CODE_SECONDS", "Accounts", "AccountsQuirks"]
