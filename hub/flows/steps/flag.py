"""Yes or no."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.flows.steps.answers import Answers, NotUnderstood

if TYPE_CHECKING:
    from hub.flows.steps.answers import Asked

_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def read(value: Any, asked: Asked) -> bool:  # noqa: ARG001
    said = _WORDS.get(str(value).strip().casefold())
    if said is None:
        raise NotUnderstood("true or false", value)
    return said


ANSWERS = Answers(read=read, key=lambda value, _: str(value).lower())
