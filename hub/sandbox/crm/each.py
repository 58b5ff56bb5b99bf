"""Doing item by item what a call asks for, and saying of each what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.sandbox.crm.refusal import Refusal
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hub.sandbox.system import Request

Fields = dict[str, Any]


def each(
    request: Request,
    items: Iterable[Fields],
    act: Callable[[Fields, str], Fields],
    *,
    key: str = "data",
    whole: int = 200,
) -> Answer:
    """Do each, given its path in the body; what is wrong with one does not hinder the others."""
    said: list[Fields] = []
    statuses: list[int] = []
    for n, item in enumerate(items):
        try:
            said.append(act(item, f"$.{key}[{n}]"))
            statuses.append(whole)
        except Refusal as refusal:
            said.append(refusal.item())
            statuses.append(refusal.status)
    return Answer(status=_overall(statuses, whole, request.path), body={key: said})


def done(message: str, details: Fields, code: str = "SUCCESS") -> Fields:
    """Say of one item that it is done."""
    return {"code": code, "details": details, "message": message, "status": "success"}


def _overall(statuses: list[int], whole: int, path: str) -> int:
    """Give the status of an answer of many items: of all of them, of none, or mixed."""
    if all(status == whole for status in statuses):
        return whole
    if path.startswith("/crm/v2/"):
        return 202
    if any(status == whole for status in statuses):
        return 207
    return statuses[0] if len(set(statuses)) == 1 else 400
