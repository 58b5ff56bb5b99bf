"""An id of 15 characters and the same with its three of checksum are one record: 18 is kept."""

from __future__ import annotations

SHORT = 15
_GROUP = 5
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def whole_id(record: str) -> str:
    """Give an id with its checksum: which of its letters are capitals, five to a character."""
    if len(record) != SHORT:
        return record
    groups = (record[at : at + _GROUP] for at in range(0, SHORT, _GROUP))
    return record + "".join(map(_digit, groups))


def _digit(group: str) -> str:
    return _DIGITS[sum(1 << at for at, letter in enumerate(group) if "A" <= letter <= "Z")]
