"""The stories that a flow's file tells, and those that it has from the flow which it extends.

A story of the extended flow is one of this flow, too: it is played with all that is said otherwise
here. Told anew under its own name, it takes the other's place. One that is true no longer, because
of what is said otherwise, is named, and why: `no_longer = "clearings are carried on"`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.flows.flow import Example
from hub.flows.load.document import extended
from hub.flows.load.table import Table
from hub.settings.faults import nearest, quoted

if TYPE_CHECKING:
    from hub.flows.load.faults import Faults

NO_LONGER = "no_longer"


def examples_of(root: Table) -> tuple[Example, ...]:
    """Read each `[[example]]`."""
    return tuple(_example(table) for table in root.list_of_tables("example"))


def inherited(text: str) -> tuple[str, tuple[Example, ...]]:
    """Give the file that a flow's own file extends, and the stories in that; none: two nothings."""
    below = extended(text)
    if below is None:
        return "", ()
    file, values, faults = below
    return file, examples_of(Table(values, (), faults))


def judge_stories(text: str, values: dict[str, Any], faults: Faults) -> None:
    """Note each story that is said to be true no longer, and that nobody has told."""
    file, examples = inherited(text)
    told = {one.story for one in examples}
    for table in Table(values, (), faults).list_of_tables("example"):
        story = table.text("story", "") if NO_LONGER in table else None
        if story is not None and story not in told:
            expected = f"a story of {file}" if file else "a flow that extends another"
            found = f"{quoted(story)}{nearest(story, told)}"
            table.fault(NO_LONGER, f"expected {expected}, found {found}")


def _example(table: Table) -> Example:
    story, no_longer = table.text("story"), table.text(NO_LONGER, "")
    see, expect = ((), ()) if no_longer else (_lines(table, key) for key in ("see", "expect"))
    line = table.line()
    table.close()
    return Example(story=story, see=see, expect=expect, no_longer=no_longer, line=line)


def _lines(table: Table, key: str) -> tuple[str, ...]:
    lines = table.texts(key)
    if lines is not None and all(lines) and lines:
        return lines
    if key not in table or lines is not None:
        table.fault(key, "expected a line, or a list of lines, found nothing")
    return ()
