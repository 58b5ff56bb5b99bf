"""Read the name of a record as people write it: `connection.kind/id`."""

from __future__ import annotations

import re

import click

from hub.conclusions import Member

_FORM = re.compile(r"(?P<connection>[^./\s]+)\.(?P<kind>[^/\s]+)/(?P<record>.+)", re.DOTALL)


class Record(click.ParamType[Member]):
    """Takes `books.contacts/4600001`."""

    name = "connection.kind/id"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
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
