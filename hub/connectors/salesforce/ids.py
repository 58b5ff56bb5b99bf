"""Ids of Salesforce: 15 signs and 18 are the same record, and the hub keeps 18."""

from __future__ import annotations

import re

from hub.connectors.pubsub.record_id import SHORT, whole_id

_SHAPE = re.compile(r"[0-9A-Za-z]{15}(?:[A-Za-z0-5]{3})?")


def is_id(text: str) -> bool:
    """Tell whether a text has the form of an id."""
    return bool(_SHAPE.fullmatch(text))


def whole(text: str) -> str:
    """Give the 18 signs of an id; what is none comes back as it is."""
    if not is_id(text):
        return text
    return whole_id(text[:SHORT])
