"""A secret is used by whoever asks for it by name, and shown to nobody else."""

from __future__ import annotations

import copy
import json
import pickle

import msgspec
import pytest

from hub.settings import Secret

SECRET = Secret("hunter2")


@pytest.mark.parametrize(
    "shown", [repr(SECRET), str(SECRET), f"{SECRET}", f"{SECRET:>3}", f"{SECRET!r}"]
)
def test_it_is_shown_as_stars(shown: str) -> None:
    assert shown == "***"


def test_it_is_revealed_when_asked() -> None:
    assert SECRET.reveal() == "hunter2"


def test_it_equals_a_secret_of_the_same_text_and_nothing_else() -> None:
    assert Secret("hunter2") == SECRET
    assert hash(Secret("hunter2")) == hash(SECRET)
    assert Secret("hunter3") != SECRET
    assert Secret("\udcff") == Secret("\udcff")
    assert SECRET != "hunter2"


@pytest.mark.parametrize(
    "carry_off", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps, msgspec.json.encode, vars]
)
def test_it_is_not_carried_off_by_accident(carry_off: object) -> None:
    assert callable(carry_off)
    with pytest.raises(TypeError):
        carry_off(SECRET)
