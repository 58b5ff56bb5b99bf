"""Read the name of a record as people write it: `connection.kind/id`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from hub.events import Member

if TYPE_CHECKING:
    from typing import Any

_FORM = re.compile(r"(?P<connection>[^./\s]+)\.(?P<kind>[^/\s]+)/(?P<record>.+)")


class Record(click.ParamType):
    """Takes `books.contacts/4600001`."""

    name = "connection.kind/id"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Member:
        found = _FORM.fullmatch(value)
        if found is None:
            self.fail(
                f"expected a record as connection.kind/id, such as books.contacts/4600001; "
                f"found {value!r}",
                param,
                ctx,
            )
        return Member(**found.groupdict())


RECORD = Record()
