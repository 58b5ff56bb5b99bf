"""What holds for each step of the closed list, whatever it reads."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.flows.flow import Step
from hub.flows.steps import STEPS, Manner, NotUnderstood, apart, key, put_at, read, same, write

ADDRESS = {"street": "Mill Lane 1", "city": "Hull", "state": "", "code": "HU1 3ES", "country": "UK"}
SECOND = Manner(second=True)
TABLE = (("true", "active"), ("false", "inactive"))

SAID: dict[str, list[Any]] = {
    "text": ["Two words", " é ", 17],
    "name": ["Inês Faro"],
    "company": ["Ferry Foods Ltd"],
    "email": ["Ana@Example.COM"],
    "phone": ["+44 (0)20 7946 0000", "ask for Ana"],
    "money": ["12.50", 3, "1.234,50 €"],
    "number": ["0.10", -7],
    "date": ["2026-03-31", "2026-03-31T23:30:00+02:00"],
    "time": ["2026-03-31T23:30:00-0400"],
    "flag": [True, "false", 1],
    "address": [ADDRESS],
    "country": ["Deutschland", "Atlantis"],
    "currency": ["eur", "£"],
    "tax number": ["GB 294 7731 08"],
    "table": [True, "FALSE"],
}

everything = pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in SAID.items() for value in values]
)


def step_of(name: str) -> Step:
    return Step(name=name, table=TABLE if name == "table" else ())


def test_all_steps_are_tried_here() -> None:
    assert SAID.keys() == STEPS.keys()


@everything
def test_what_was_written_reads_as_what_was_meant(name: str, value: object) -> None:
    canonical = read(step_of(name), value)

    written = write(step_of(name), canonical)

    assert same(step_of(name), read(step_of(name), written), canonical)


@everything
def test_what_was_read_reads_the_same_again(name: str, value: object) -> None:
    canonical = read(step_of(name), value)

    assert read(step_of(name), canonical) == canonical


@everything
def test_a_value_is_the_same_as_itself_and_not_as_an_empty_one(name: str, value: object) -> None:
    canonical = read(step_of(name), value)

    assert same(step_of(name), canonical, canonical)
    assert not same(step_of(name), canonical, None)
    assert not same(step_of(name), None, canonical)


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("empty", [None, "", "  \n"])
def test_an_empty_value_is_none_matches_nothing_and_clears(name: str, empty: object) -> None:
    assert read(step_of(name), empty) is None
    assert key(step_of(name), None) == ""
    assert apart(step_of(name), None) == ""
    assert same(step_of(name), None, None)
    if name != "address":
        assert write(step_of(name), None) is None
        assert write(step_of(name), None, manner=Manner(empty="")) == ""


@pytest.mark.parametrize("name", STEPS)
def test_no_step_takes_a_float(name: str) -> None:
    with pytest.raises(NotUnderstood, match=r"never a float, found 0\.1"):
        read(step_of(name), 0.1)


@pytest.mark.parametrize("name", STEPS)
@settings(max_examples=60, deadline=None)
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=30) | st.decimals(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["id", "city", "zip", "x"]), inner, max_size=3)
        ),
        max_leaves=4,
    )
)
def test_any_value_is_read_or_not_understood_and_then_can_be_asked_all(
    name: str, value: object
) -> None:
    step = step_of(name)
    try:
        canonical = read(step, value)
    except NotUnderstood:
        return

    assert same(step, canonical, canonical)
    assert isinstance(key(step, canonical), str)
    assert isinstance(apart(step, canonical), str)
    written = write(step, canonical, ("Billing_*",) if name == "address" else ("field",))
    put_at({}, ("Billing_*",) if name == "address" else ("field",), written)


@settings(max_examples=100)
@given(said=st.text(max_size=40), cut=st.integers(1, 30))
def test_a_text_that_was_cut_on_the_way_is_still_the_same(said: str, cut: int) -> None:
    step = Step(name="text", cut=cut)
    canonical = read(step, said)

    written = write(step, canonical)

    assert written is None or len(written) <= cut
    assert same(step, read(step, written), canonical)
