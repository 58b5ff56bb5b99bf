"""What a flow does, in plain words: for people who decide whether it may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.flows.flow import MESSAGES, LinkNeed, Once, Sync

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hub.flows.flow import (
        Asked,
        Field,
        Flow,
        Guard,
        Lines,
        Need,
        Open,
        Part,
        Side,
        Step,
        Tell,
        Value,
        While,
    )

_WIDTH_MAX = 40

_NEW = {
    "create": "is made in {other}",
    "ask": "waits for a person to say",
    "ignore": "is left alone",
}
_GONE = {
    "ask": "a person is asked",
    "ignore": "nothing is done",
    "deactivate": "what it is linked with in {other} is made inactive",
    "unlink": "the two are linked no longer",
}
_MODES = {
    "off": "stays off until it is switched on",
    "shadow": "decides and writes nothing at first",
    "hold": "has each write wait for a named person at first",
    "on": "writes from the start",
    "paused": "is paused",
}


def kind_of(flow: Flow) -> str:
    """Name the kind of a flow."""
    return "sync" if isinstance(flow, Sync) else "once" if isinstance(flow, Once) else "while"


def in_words(flow: Flow) -> list[str]:
    """Tell a flow line by line; what is about a line before it is indented."""
    if isinstance(flow, Sync):
        said = [*_of_sync(flow), *(_of_people(flow.people) if flow.people else ())]
    elif isinstance(flow, Once):
        said = list(_of_once(flow))
    else:
        said = list(_of_while(flow))
    return [f"{flow.name} ({kind_of(flow)}): {flow.about}", *said, *_of_guard(flow.guard)]


def _of_sync(flow: Sync) -> Iterator[str]:
    sides = " and ".join(f"{side.connection}.{side.kind}" for side in flow.sides)
    yield f"Kept in agreement: {sides}"
    yield from _indented(line for side in flow.sides for line in _of_side(side))
    for keys, what in ((flow.match.sure, "they are linked"), (flow.match.maybe, "a person is")):
        asked = " asked whether they are one" if what.endswith("is") else ""
        yield from (f"Where two agree in {key.text}, {what}{asked}" for key in keys)
    for side in flow.sides:
        other = next(one.name for one in flow.sides if one is not side)
        new, gone = (
            rule.format(other=other)
            for rule in (_NEW[flow.new[side.name]], _GONE[flow.gone[side.name]])
        )
        yield f"A record of {side.name} that matches none {new}"
        yield f"When one of {side.name} is gone, {gone}"
    yield "Field by field"
    yield from _indented(_in_columns([_of_field(field, flow.sides) for field in flow.fields]))


def _of_side(side: Side) -> Iterator[str]:
    if side.only is not None:
        yield f"{side.name}: only where {side.only.text}"
    if side.part:
        yield f"{side.name}: one for each {'.'.join(side.part)}"


def _of_people(people: Sync) -> Iterator[str]:
    yield "Their people, each beside its company"
    yield from _indented(_of_sync(people))


def _of_field(field: Field, sides: Sequence[Side]) -> list[str]:
    places = " = ".join(
        f"{side.name} {'.'.join(field.places[side.name])}"
        for side in sides
        if side.name in field.places
    )
    return [field.name, places, "; ".join(_ruled(field))]


def _ruled(field: Field) -> Iterator[str]:
    if field.write == "never":
        yield "only matched by"
        return
    yield _OWNERS.get(field.owner, f"{field.owner} is believed")
    if field.clash == "ask" and field.owner != "ask":
        yield "but a person decides where both changed"
    if field.lone == "put_back":
        yield "an edit elsewhere is put back"
    if field.empty == "carry":
        yield "emptying it empties the other"
    if field.write == "on create":
        yield "written only when a record is made"
    if field.apart:
        yield "with its part behind it in a further one"
    if field.step.name != "text":
        yield f"as {_step(field.step)}"


_OWNERS = {"latest": "the newer word is believed", "ask": "a person decides where they differ"}


def _step(step: Step) -> str:
    return ", ".join(f"{one} = {other}" for one, other in step.table) or step.name


def _of_once(flow: Once) -> Iterator[str]:
    source = flow.source
    yield f"Watched: each {source.connection}.{source.kind}, called {source.name}"
    yield from _asked(flow.ask)
    stays = f", and still is after {_lasting(flow.stays_seconds)}" if flow.stays_seconds else ""
    yield f"When it becomes true that {flow.becomes.text}{stays}, once for each:"
    yield from _indented(_of_needs(flow.needs))
    yield f"A record of {flow.make.connection}.{flow.make.kind} is made, which says"
    yield from _indented(_of_values(flow.make.fields))
    for name, fields in flow.make.each.items():
        yield f"  and for each line, in {name}"
        yield from _indented(_of_values(fields), by=4)
    if flow.agree:
        yield "It goes no further, and a person is asked, unless"
        checks = [[one.said.text, f"is {one.made}", _off(one.off_by)] for one in flow.agree]
        yield from _indented(_in_columns(checks))
    for tell in flow.tell:
        yield from _of_tell(tell, "Then")


def _of_while(flow: While) -> Iterator[str]:
    source = flow.source
    yield f"Watched: each {source.connection}.{source.kind}, called {source.name}"
    if flow.clock:
        yield f"Looked at anew each morning in {flow.clock}"
    yield from _asked(flow.ask)
    yield f"As long as it is true that {flow.holds.text}:"
    yield from _indented(_of_needs(flow.needs))
    for tell in flow.keep:
        yield from _of_tell(tell, "Kept so:")
    if flow.opens is not None:
        yield from _of_open(flow.opens)


def _of_open(one: Open) -> Iterator[str]:
    what = f"{one.make.connection}.{one.make.kind}"
    kept = {name: value for name, value in one.make.fields.items() if name in one.keep.fields}
    said = {name: value for name, value in one.make.fields.items() if name not in kept}
    if one.make.kind == MESSAGES:
        yield f"One of {what} is sent, and never two; nothing is changed of it afterwards; it says"
    else:
        yield f"One record of {what} is open for it, and never two; when it is made, it says"
    yield from _indented(_of_values(said))
    if kept:
        yield f"and as long as it is open, kept so{_unless(one.keep)}"
        yield from _indented(_of_values(kept))
    if one.close.fields:
        yield f"When it is true no longer, it is closed{_unless(one.close)}, and says"
        yield from _indented(_of_values(one.close.fields))
    yield f"Where it was true before the flow was switched on, {_ALREADY[one.already]}"


def _unless(part: Part) -> str:
    return f", unless {part.unless.text}" if part.unless else ""


_ALREADY = {"ask": "a person is asked", "skip": "it is left alone"}


def _answered(answer: tuple[str, ...] | int) -> str:
    return str(answer) if isinstance(answer, int) else ", ".join(answer)


def _asked(ask: Asked) -> Iterator[str]:
    for name, answer in ask.items():
        yield f"Where it says ask.{name}, this company says: {_answered(answer)}"


def _of_needs(needs: Sequence[Need]) -> Iterator[str]:
    for need in needs:
        if isinstance(need, LinkNeed):
            miss = "it is made first" if need.miss == "create" else "a person is asked"
            path = ".".join(need.path)
            part = f", for {need.part.text}" if need.part else ""
            yield f"{need.name} is what {need.of} links {path} with{part}; if there is none, {miss}"
            continue
        yield f"{need.name} are the first that there are of"
        yield from _indented(_of_lines(place) for place in need.first_of)
        if need.net:
            yield f"  and a person is asked unless they come to {need.net.text}"


def _of_lines(lines: Lines) -> str:
    where = f" in {lines.kind} by {lines.by}" if lines.kind else ""
    such = f", where {lines.such.text}" if lines.such else ""
    return f"{lines.called}: {lines.each or 'one line'}{where}{such}"


def _of_tell(tell: Tell, opening: str) -> Iterator[str]:
    yield f"{opening} {tell.connection}.{tell.kind} {tell.to.text} says"
    yield from _indented(_of_values(tell.fields))


def _of_values(values: Mapping[str, Value]) -> list[str]:
    return _in_columns([[name, _value(value)] for name, value in values.items()])


def _value(value: Value) -> str:
    step = f", as {_step(value.step)}" if value.step.name != "text" else ""
    cut = f", cut to {value.step.cut}" if value.step.cut else ""
    return value.text + step + cut


def _of_guard(guard: Guard) -> Iterator[str]:
    brake = f"; it stops for a person past {' or '.join(one.text for one in guard.at_most)}"
    yield f"It {_MODES[guard.go_live]}{brake if guard.at_most else ''}"


def _off(off_by: str) -> str:
    return "exactly" if off_by == "0" else f"give or take {off_by}"


def _lasting(seconds: float) -> str:
    for size, word in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds % size == 0:
            count = int(seconds // size)
            return f"{count} {word}{'s' if count > 1 else ''}"
    return f"{seconds:g} seconds"


def _indented(lines: Iterator[str] | Sequence[str], *, by: int = 2) -> Iterator[str]:
    return (" " * by + line for line in lines)


def _in_columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Set the first cells of all rows below one another."""
    if not rows:
        return []
    widths = [min(_WIDTH_MAX, max(map(len, column))) for column in list(zip(*rows, strict=True))]
    return [
        "  ".join([f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)]).rstrip()
        for row in rows
    ]
