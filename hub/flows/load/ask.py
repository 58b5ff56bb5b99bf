"""A company's own words: the questions of a flow, and what hub.toml answers to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.flows.load.table import one_of
from hub.settings.faults import nearest, quoted, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.flows.expression import Shape
    from hub.flows.load.reading import Reading
    from hub.flows.load.table import Table

Answers = dict[str, tuple[str, ...] | int]


def shapes_of(answers: Answers) -> dict[str, Shape]:
    """Say what is at hand under `ask`: a number where the question's default is one."""
    return {
        name: "number" if isinstance(answer, int) else "texts" for name, answer in answers.items()
    }


def answers_of(root: Table, flow: str, given: Mapping[str, object], reading: Reading) -> Answers:
    """Give the answer to each question: what was given, else the question's own default."""
    table = root.table("ask")
    answers: Answers = {}
    for name in table.keys() if table else ():
        assert table is not None
        if isinstance(raw := table.raw(name), str | int) and raw is not False:
            table.fault(name, _is_no_question(f"answers.{flow}.{name}"))
            answers[name] = raw if isinstance(raw, int) else (raw,)
        elif (question := table.table(name)) is not None:
            answers[name] = _answer(question, f"answers.{flow}.{name}", given.get(name), reading)
            question.close(of="a question")
    for name in given.keys() - answers.keys():
        hint = nearest(name, answers)
        root.fault("ask", f"expected answers to its questions, found one to {quoted(name)}{hint}")
    return answers


def _is_no_question(answer: str) -> str:
    return f"expected a question, as a table; its answer is said in hub.toml, as {answer}"


def _answer(table: Table, name: str, given: object, reading: Reading) -> tuple[str, ...] | int:
    if isinstance(table.raw("default"), int):
        return _number(table, name, given)
    text, default = table.text("text"), table.texts("default")
    choices = table.texts("choices") or _choices(table, reading)
    answer = default if given is None else _texts(given)
    if given is not None and answer is None:
        expected = "text, or a list of texts"
        table.fault(None, f"expected {expected} for {name} in hub.toml, found {shown(given)}")
    elif not answer:
        expected = f"an answer to {quoted(text)}"
        table.fault(None, f'expected {expected}, found none: say {name} = ["…"] in hub.toml')
    elif choices and (strange := [one for one in answer if one not in choices]):
        found = f"{quoted(strange[0])}{nearest(strange[0], choices)}"
        where = name + " in hub.toml" if given is not None else "the default"
        table.fault(None, f"expected {one_of(choices)} for {where}, found {found}")
    return answer or ()


def _number(table: Table, name: str, given: object) -> int:
    """Read an answer that is a number, as the default is; hub.toml says it as text."""
    table.text("text")
    default = table.whole("default") or 1
    said = given if given is not None else default
    if isinstance(said, list | tuple) and len(said) == 1:
        (said,) = said
    if str(said).isdecimal():
        return int(str(said))
    table.fault(
        None, f'expected a whole number, as "7", for {name} in hub.toml, found {shown(given)}'
    )
    return default


def _texts(given: object) -> tuple[str, ...] | None:
    texts = [given] if isinstance(given, str) else given
    if isinstance(texts, list | tuple) and all(isinstance(one, str) and one for one in texts):
        return tuple(texts)
    return None


def _choices(table: Table, reading: Reading) -> tuple[str, ...]:
    """Look up what may be chosen in the field that the question names: `crm.Deals.Stage`."""
    place = table.text("from", "") if "from" in table else ""
    if not place:
        table.raw("from")
        return ()
    spelled, _, field = place.rpartition(".")
    kind = reading.kind(table, "from", spelled)
    path = reading.path(table, "from", field, kind) if kind else ()
    return reading.world.choices(kind, field) if kind and path else ()
