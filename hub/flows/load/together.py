"""Read all flows of a hub, each after those that it leans on, then hold one against another."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import msgspec

from hub.errors import ConfigFault
from hub.flows.flow import Sync
from hub.flows.load.circles import circles_in
from hub.flows.load.document import document
from hub.flows.load.load import load
from hub.flows.load.loops import loop_in
from hub.flows.load.targets import targets_of
from hub.settings.faults import name_of, nearest, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from hub.flows.flow import Flow
    from hub.flows.load.faults import Faults
    from hub.flows.load.targets import Target
    from hub.flows.load.world import World

    Answers = Mapping[str, Mapping[str, object]]


_NAMED = re.compile(r"""^\s*flow\s*=\s*["'](?P<name>[^"']+)["']""", re.MULTILINE)


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A flow's file, before it is known to be one."""

    file: str
    text: str
    values: dict[str, Any]
    faults: Faults

    @property
    def name(self) -> str:
        return str(self.values.get("flow", ""))

    @property
    def may_link(self) -> bool:
        return bool(self.name) and "while" not in self.values

    @property
    def leans_on(self) -> list[str]:
        """Name the flows whose links it needs."""
        needs = self.values.get("needs")
        tables = needs.values() if isinstance(needs, dict) else ()
        return [str(table["of"]) for table in tables if isinstance(table, dict) and "of" in table]


def load_all(
    files: Mapping[str, str],
    answers: Answers,
    world: World,
    *,
    about: Collection[str] = (),
) -> dict[str, Flow]:
    """Give the flows of these files by name, or raise one ConfigFault that tells all faults.

    `about` are the files that it is asked about, where that is not all; the others stand around.
    """
    papers = [_paper(file, text) for file, text in files.items()]
    faults = [_raised(paper.faults) for paper in papers]
    unread = [_likely_name(paper) for paper in papers if paper.faults]
    papers = [paper for paper in papers if not paper.faults]
    flows, more = _flows(papers, unread, answers, world)
    faults += [*more, *_across(papers, flows)]
    if stray := _stray(answers, [*(paper.name for paper in papers), *unread]):
        faults.append(ConfigFault(stray))
    if told := [fault for fault in faults if fault and _is_about(fault, about)]:
        parts = [part for fault in told for part in fault.faults]
        raise ConfigFault("\n".join(map(str, told)), faults=parts)
    own = {paper.name for paper in papers if not about or paper.file in about}
    return {name: flow for name, flow in flows.items() if name in own}


def _is_about(fault: ConfigFault, about: Collection[str]) -> bool:
    """Tell whether a fault is of one of these files; one in what a file extends names it too."""
    return not about or any(file in str(fault) for file in about)


def _paper(file: str, text: str) -> Paper:
    values, faults = document(text, file)
    return Paper(file=file, text=text, values=values, faults=faults)


def _likely_name(paper: Paper) -> str:
    """Give the name of a flow whose file cannot be read, so that no other is blamed for that."""
    said = paper.name or _NAMED.search(paper.text)
    return said if isinstance(said, str) else said["name"] if said else PurePath(paper.file).stem


def _raised(faults: Faults) -> ConfigFault | None:
    try:
        faults.raise_any()
    except ConfigFault as fault:
        return fault
    return None


def _flows(
    papers: Sequence[Paper], unread: Sequence[str], answers: Answers, world: World
) -> tuple[dict[str, Flow], list[ConfigFault]]:
    known: dict[str, Flow | None] = {paper.name: None for paper in papers if paper.may_link}
    known |= dict.fromkeys(unread)
    flows, faults = {}, []
    for paper in _in_order(papers):
        others = {name: flow for name, flow in known.items() if name != paper.name}
        around = msgspec.structs.replace(world, flows={**world.flows, **others})
        try:
            flow = load(paper.text, paper.file, answers.get(paper.name, {}), around)
        except ConfigFault as fault:
            faults.append(fault)
        else:
            flows[paper.name] = known[paper.name] = flow
    return flows, faults


def _in_order(papers: Sequence[Paper]) -> list[Paper]:
    """Put each after those that it leans on; in a circle any comes first."""
    by_name = {paper.name: paper for paper in papers}
    ordered: dict[str, Paper] = {}
    seen: set[str] = set()

    def place(paper: Paper) -> None:
        if paper.file in seen:
            return
        seen.add(paper.file)
        for name in paper.leans_on:
            if name in by_name:
                place(by_name[name])
        ordered[paper.file] = paper

    for paper in papers:
        place(paper)
    return list(ordered.values())


