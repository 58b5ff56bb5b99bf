"""A while that opens and closes a thing is read, and what cannot be right in it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from hub.flows.document import value_of
from hub.flows.flow import While
from hub.flows.in_words import in_words
from hub.flows.ways import ways_of
from tests.flows.load.desk import TASK, changed, read, refused

NAMES = {
    "invoice": {"invoice_number": "INV-7"},
    "standing": {"outstanding": "12.50 EUR", "balance": Decimal("12.50"), "days_overdue": 7},
}


def read_while(text: str, answers: dict[str, object] | None = None) -> While:
    flow = read(text, answers)
    assert isinstance(flow, While)
    return flow


def test_a_while_opens_one_thing_keeps_it_true_and_closes_it() -> None:
    flow = read_while(TASK)

    assert flow.opens is not None
    assert not flow.keep
    assert (flow.opens.make.connection, flow.opens.make.kind) == ("crm", "Tasks")
    assert list(flow.opens.make.fields) == ["Status", "Subject"]
    assert list(flow.opens.keep.fields) == ["Subject"]
    assert list(flow.opens.close.fields) == ["Status"]
    assert flow.opens.already == "skip"
    assert flow.holds.of({**NAMES, "ask": flow.ask})
    assert flow.opens.keep.unless is not None
    assert flow.opens.keep.unless.of({"made": {"Status": "Completed"}, "ask": flow.ask})


def test_words_are_filled_in_exactly_as_they_stand() -> None:
    flow = read_while(changed(TASK, "{standing.outstanding}", "{standing.balance}, late"))
    assert flow.opens is not None
    subject = flow.opens.keep.fields["Subject"]

    assert value_of(subject, NAMES) == "INV-7: 12.50, late"
    assert value_of(subject, {"invoice": {}, "standing": {}}) == ": , late"


def test_an_answer_to_a_question_whose_default_is_a_number_is_a_number() -> None:
    assert read_while(TASK).ask["days"] == 7
    assert read_while(TASK, {"days": "10"}).ask["days"] == 10
    assert read_while(TASK, {"days": ["10"]}).ask["days"] == 10


def test_it_is_told_in_plain_words_and_drawn_as_a_way() -> None:
    flow = read_while(TASK)
    said = in_words(flow)

    assert "Where it says ask.days, this company says: 7" in said
    assert "One record of crm.Tasks is open for it, and never two; when it is made, it says" in said
    assert "and as long as it is open, kept so, unless made.Status in ask.done" in said
    assert "When it is true no longer, it is closed, and says" in said
    assert "Where it was true before the flow was switched on, it is left alone" in said
    (way,) = ways_of(flow)
    assert (way.does, way.target, way.fields) == (
        "opens and closes", "crm.Tasks", ["Status", "Subject"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'already = "skip"',
            'already = "skp"',
            '12: while.already: expected "ask" or "skip", found "skp"; did you mean "skip"?',
        ),
        (
            'Status = { is = "Not Started" }',
            'Statsu = { is = "Not Started" }',
            (
                '15: open."crm.Tasks".Statsu: expected a field of crm.Tasks, found "Statsu"; '
                'did you mean "Status"?'
            ),
        ),
        (
            'Status = { is = "Not Started" }',
            'Subject = { is = "Late" }',
            "17: keep: expected Subject in [open] or in [keep], found it in both",
        ),
        (
            '[close]\nStatus = "ask.done[0]"\n',
            "",
            "close: expected what it says in the end, found nothing: it would stay open",
        ),
        (
            "{invoice.invoice_number}",
            "{invoice.invoice_numbr}",
            (
                '18: keep.Subject.text: expected a field of invoice, found "invoice_numbr"; '
                'did you mean "invoice_number"?'
            ),
        ),
        (
            "{invoice.invoice_number}",
            "{1 + 1}",
            (
                "18: keep.Subject.text: expected a name at hand or a field of one in braces, found "
                '"1 + 1"'
            ),
        ),
        (
            "standing.days_overdue",
            "standing.days_late",
            '10: while.is: expected a field of standing, found "days_late", which it has not',
        ),
        (
            "made.Status in ask.done",
            "made.Statsu in ask.done",
            (
                '19: keep.unless: expected a field of made, found "Statsu", which it has not; '
                'did you mean "Status"?'
            ),
        ),
    ],
)
def test_what_cannot_be_right_is_told(old: str, new: str, told: str) -> None:
    (fault,) = refused(changed(TASK, old, new))

    assert fault.startswith((f"f.toml:{told}", f"f.toml: {told}"))


def test_an_answer_that_is_no_number_is_told() -> None:
    (fault,) = refused(TASK, {"days": "soon"})

    assert (
        fault
        == 'f.toml:5: ask.days: expected a whole number, as "7", for answers.task.days in \
hub.toml, found "soon"'.replace("\\\n", "")
    )


def test_an_answer_that_stands_where_the_question_does_is_sent_to_hub_toml() -> None:
    answered = changed(TASK, 'days = { text = "How many days late?", default = 7 }', "days = 3")

    (fault,) = refused(answered)

    assert "ask.days: expected a question" in fault
    assert "said in hub.toml, as answers.task.days" in fault


def test_of_two_things_that_are_opened_both_are_named() -> None:
    faults = refused(changed(TASK, "[keep]", '[open."crm.Deals"]\nStage = { is = "x" }\n[keep]'))

    assert "found crm.Tasks and crm.Deals; where it is in another connection" in faults[0]
