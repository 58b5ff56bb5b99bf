"""Which fields a flow writes to, and what each is to hold: so that they can be made beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from hub.flows.figures import FIGURES
from hub.flows.flow import Once, Sync

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hub.flows.flow import Flow, Make, Tell, Value

Word: TypeAlias = Literal["text", "number", "money", "date", "time", "flag"]

_WORDS: Mapping[str, Word] = {
    "text": "text", "number": "number", "money": "money", "date": "date", "time": "time",
    "flag": "flag",
}  # fmt: skip


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A field that a flow writes to; `word` is what it holds, as far as the flow tells."""

    connection: str
    kind: str
    field: str
    word: Word = "text"


def writes_of(flow: Flow) -> Iterator[Written]:
    """Give each field that a flow writes to, made or changed, in the order of its file."""
    if isinstance(flow, Sync):
        yield from _of_sync(flow)
        if flow.people is not None:
            yield from _of_sync(flow.people)
        return
    parts: list[Make | Tell] = []
    if isinstance(flow, Once):
        parts += [flow.make, *flow.tell]
    else:
        parts += flow.keep
        if flow.opens is not None:
            close = flow.opens.make.fields | flow.opens.close.fields
            parts.append(msgspec.structs.replace(flow.opens.make, fields=close))
    for part in parts:
        for name, value in part.fields.items():
            yield Written(connection=part.connection, kind=part.kind, field=name, word=_word(value))


def _of_sync(flow: Sync) -> Iterator[Written]:
    for side in flow.sides:
        for field in flow.fields:
            if side.name in field.places and field.write != "never":
                yield Written(
                    connection=side.connection,
                    kind=side.kind,
                    field=".".join(field.places[side.name]),
                    word=_WORDS.get(field.step.name, "text"),
                )


def _word(value: Value) -> Word:
    if value.figure:
        return _WORDS[FIGURES[value.figure]]
    if isinstance(value.word, bool):
        return "flag"
    if isinstance(value.word, int):
        return "number"
    return _WORDS.get(value.step.name, "text")
