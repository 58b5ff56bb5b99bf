"""Play the stories that flows have from those which they extend, with what they say otherwise.

They are told in the words of the extended flow. So connections that are called otherwise are put
into them, and questions that have a default are answered with it, not by hub.toml.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from hub.flows.load.installed import resolved
from hub.flows.load.stories import inherited

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hub.flows.flow import Example
    from hub.stories.scene import Answers


class Inherited(msgspec.Struct, frozen=True, kw_only=True):
    """A story of the flow that is extended, in the file where it stands."""

    file: str
    example: Example
    ended: Example | None
    """What the flow says of it, where it is true no longer."""


def stories_of(text: str, file: str, own: tuple[Example, ...]) -> Iterator[Inherited]:
    """Give the stories that a file has from the one it extends, but for those it tells anew."""
    below, examples = inherited(text)
    told = {one.story: one for one in own}
    called = resolved(text, file).get("connections", {})
    for example in examples:
        anew = told.get(example.story)
        if anew is None or anew.no_longer:
            yield Inherited(file=below, example=_renamed(example, called), ended=anew)


def by_default(files: Mapping[str, str], answers: Answers) -> Answers:
    """Give the answers to questions that have no default."""
    asked = {}
    for file, text in files.items():
        values = resolved(text, file)
        asked[str(values["flow"])] = values.get("ask", {})
    return {
        flow: {name: one for name, one in given.items() if not _default(asked.get(flow, {}), name)}
        for flow, given in answers.items()
    }


def _default(questions: Mapping[str, Any], name: str) -> object:
    question = questions.get(name)
    return question.get("default") if isinstance(question, dict) else None


def _renamed(example: Example, called: Mapping[str, str]) -> Example:
    """Put the names of a hub's own connections into a story."""

    def put(lines: tuple[str, ...]) -> tuple[str, ...]:
        if not called:
            return lines
        names = re.compile(rf"\b({'|'.join(map(re.escape, called))})\.")
        return tuple(names.sub(lambda said: f"{called[said[1]]}.", line) for line in lines)

    return msgspec.structs.replace(example, see=put(example.see), expect=put(example.expect))