def _across(papers: Sequence[Paper], flows: Mapping[str, Flow]) -> Iterable[ConfigFault | None]:
    """Give what is wrong with no flow by itself."""
    papers = [paper for paper in papers if paper.name]
    for earlier, paper in combinations(papers, 2):
        _note_names(earlier, paper)
        if earlier.name != paper.name and {earlier.name, paper.name} <= flows.keys():
            _note_targets(earlier, paper, flows)
            _note_parts(earlier, paper, flows)
    _note_loop(papers)
    _note_circles(papers, flows)
    return [_raised(paper.faults) for paper in papers]


def _note_names(earlier: Paper, paper: Paper) -> None:
    for key in ("flow", "id"):
        word = paper.values.get(key, paper.name)
        if word == earlier.values.get(key, earlier.name):
            expected = f"a {key} of its own" if key == "flow" else "an id of its own"
            text = f"expected {expected}, found {quoted(str(word))}, which {earlier.file} has"
            paper.faults.add((key,), text)
            return


def _note_targets(earlier: Paper, paper: Paper, flows: Mapping[str, Flow]) -> None:
    held = list(targets_of(flows[earlier.name]))
    if (joined := _joined_by_both(flows[earlier.name], flows[paper.name])) and _meet(
        held, flows[paper.name]
    ):
        found = f"another, {quoted(earlier.name)} in {earlier.file}"
        text = f"expected one flow that joins {' with '.join(joined)}, found {found}"
        paper.faults.add(("sides",), f"{text}: remove one of the two")
        return
    for target in targets_of(flows[paper.name]):
        other = next((one for one in held if one.meets(target) and not one.goes_with(target)), None)
        if other:
            found = f"another, {name_of(other.place)} of {earlier.file}"
            text = f"expected one rule for {target.text}, found {found}"
            if target.side and other.side:
                text += f"; two syncs may share it where one says owner = {quoted(target.side)}"
            paper.faults.add(target.place, text)


def _meet(held: Sequence[Target], flow: Flow) -> bool:
    targets = targets_of(flow)
    return any(one.meets(each) and not one.goes_with(each) for each in targets for one in held)


def _joined_by_both(one: Flow, other: Flow) -> list[str]:
    """Give the kinds that two syncs join, where those are the same."""
    if not isinstance(one, Sync) or not isinstance(other, Sync):
        return []
    kinds, others = (
        {f"{side.connection}.{side.kind}" for side in flow.sides} for flow in (one, other)
    )
    return sorted(kinds) if kinds == others else []


def _note_parts(earlier: Paper, paper: Paper, flows: Mapping[str, Flow]) -> None:
    """Note where two syncs tell the records of one kind in a link apart by different fields."""
    one, other = flows[earlier.name], flows[paper.name]
    if not isinstance(one, Sync) or not isinstance(other, Sync):
        return
    parts = {(side.connection, side.kind): side.part for side in one.sides}
    for side in other.sides:
        expected = parts.get((side.connection, side.kind), side.part)
        if side.part != expected:
            said = f"part = {quoted('.'.join(expected))}" if expected else "no part"
            found = quoted(".".join(side.part)) if side.part else "none"
            text = f"expected {said}, as {earlier.file} has it of the same records, found {found}"
            paper.faults.add(("sides", side.name), text)


def _note_loop(papers: Sequence[Paper]) -> None:
    loop = loop_in({paper.name: paper.leans_on for paper in papers})
    for paper in papers:
        if loop and paper.name == loop[0]:
            found = " needs ".join(loop)
            paper.faults.add(("needs",), f"expected flows that come to an end, found {found}")


def _note_circles(papers: Sequence[Paper], flows: Mapping[str, Flow]) -> None:
    """Note where syncs believe one another in a circle, with the last file that takes part."""
    by_name = {paper.name: paper for paper in papers if paper.name in flows}
    for circle in circles_in(flows[name] for name in by_name):
        names = {one.flow for one in circle}
        last = max(names, key=list(by_name).index)
        steps = ", ".join(
            f"{one.owner} is believed over {one.follows} "
            f"({by_name[one.flow].faults.where(one.place)}: {name_of(one.place)})"
            for one in circle
        )
        by_name[last].faults.add(
            next(one.place for one in circle if one.flow == last),
            f"expected owners without a circle, found {steps}: so nobody is believed in the end. "
            'Take the field out of one of them, or say write = "on create" there',
        )


def _stray(answers: Answers, names: Sequence[str]) -> str:
    lines = [
        f"hub.toml: answers.{name}: expected a flow, found {quoted(name)}{nearest(name, names)}"
        for name in answers
        if name not in names
    ]
    return "\n".join(lines)
