"""What is to stand in a field: a path, an expression, a word, a figure, or a typed reading."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from hub.flows.figures import FIGURES
from hub.flows.flow import Step, Value
from hub.flows.load.reading import Names, Reading, held
from hub.flows.steps import STEPS
from hub.settings.faults import nearest, quoted, shown

if TYPE_CHECKING:
    from hub.flows.expression import Expression, Shape
    from hub.flows.flow import Path
    from hub.flows.load.table import Table

MAKING = ("due", "tax")
"""Readings that only a document knows, while it is made."""

_PLAIN = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_$][\w$]*)*")
_HOLE = re.compile(r"\{([^{}]*)\}")
_NOTHING = Value(text="")


class Values:
    """Reads values where these names are at hand."""

    def __init__(self, reading: Reading, names: Names, *, making: bool = False) -> None:
        self._reading = reading
        self.names = names
        self._steps = (*STEPS, *MAKING) if making else tuple(STEPS)

    def read(self, table: Table, key: str, target: Shape = "any") -> Value:
        """Read what stands under a key; `target` says what the field holds that it is meant for."""
        said = table.raw(key)
        if isinstance(said, str) and said:
            return self._said(table, key, said, target)
        if isinstance(said, dict):
            inner = table.table(key)
            assert inner is not None
            return self._from_table(inner, target)
        # TOML knows what is true, and whole numbers, without quotes.
        if isinstance(said, bool | int):
            return Value(text=str(said).lower(), word=said)
        found = "nothing" if said is None else shown(said)
        expected = "a name at hand, an expression or { is = … }"
        table.fault(key, f"expected {expected}, found {found}")
        return _NOTHING

    def path(self, table: Table, key: str) -> Path:
        """Read a plain path of the names at hand."""
        text = table.text(key)
        if text and not _PLAIN.fullmatch(text):
            expected = "a field of a name at hand, as deal.Account_Name"
            table.fault(key, f"expected {expected}, found {quoted(text)}")
            return ()
        return self._path(table, key, text) if text else ()

    def _said(self, table: Table, key: str, text: str, target: Shape) -> Value:
        if _PLAIN.fullmatch(text):
            path = self._path(table, key, text)
            if path:
                self._judge(table, key, held(path, self.names), target, text)
            return Value(text=text, path=path)
        expression = self._reading.expression(table, key, text, self.names, wanted="value")
        if expression and target == "money":
            table.fault(
                key,
                f"expected a field, a figure or a reading for money, found {quoted(text)}: an "
                "expression reckons with numbers that are not exact",
            )
        elif expression:
            self._judge(table, key, self._given(expression, target), target, text)
        return Value(text=text, expression=expression)

    def _given(self, expression: Expression, target: Shape) -> Shape:
        """Say what an expression gives: text that it has from days alone is one of them."""
        if target not in _DAYS or expression.gives != "text":
            return expression.gives
        given = [held(path, self.names) for path in expression.reads]
        return "date" if given and all(one in _DAYS for one in given) else "text"

    def _path(self, table: Table, key: str | None, text: str) -> Path:
        path = tuple(text.split("."))
        shape: Shape = self.names
        for depth, name in enumerate(path):
            if isinstance(shape, str):
                break
            if name not in shape:
                self._unknown(table, key, path, depth, shape)
                return ()
            shape = shape[name]
        return path

    def _unknown(self, table: Table, key: str | None, path: Path, depth: int, known: Shape) -> None:
        name = path[depth]
        near = nearest(name, known)
        if depth:
            where = ".".join(path[:depth])
            table.fault(key, f"expected a field of {where}, found {quoted(name)}{near}")
            return
        hint = near or f'; a plain word is said as {{ is = "{name}" }}'
        expected = f"a name that is at hand here ({', '.join(self.names)})"
        table.fault(key, f"expected {expected}, found {quoted(name)}{hint}")

    def _judge(self, table: Table, key: str | None, given: Shape, target: Shape, text: str) -> None:
        """Note where what is given cannot stand in what the target holds."""
        is_open = not isinstance(given, str) or given in ("any", "record") or target == "any"
        if is_open or not isinstance(target, str):
            return
        takes = _TAKES.get(target)
        if takes and given not in takes:
            found = f"{quoted(text)}, which holds {worded(given)}"
            is_told_how = target in _DAYS and given in _TEXTS
            how = f'; to have it read: {{ from = "…", as = "{target}" }}' if is_told_how else ""
            table.fault(key, f"expected {worded(target)}, found {found}{how}")

    def _from_table(self, table: Table, target: Shape) -> Value:
        ways = [key for key in _READ if key in table.keys()]  # noqa: SIM118
        if len(ways) != 1:
            found = " and ".join(ways) or "none of them"
            table.fault(None, f"expected one of {', '.join(_READ)}, found {found}")
            table.raw("is")
            return _NOTHING
        value = _READ[ways[0]](self, table, target)
        table.close()
        return value

    def _word(self, table: Table, target: Shape) -> Value:
        word = table.raw("is")
        if target in _DAYS and not (isinstance(word, str) and _is_day(word)):
            table.fault("is", f'expected a date, as "2026-03-31", found {shown(word)}')
        elif isinstance(word, str | bool | int):
            return Value(text=shown(word), word=word)
        else:
            table.fault("is", f"expected text, a whole number, true or false, found {shown(word)}")
        return _NOTHING

    def _sentence(self, table: Table, target: Shape) -> Value:
        """Read words with names in braces, which are filled in exactly as they stand."""
        text = table.text("text")
        parts: list[str | Path] = []
        for number, part in enumerate(_HOLE.split(text)):
            if number % 2 and not _PLAIN.fullmatch(part):
                expected = "a name at hand or a field of one in braces"
                table.fault("text", f"expected {expected}, found {quoted(part)}")
            else:
                parts.append(self._path(table, "text", part) if number % 2 else part)
        self._judge(table, "text", "text", target, text)
        return Value(text=f"“{text}”", sentence=tuple(parts), step=Step(cut=table.whole("cut")))

    def _figure(self, table: Table, target: Shape) -> Value:
        figure = table.choice("figure", FIGURES)
        of = table.choice("of", list(self.names))
        if figure:
            self._judge(table, "figure", FIGURES[figure], target, figure)
        return Value(text=f"{figure} of {of}", figure=figure, of=of)

    def _reading_of(self, table: Table, target: Shape) -> Value:
        text = table.text("from")
        path = self._path(table, "from", text) if _PLAIN.fullmatch(text) else ()
        if text and not _PLAIN.fullmatch(text):
            expected = "a name at hand or a field of one"
            table.fault("from", f"expected {expected}, found {quoted(text)}")
        step = step_of(table, self._steps)
        if target == "money" and step.name not in ("money", "number"):
            self._judge(table, "from", held(path, self.names), target, text)
        return Value(text=text, path=path, step=step)


_READ = {
    "is": Values._word,  # noqa: SLF001 - the ways of this class, by their keys
    "text": Values._sentence,  # noqa: SLF001
    "figure": Values._figure,  # noqa: SLF001
    "from": Values._reading_of,  # noqa: SLF001
}
_TEXTS = ("text", "choice", "date", "time", "id", "lookup")
_IDS = ("text", "id", "lookup")
_DAYS = ("date", "time")
_TAKES = {
    "money": ("money", "number"),
    "number": ("money", "number"),
    "flag": ("flag",),
    "text": (*_TEXTS, "number", "money"),
    "choice": _TEXTS,
    "date": _DAYS,
    "time": _DAYS,
    "lookup": _IDS,
    "id": _IDS,
}


def _is_day(word: str) -> bool:
    try:
        datetime.fromisoformat(word)
    except ValueError:
        return False
    return True


def step_of(table: Table, steps: tuple[str, ...] = tuple(STEPS)) -> Step:
    """Read `as`, `cut` and, beside a tax, its `table`."""
    cut = table.whole("cut")
    if isinstance(table.raw("as"), dict):
        inner = table.table("as")
        assert inner is not None
        return Step(name="table", cut=cut, table=_words(inner))
    known = [step for step in steps if step != "table"]
    name = table.choice("as", known, "text")
    beside = table.table("table") if name == "tax" else None
    return Step(name=name, cut=cut, table=_words(beside) if beside else ())


def _words(table: Table) -> tuple[tuple[str, str], ...]:
    words = tuple((key, table.text(key)) for key in table.keys())  # noqa: SIM118 - no dict
    if not words:
        table.fault(None, 'expected words, as { "true" = "active" }, found none')
    return words


def worded(shape: Shape) -> str:
    """Say what a field holds."""
    words = {
        "flag": "true or false",
        "list": "a list",
        "record": "a record",
        "lookup": "a record's id",
        "id": "an id",
        "choice": "a choice",
        "date": "a date",
        "time": "a time",
        "number": "a number",
        "texts": "a list of texts",
    }
    return words.get(shape, shape) if isinstance(shape, str) else "a record"
