"""As long as something is so one thing is open for it: never two, whatever comes in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.conclusions import Owes
from hub.events import Answered, Decided, ModeSet, event_of, payload
from hub.flows.flow import While
from hub.flows.judge.reasons import ADOPTED
from hub.flows.judge.slot import slot_of_case
from hub.operate.act import act
from tests.flows.judge.told import VELM, follows, goes_on, scene_for, stage_of

if TYPE_CHECKING:
    from hub.stories.play import Stage

TASK = "overdue_invoice_task"
LATE = (
    '11:00 invoice 8 customer_id = books.contact 1, currency_id = "EUR", status = "sent", '
    'total = 50, due_date = "2026-02-20"'
)


def test_what_comes_and_goes_within_a_minute_opens_one() -> None:
    follows(
        [VELM, LATE, '11:00 invoice 8 due_date = "2026-03-20"',
         '11:00 invoice 8 due_date = "2026-02-20"'],
        "crm.Tasks is made once",
        "crm.task 1 gets nothing",
        flow=TASK,
    )  # fmt: skip


def test_what_is_over_before_it_was_made_is_not_made() -> None:
    follows(
        [VELM, LATE, '11:00 invoice 8 status = "void"'],
        "crm.Tasks is not made",
        "because: it is so no longer",
        flow=TASK,
    )


def test_what_is_so_again_before_it_was_closed_stays_open() -> None:
    follows(
        [VELM, LATE, '12:00 invoice 8 due_date = "2026-03-20"',
         '12:00 invoice 8 due_date = "2026-02-20"'],
        "crm.Tasks is made once",
        "crm.task 1 gets nothing",
        flow=TASK,
    )  # fmt: skip


def test_each_time_anew_there_is_a_new_one_and_the_last_is_closed() -> None:
    again = ['{} invoice 8 due_date = "2026-03-20"', '{} invoice 8 due_date = "2026-02-20"']

    follows(
        [VELM, LATE, again[0].format("12:00"), again[1].format("13:00"), again[0].format("14:00")],
        'crm.task 1 gets Status = "Completed"',
        'crm.task 2 gets Status = "Completed"',
        "books.contacts is made once",
        "crm.Tasks is made",
        "nothing else",
        flow=TASK,
    )


def test_a_deleted_invoice_is_late_no_more() -> None:
    follows(
        [VELM, LATE, "12:00 invoice 8 is gone"],
        'crm.task 1 gets Status = "Completed"',
        flow=TASK,
    )


def test_a_task_that_a_person_deleted_is_not_made_again() -> None:
    follows(
        [VELM, LATE, "12:00 crm.task 1 is gone", "5 March 08:00 nothing happens",
         '6 March 09:00 invoice 8 status = "void"'],
        "crm.Tasks is made once",
        "because: what was opened for it is gone",
        flow=TASK,
    )  # fmt: skip


def test_a_task_that_is_taken_up_is_still_kept_true_and_not_closed() -> None:
    follows(
        [VELM, LATE, '12:00 crm.task 1 Status = "In Progress"', "13:00 invoice 8 balance = 20",
         "14:00 invoice 8 balance = 0"],
        'crm.task 1 gets Subject = "Overdue: invoice INV-8, 20.00 EUR"',
        "because: is left alone",
        flow=TASK,
    )  # fmt: skip


def test_of_a_customer_whom_nobody_is_linked_with_a_person_is_asked() -> None:
    follows(
        [VELM, LATE.replace("contact 1", "contact 7")],
        "asked: books.invoices/8: customer: linked with none",
        "crm.Tasks is not made",
        flow=TASK,
    )


def test_what_was_late_before_can_be_left_alone_without_a_question() -> None:
    old = LATE.replace("11:00 invoice 8", "11:00 invoice 8 is first seen:")

    follows(
        [VELM, old, "5 March 08:00 nothing happens"],
        "crm.Tasks is not made",
        "nothing is asked",
        flow=TASK,
        above='while.already = "skip"',
    )


def test_the_days_are_the_companys_own() -> None:
    above = "ask.days.default = 30"

    follows([VELM, LATE, "18 March 08:00 nothing happens"], "crm.Tasks is not made",
            flow=TASK, above=above)  # fmt: skip
    follows([VELM, LATE, "22 March 08:00 nothing happens"], "crm.Tasks is made once",
            flow=TASK, above=above)  # fmt: skip


def test_in_shadow_none_is_opened_and_a_person_is_asked_when_it_ends() -> None:
    stage = stage_of(VELM, flow=TASK)
    mode(stage, "shadow")
    goes_on(stage, LATE, flow=TASK)
    assert not slots(stage)

    mode(stage, "on")
    assert len(stage.hub.waiting()) == 1
    goes_on(stage, "12:00 ana says: open", flow=TASK)

    assert len(slots(stage)) == 1


def test_what_waits_for_a_person_is_withdrawn_when_it_is_over_and_owed_again_as_one() -> None:
    stage = stage_of(VELM, flow=TASK)
    mode(stage, "hold")
    goes_on(stage, LATE, flow=TASK)
    assert [row.kind for _, row in stage.hub.owed()] == ["Tasks"]

    goes_on(stage, '12:00 invoice 8 due_date = "2026-03-20"', flow=TASK)
    assert not stage.hub.owed()

    goes_on(stage, '13:00 invoice 8 due_date = "2026-02-21"', flow=TASK)
    ((_, row),) = stage.hub.owed()
    assert row.fields is not None
    assert "2026-02-21" in row.fields["Description"]
    assert len({one.delivery for one in slots(stage)}) == 1


def mode(stage: Stage, word: str) -> None:
    what = ModeSet(flow=TASK, mode=word)  # type: ignore[arg-type] # one of the modes
    stage.hub.tell(act(what, "ana", flow=TASK))
    stage.settle()


def slots(stage: Stage) -> list[Owes]:
    """Give all that the flow wanted made."""
    decided = [payload(event) for event in stage.hub.log if event.type == "decided"]
    concluded = [one for what in decided if isinstance(what, Decided) for one in what.conclusions]
    return [one for one in concluded if isinstance(one, Owes) and one.kind == "Tasks"]


def test_one_that_the_log_has_forgotten_is_not_opened_again() -> None:
    stage = stage_of(VELM, flow=TASK)
    flow = scene_for(TASK).flows[TASK]
    assert isinstance(flow, While)
    assert flow.opens is not None
    slot = slot_of_case(flow.id, "8", flow.opens.make)
    adopted = Answered(
        delivery=slot, attempt=0, outcome="done", sentence="", record="5", was_there=True,
        because=ADOPTED,
    )  # fmt: skip
    stage.hub.tell(event_of(adopted, connection="crm", kind="Tasks", record="5"))

    goes_on(stage, f'10:30 crm.task 5 Hub_Id = "{slot}", Status = "Not Started"', LATE, flow=TASK)
    goes_on(stage, '12:00 invoice 8 status = "void"', flow=TASK)

    assert stage.sides.of_kind("crm", "Tasks") == ["5"]
    assert stage.sides.fields(("crm", "Tasks", "5"))["Status"] == "Completed"
