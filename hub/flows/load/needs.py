"""What a flow needs before it can act: a linked record, or the lines of a document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import msgspec

from hub.flows.flow import Lines, LinesNeed, LinkNeed, Once, Sync, Value
from hub.flows.load.loops import loop_in
from hub.flows.load.reading import NAME, NAME_EXPECTED, TAKEN
from hub.flows.load.table import one_of
from hub.flows.load.value import Values
from hub.settings.faults import nearest, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.flows.expression import Shape
    from hub.flows.flow import Need
    from hub.flows.load.ask import Answers
    from hub.flows.load.reading import Names, Reading
    from hub.flows.load.table import Table
    from hub.flows.load.world import Kind

LINE_NEEDS = ("name", "quantity", "rate")
OF_A_LINE: Mapping[str, Shape] = {
    "net": "number",
    "quantity": "number",
    "rate": "number",
    "tax": "number",
    **dict.fromkeys(("name", "description"), "text"),
    **dict.fromkeys(("discount", "taxes", "item"), "any"),
}
"""What each line says, whether its place gives it or it is reckoned from that."""

OF_ALL_LINES: Mapping[str, Shape] = {
    "called": "text",
    **dict.fromkeys(("net", "tax", "total", "adjustment", "count"), "number"),
    "currency": "text",
    "record": "record",
}
OF_THE_WHOLE = ("currency", "discount", "adjustment", "taxes", "tax", "total")

_IN = re.compile(r"(?P<kind>\S+) by (?P<by>\S+)")
_ELSE = ("create", "inbox")


class Needs:
    """Reads `[needs]`; what they are called is at hand afterwards."""

    def __init__(self, names: Names, source: Kind | None, ask: Answers, reading: Reading) -> None:
        self.names = names
        self._source = source
        self._ask = ask
        self._reading = reading

    def of(self, root: Table) -> tuple[Need, ...]:
        """Read them all; a link may go on from another, but not in a circle."""
        table = root.table("needs")
        if table is None:
            return ()
        found = dict(table.tables())
        for name, one in found.items():
            self._name(one, name)
        needs = tuple(self._need(one, name) for name, one in found.items())
        leans = {need.name: _leans(need) & found.keys() for need in needs}
        if loop := loop_in(leans):
            chain = " needs ".join(loop)
            table.fault(loop[0], f"expected needs that can be met one by one, found {chain}")
        return needs

    def _name(self, table: Table, name: str) -> None:
        """Put a need at hand, with what is known of the record that it will be."""
        if not NAME.fullmatch(name) or name in TAKEN or name in self.names:
            table.fault(None, f"expected {NAME_EXPECTED} and is not at hand, found {quoted(name)}")
        flow = self._reading.world.flows.get(str(table.raw("of")))
        if "first_of" in table:
            self.names[name] = OF_ALL_LINES
        elif flow is not None and self._source is not None:
            end = self._reading.world.other_end(flow, self._source)
            self.names[name] = end.shape if end else "record"
        else:
            self.names[name] = "record"

    def _need(self, table: Table, name: str) -> Need:
        need = self._lines(table, name) if "first_of" in table else self._link(table, name)
        table.close(of="a need")
        return need

    def _link(self, table: Table, name: str) -> LinkNeed:
        values = Values(self._reading, self.names)
        of = table.text("of")
        linking = [
            name
            for name, flow in self._reading.world.flows.items()
            if flow is None or isinstance(flow, Sync | Once)
        ]
        if of and of not in linking:
            hint = nearest(of, linking) or f"; those are {', '.join(linking) or 'none'}"
            table.fault("of", f"expected a flow that links records, found {quoted(of)}{hint}")
        miss = table.choice("else", _ELSE, "inbox")
        return LinkNeed(
            name=name,
            path=values.path(table, "link"),
            of=of,
            part=values.read(table, "part") if "part" in table else None,
            miss=msgspec.convert(miss, Literal["create", "inbox"]),
        )

    def _lines(self, table: Table, name: str) -> LinesNeed:
        places = tuple(self._place(one) for one in table.list_of_tables("first_of"))
        if table.raw("first_of") == []:
            table.fault("first_of", "expected at least one place of lines, found none")
        called = [place.called for place in places]
        answers = self._ask.get(name, ())
        for answer in (str(answers),) if isinstance(answers, int) else answers:
            if called and answer not in called:
                found = f"{quoted(answer)}{nearest(answer, called)}"
                expected = f"{one_of(called)} for ask.{name}"
                table.fault("first_of", f"expected {expected}, found {found}")
        values = Values(self._reading, self.names)
        return LinesNeed(
            name=name,
            first_of=places,
            net=values.read(table, "net", "money") if "net" in table else None,
            currency=values.read(table, "currency", "text") if "currency" in table else None,
        )

    def _place(self, table: Table) -> Lines:
        kind, by = self._kind(table)
        each = table.text("each", "") if "each" in table else ""
        names = self._names_of_lines(kind)
        such = None
        if "such" in table:
            such = self._reading.condition(table, "such", names)
        if each:
            self._reading.path(table, "each", each, kind or self._source)
        whole = self._said(table, "whole", names, OF_ALL_LINES)
        of_row = {**names, "row": "record"} if each else names
        fields = self._said(table, "fields", of_row, OF_A_LINE)
        self._judge_words(table, fields, whole)
        lines = Lines(
            called=table.text("called"),
            kind=kind.name if kind else "",
            by=by,
            such=such,
            each=each,
            fields=fields,
            whole=whole,
        )
        table.close(of="a place of lines")
        return lines

    def _names_of_lines(self, kind: Kind | None) -> Names:
        links = {name for name, shape in self.names.items() if shape is OF_ALL_LINES}
        names = {name: shape for name, shape in self.names.items() if name not in links}
        return {**names, "it": kind.shape} if kind else names

    def _kind(self, table: Table) -> tuple[Kind | None, str]:
        """Read `in = "crm.Quotes by Deal_Name"`; without it the lines are in the source itself."""
        text = table.text("in", "") if "in" in table else ""
        if not text:
            return None, ""
        said = _IN.fullmatch(text)
        if said is None:
            table.fault("in", f'expected as "crm.Quotes by Deal_Name", found {quoted(text)}')
            return None, ""
        kind = self._reading.kind(table, "in", said["kind"])
        if kind and self._source and kind.connection != self._source.connection:
            expected = f"a kind of {self._source.connection}, where the source is"
            table.fault("in", f"expected {expected}, found {quoted(text)}")
        self._reading.path(table, "in", said["by"], kind)
        return kind, said["by"]

    def _said(
        self, table: Table, key: str, names: Names, shapes: Mapping[str, Shape]
    ) -> dict[str, Value]:
        inner = table.table(key)
        values = Values(self._reading, names)
        if inner is None:
            return {}
        words = inner.keys()
        return {word: values.read(inner, word, shapes.get(word, "any")) for word in words}

    def _judge_words(
        self, table: Table, fields: Mapping[str, Value], whole: Mapping[str, Value]
    ) -> None:
        for word in LINE_NEEDS:
            if word not in fields:
                table.fault("fields", f"expected {word}, found nothing: every line says it")
        for word in whole.keys() - set(OF_THE_WHOLE):
            hint = nearest(word, OF_THE_WHOLE)
            table.fault("whole", f"expected {one_of(OF_THE_WHOLE)}, found {quoted(word)}{hint}")


def _leans(need: Need) -> set[str]:
    """Name what a need is worked out from."""
    if isinstance(need, LinesNeed):
        return _roots(need.net) | _roots(need.currency)
    return {need.path[0] if need.path else ""} | _roots(need.part)


def _roots(value: Value | None) -> set[str]:
    if value is None:
        return set()
    if value.expression is not None:
        return {path[0] for path in value.expression.reads}
    return {value.path[0]} if value.path else {value.of}
