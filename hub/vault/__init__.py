"""Secrets at rest: sealed in Postgres under keys that the database never sees.

vault.py   keep, read and forget a secret       seal.py    AES-256-GCM, and what a seal is bound to
master.py  where the master key comes from      rotate.py  a new master key for all that is sealed
"""

from hub.vault.master import EnvironmentKeys, FileKeys, MasterKeys, master_keys
from hub.vault.rotate import Rotated, rotate
from hub.vault.vault import Vault

__all__ = [
    "EnvironmentKeys",
    "FileKeys",
    "MasterKeys",
    "Rotated",
    "Vault",
    "master_keys",
    "rotate",
]
