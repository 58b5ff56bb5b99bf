"""Every story that a flow of the library tells of itself comes true."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.cli.flows_test import of_library
from hub.flows.load.document import template, templates

if TYPE_CHECKING:
    from hub.stories import Outcome

OUTCOMES = of_library()


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda one: f"{one.flow}: {one.story}")
def test_a_story_comes_true(outcome: Outcome) -> None:
    assert outcome.is_true, outcome.text


@pytest.mark.parametrize("name", templates())
def test_every_flow_tells_stories(name: str) -> None:
    assert template(name).count("[[example]]") == sum(one.flow == name for one in OUTCOMES) >= 5
