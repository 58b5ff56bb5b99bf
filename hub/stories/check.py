"""Try the stories of flows, each in a hub of its own, and tell what did not come true."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import msgspec

from hub.flows.examples import NotAStory, missed
from hub.flows.load import load_all
from hub.flows.load.installed import resolved
from hub.stories.inherited import by_default, stories_of
from hub.stories.play import play
from hub.stories.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hub.flows.flow import Example
    from hub.flows.load import World
    from hub.stories.inherited import Inherited
    from hub.stories.scene import Answers


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one story: `missed` are the lines that did not come true."""

    flow: str
    file: str
    line: int
    story: str
    missed: list[str] = []
    happened: list[str] = []
    fault: str = ""
    """Why it could not be played."""

    @property
    def is_true(self) -> bool:
        return not (self.missed or self.fault)

    @property
    def text(self) -> str:
        """Say what was expected and what happened instead."""
        opening = f"{self.file}: line {self.line}: “{self.story}”: "
        if self.fault:
            return f"{opening}{self.fault}"
        happened = "".join(f"\n  {one}" for one in self.happened) or " nothing"
        return f"{opening}expected {'; '.join(self.missed)}. What happened:{happened}"


def tried(
    files: Mapping[str, str], answers: Answers, world: World, only: frozenset[str] = frozenset()
) -> Iterator[Outcome]:
    """Try the stories that these files tell; `only` those of some files, the others lean on."""
    scene, by_itself = scene_of(files, answers, world), None
    for name, flow in scene.flows.items():
        file, text = scene.files[name]
        if only and file not in only:
            continue
        own = flow.examples if "example" in tomllib.loads(text) else ()
        for example in own:
            if not example.no_longer:
                yield _outcome(scene.around(name), name, file, example)
        for story in stories_of(text, file, own):
            by_itself = by_itself or scene_of(files, by_default(files, answers), world)
            yield _of_another(by_itself.around(name), name, file, story)


def scene_of(files: Mapping[str, str], answers: Answers, world: World) -> Scene:
    """Read flows; ConfigFault tells all that is wrong with them."""
    flows = load_all(files, answers, world)
    named = {str(resolved(text, file)["flow"]): (file, text) for file, text in files.items()}
    systems = {name: account.system for name, account in world.connections.items()}
    return Scene(flows=flows, files=named, answers=answers, systems=systems)


def _of_another(scene: Scene, flow: str, file: str, story: Inherited) -> Outcome:
    """Try a story of the flow that is extended; one that is said to have ended must not hold."""
    told = _outcome(scene, flow, f"{story.file} (extended by {file})", story.example)
    if story.ended is None:
        return told
    ended = Outcome(
        flow=flow,
        file=file,
        line=story.ended.line,
        story=f"{story.ended.story} (no longer: {story.ended.no_longer})",
    )
    still = "it holds still: take this example out"
    return msgspec.structs.replace(ended, fault=still) if told.is_true else ended


def _outcome(scene: Scene, flow: str, file: str, example: Example) -> Outcome:
    told = Outcome(flow=flow, file=file, line=example.line, story=example.story)
    try:
        happened = play(example.see, scene)
        lines = missed(example.expect, happened, scene.names())
    except NotAStory as fault:
        return msgspec.structs.replace(told, fault=str(fault))
    shown = [one.text for one in happened]
    return msgspec.structs.replace(told, missed=lines, happened=shown)
