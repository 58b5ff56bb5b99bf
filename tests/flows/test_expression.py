"""Expressions: checked when they are compiled, and never more certain than what is known."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.flows.expression import Expression, ExpressionFault, Shape, compile  # noqa: A004

NAMES: dict[str, Shape] = {
    "deal": {
        "Stage": "choice",
        "Amount": "money",
        "Account_Name": "lookup",
        "Hot": "flag",
        "Lines": "list",
        "address": {"zip": "text"},
    },
    "ask": {"won": "texts"},
    "made": "record",
}
BROKEN = "expected an expression that can be worked out, found"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


def holds(text: str, **deal: Any) -> bool:
    found = compile(text, NAMES, wanted="condition").of({"deal": deal, "ask": {"won": ["Won"]}})
    assert isinstance(found, bool)
    return found


def value(text: str, **deal: Any) -> Any:
    return compile(text, NAMES).of({"deal": deal})


def refused(text: str, wanted: Any = "condition") -> str:
    with pytest.raises(ExpressionFault) as caught:
        compile(text, NAMES, wanted=wanted)
    return str(caught.value).partition(": ")[2]


def test_a_condition_is_true_or_false_of_a_record() -> None:
    assert holds("deal.Stage in ask.won", Stage="Won")
    assert not holds("deal.Stage in ask.won", Stage="Open")


@pytest.mark.parametrize("text", ["deal.Stage in ask.won", 'deal.Stage != "Lost"', "!deal.Hot"])
def test_a_condition_that_needs_what_is_missing_is_not_true(text: str) -> None:
    assert not holds(text)


def test_an_amount_alone_is_no_condition() -> None:
    assert refused("deal.Amount") == (
        "expected an expression that is true or false, found one that gives a number"
    )


def test_an_empty_field_is_known_to_be_empty() -> None:
    assert holds("deal.Stage == null", Stage=None)
    assert holds('deal.Stage != "Lost"', Stage=None)
    assert not holds("deal.Stage in ask.won", Stage=None)


def test_an_empty_field_is_neither_more_nor_less_nor_looked_into() -> None:
    assert not holds("deal.Amount > 3", Amount=None)
    assert not holds("deal.Amount <= 3", Amount=None)
    assert not holds('deal.Account_Name.id == "7"', Account_Name=None)


def test_what_is_missing_does_not_matter_where_the_rest_decides() -> None:
    assert holds('deal.Stage == "Won" || deal.Amount > 3', Stage="Won")


def test_whether_a_field_is_there_can_be_asked() -> None:
    assert holds("has(deal.Stage)", Stage=None)
    assert not holds("has(deal.Stage) && deal.Stage == null")
    assert value('deal.?Stage.orValue("-")') == "-"


def test_numbers_are_compared_whatever_they_were_written_as() -> None:
    assert holds("deal.Amount > 3", Amount=Decimal("3.01"))
    assert holds("deal.Amount == 3.0", Amount=3)
    assert holds("deal.Amount > 3", Amount=10**30)


def test_a_value_that_cannot_do_without_says_what_is_missing() -> None:
    with pytest.raises(ExpressionFault, match=r"expected values .* found nothing in deal\.Stage"):
        value('deal.Stage + "!"', Stage=None)

    assert value('deal.Stage + "!"', Stage="Won") == "Won!"


def test_no_float_comes_out() -> None:
    assert refused("1.5", "value").endswith("a number with a fraction, which is not exact")

    with pytest.raises(ExpressionFault, match="a value that is exact"):
        value("deal.Amount", Amount=Decimal("3.10"))


def test_ids_of_many_digits_stay_what_they_are() -> None:
    assert value("deal.Account_Name.id", Account_Name={"id": 460000000000026049}) == (
        460000000000026049
    )


def test_a_fault_of_evaluation_is_never_a_value() -> None:
    with pytest.raises(ExpressionFault, match="No matching overloads"):
        holds("deal.Amount > 3", Amount="three")


def test_a_loop_without_end_is_stopped() -> None:
    hundred = f"[{','.join('0' * 100)}]"
    text = f"{hundred}.map(a, {hundred}.map(b, {hundred}.map(c, {hundred}.map(d, 1)))).size() > 0"

    with pytest.raises(ExpressionFault):
        holds(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            'deal.Stge == "Won"',
            'expected a field of deal, found "Stge", which it has not; did you mean "Stage"?',
        ),
        (
            'deal.address.zp == "1"',
            'expected a field of deal.address, found "zp", which it has not; did you mean "zip"?',
        ),
        (
            'dael.Stage == "Won"',
            f'{BROKEN} "dael" at column 5, which is no name at hand here; did you mean "deal"?',
        ),
        ("deal.Stage > 3", f'{BROKEN} ">" between text and a whole number at column 12'),
        ('deal.Amount == "3"', f'{BROKEN} "==" between a number and text at column 13'),
        (
            'deal.Amount > 3 && deal.Amount in ["3.5"]',
            f'{BROKEN} "in" between a number and a list at column 32',
        ),
        ("deal.Amount == deal.Stage", f'{BROKEN} "==" between a number and text at column 13'),
        ("size(deal.Amount) > 2", f'{BROKEN} "size" of a number at column 5'),
        (
            'deal.Stage.lowerAsci() == "won"',
            f'{BROKEN} "lowerAsci" at column 21, which CEL cannot do; did you mean "lowerAscii"?',
        ),
        (
            'deal.Stage == "a" &&\n nobody',
            f'{BROKEN} "nobody" in its line 2 at column 2, which is no name at hand here',
        ),
        (
            "deal.Stage ==",
            f"{BROKEN} a slip of the pen at column 14, where it ends",
        ),
        (
            'deal.Stage = "won"',
            f'{BROKEN} "=" at column 12, where "==" tells whether two are the same',
        ),
        (
            "deal.Stage == ) 3",
            f'{BROKEN} a slip of the pen at column 15, at ") 3"',
        ),
        ("deal.Stage", "expected an expression that is true or false, found one that gives text"),
    ],
)
def test_what_cannot_be_right_is_refused_when_it_is_compiled(text: str, found: str) -> None:
    assert refused(text) == found


def test_a_value_that_may_not_be_there_must_say_what_then() -> None:
    assert refused("deal.?Stage", "value").endswith("end it in .orValue(…)")


def test_names_within_texts_and_methods_are_no_fields() -> None:
    expression = compile('"deal.Nothing" + deal.Stage.trim()', NAMES)

    assert expression.reads == (("deal", "Stage"),)
    assert expression.gives == "text"


def test_fields_with_strange_names_are_read_by_index() -> None:
    assert holds('deal["$state"] == "save"', **{"$state": "save"})


def test_expressions_that_read_the_same_are_equal() -> None:
    first, second = (compile("deal.Stage", NAMES) for _ in range(2))

    assert first == second
    assert len({first, second, compile("deal.Hot", NAMES)}) == 2
    assert repr(first) == "Expression('deal.Stage')"


@settings(max_examples=60, deadline=None)
@given(stage=JSON, amount=JSON, account=JSON)
def test_whatever_a_record_says_the_answer_is_true_false_or_a_fault(
    stage: object, amount: object, account: object
) -> None:
    said = {"Stage": stage, "Amount": amount, "Account_Name": account}

    for text in ("deal.Stage in ask.won", "deal.Amount > 3", 'deal.Account_Name.id == "7"'):
        expression: Expression = compile(text, NAMES, wanted="condition")
        try:
            assert expression.of({"deal": said, "ask": {"won": ["Won"]}}) in (True, False)
        except ExpressionFault as fault:
            assert fault.expected  # noqa: PT017 - either is right
