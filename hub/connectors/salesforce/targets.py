"""What a reference may lead to that could lead to several things: said by how an id begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.connectors.outcome import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

_PERSONS = {"003": "Contact", "00Q": "Lead"}
_NO_THINGS = {**_PERSONS, "005": "User"}

WHO, WHAT = "WhoId", "WhatId"


def wrong_target(kind: str, fields: Mapping[str, Any]) -> Refused | None:
    """Refuse a task that is to hang on what no task hangs on; the vendor would say less."""
    if kind != "Task":
        return None
    who, what = (str(fields.get(name) or "") for name in (WHO, WHAT))
    if who and who[:3] not in _PERSONS:
        return _refused(WHO, who, "a Contact or a Lead (003, 00Q)")
    if what and what[:3] in _NO_THINGS:
        return _refused(WHAT, what, f"no {_NO_THINGS[what[:3]]}, which goes into {WHO}")
    return None


def _refused(name: str, found: str, expected: str) -> Refused:
    return Refused(
        sentence=f"{name} of a Task: expected the id of {expected}; found {found}. Nothing was "
        "sent.",
        because="data",
        reason="wrong_target",
    )
