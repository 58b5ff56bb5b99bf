"""Stories told in tests: what is seen, line by line, and what follows from it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from hub.cli.flows_test import LIBRARY as WORLD
from hub.flows.examples import missed, seen_in
from hub.flows.load.document import template, templates
from hub.stories import play
from hub.stories.check import scene_of
from hub.stories.play import AHEAD, Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.flows.examples import Happened
    from hub.stories.scene import Scene

VELM = '10:00 account 3 Account_Name = "Velm", Website = "velm.example", Currency = "EUR"'
SETUP = (
    '10:01 deal 7 Deal_Name = "Setup", Stage = "Proposal", Amount = 100, Currency = "EUR", '
    "Account_Name = account 3"
)
WON = '10:10 deal 7 Stage = "Closed Won"'


def follows(see: Sequence[str], *expect: str, flow: str = "customers", above: str = "") -> None:
    """Play a story, and fail with all that happened where it does not come true.

    `above` is laid over the library's flow of that name.
    """
    scene = scene_for(flow, above)
    happened = play(see, scene)
    wrong = missed(expect, happened, scene.names())
    assert not wrong, "\n".join(["expected:", *wrong, "what happened:", *texts(happened)])


def stage_of(*see: str, flow: str = "customers", above: str = "") -> Stage:
    """Play the first lines of a story, and give the stage on which it goes on."""
    scene = scene_for(flow, above)
    seen = seen_in(see, scene.names())
    stage = Stage(scene, next(one.at for one in seen if one.at is not None) - AHEAD)
    stage.begin([one for one in seen if one.act == "was"])
    goes_on(stage, *see, flow=flow, above=above)
    return stage


def goes_on(stage: Stage, *see: str, flow: str = "customers", above: str = "") -> None:
    """Play more lines, each carried out before the next."""
    for one in seen_in(see, scene_for(flow, above).names()):
        stage.see(one)
        stage.settle()


def texts(happened: Sequence[Happened]) -> list[str]:
    return [one.text for one in happened]


@cache
def scene_for(flow: str, above: str = "") -> Scene:
    files = {f"{name}.toml": template(name) for name in templates()}
    if above:
        files[f"{flow}.toml"] = f'extends = "library/{flow}"\n{above}'
    return scene_of(files, {}, WORLD).around(flow)
