"""Read a large module of Zoho CRM at first sight: one job, and its rows from one file.

A job costs as much as fifty calls, so it is for many records. Its file holds text: what a field
is in JSON comes from the module's own list of fields. Line items are not in it.
"""

from __future__ import annotations

import asyncio
import csv
import io
import zipfile
import zlib
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from hub.connectors.connector import NotRead, Page
from hub.connectors.http import Call
from hub.connectors.outcome import Refused
from hub.connectors.record import read, seen
from hub.connectors.zoho_crm.kinds import BULK_LOOK_SECONDS, BULK_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hub.connectors.connector import Kind
    from hub.connectors.http import Vendor
    from hub.connectors.zoho_crm.fields import Field

FILE_BYTES_MAX = 512 * 1024 * 1024
ENDED = frozenset({"COMPLETED", "FAILURE"})
FAILED = "FAILURE"
FAILED_SECONDS = 300.0
"""After so long a job that failed at Zoho is begun anew: each costs as much as fifty calls."""

_NUMBERS = frozenset({"currency", "double", "integer", "percent", "decimal"})
_LINKS = frozenset({"lookup", "ownerlookup", "userlookup"})
_NOT_IN_FILES = frozenset({"subform", "jsonarray", "profileimage", "imageupload", "fileupload"})
_encode = msgspec.json.encode


class Place(msgspec.Struct, omit_defaults=True):
    """Which page of a module a job reads, which job that is, and how many rows of it were read."""

    page: int = 1
    job: str = ""
    row: int = 0


class _Result(msgspec.Struct):
    more_records: bool = False


class _Job(msgspec.Struct):
    id: str = ""
    state: str = ""
    result: _Result = msgspec.field(default_factory=_Result)


class _Started(msgspec.Struct):
    details: _Job


class _StartedRows(msgspec.Struct):
    data: list[_Started]


class _Jobs(msgspec.Struct):
    data: list[_Job]


class Bulk:
    """The bulk read of one module. The file at hand is read on from where it was left."""

    def __init__(self) -> None:
        self._at = Place()
        self._rows: Iterator[bytes] = iter(())

    async def read(
        self, vendor: Vendor, kind: Kind, fields: Mapping[str, Field], place: Place
    ) -> tuple[Page, Place | None]:
        """Give the next rows, and where to go on; None after the last."""
        if not place.job:
            names = [name for name, field in fields.items() if _is_in_files(field)]
            job = await _start(vendor, kind, names, place.page)
            return Page(seen=(), cursor="", done=False), Place(page=place.page, job=job)
        try:
            ended = await _ended(vendor, place.job)
            if ended.state == FAILED:
                await asyncio.sleep(FAILED_SECONDS)
                return Page(seen=(), cursor="", done=False), Place(page=place.page)
            more = ended.result.more_records
            rows = await self._next(vendor, fields, place)
        except NotRead as error:
            if not (isinstance(error.outcome, Refused) and error.outcome.because == "missing"):
                raise
            # Zoho keeps a job for a day only: it is begun anew.
            return Page(seen=(), cursor="", done=False), Place(page=place.page)
        page = Page(seen=[seen(kind, row) for row in rows], cursor="", done=False)
        if len(rows) == BULK_ROWS:
            return page, self._at
        return page, Place(page=place.page + 1) if more else None

    async def _next(self, vendor: Vendor, fields: Mapping[str, Field], place: Place) -> list[bytes]:
        """Give the rows behind a place; to unpack them takes a while, for which nobody waits."""
        if self._at != place:
            path = f"/crm/bulk/v8/read/{place.job}/result"
            answer = await read(vendor, _call("GET", path, answers_file=True))
            self._rows = islice(_lines(answer.body, fields), place.row, None)
        # Whatever ends this before its time leaves a file of which nobody knows how far it is read.
        self._at, lines = Place(), self._rows
        rows = await asyncio.to_thread(_next_of, lines)
        self._at = Place(page=place.page, job=place.job, row=place.row + len(rows))
        return rows


async def _start(vendor: Vendor, kind: Kind, names: list[str], page: int) -> str:
    query = {"module": {"api_name": kind.name}, "fields": names, "page": page}
    answer = await read(vendor, _call("POST", "/crm/bulk/v8/read", _encode({"query": query})))
    return msgspec.json.decode(answer.body, type=_StartedRows).data[0].details.id


async def _ended(vendor: Vendor, job: str) -> _Job:
    """Wait until a job has ended, which takes minutes for a large module."""
    while True:
        answer = await read(vendor, _call("GET", f"/crm/bulk/v8/read/{job}"))
        now = msgspec.json.decode(answer.body, type=_Jobs).data[0]
        if now.state in ENDED:
            return now
        await asyncio.sleep(BULK_LOOK_SECONDS)


def _next_of(lines: Iterator[bytes]) -> list[bytes]:
    try:
        return list(islice(lines, BULK_ROWS))
    except (zipfile.BadZipFile, zlib.error, EOFError, csv.Error) as error:
        raise ValueError(f"the file of a bulk read cannot be unpacked: {error}") from error


def _is_in_files(field: Field) -> bool:
    """Tell whether a file has a field as it is: tags are a text of names there, which is less."""
    is_many = field.json_type == "jsonarray" and field.data_type != "multiselectpicklist"
    return field.data_type not in _NOT_IN_FILES and not is_many


def _lines(file: bytes, fields: Mapping[str, Field]) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(file)) as packed, packed.open(packed.namelist()[0]) as raw:
        rows = csv.reader(io.TextIOWrapper(raw, encoding="utf-8", newline=""))
        names = ["id" if name == "Id" else name for name in next(rows)]
        for row in rows:
            yield _json(names, row, fields)


def _json(names: list[str], row: list[str], fields: Mapping[str, Field]) -> bytes:
    """Make the JSON of a row, as other reads of the record give it."""
    return _encode(dict(_words(names, row, fields)))


def _words(
    names: list[str], row: list[str], fields: Mapping[str, Field]
) -> Iterator[tuple[str, object]]:
    for name, word in zip(names, row, strict=True):
        yield name, _word(word, fields[name].data_type if name in fields else "text")


def _word(word: str, data_type: str) -> object:
    if not word:
        return None
    if data_type in _NUMBERS:
        return msgspec.Raw(word.encode())
    if data_type == "boolean":
        return word == "true"
    if data_type in _LINKS:
        return {"id": word}
    return word.split(";") if data_type == "multiselectpicklist" else word


def _call(method: str, path: str, body: bytes | None = None, *, answers_file: bool = False) -> Call:
    return Call(
        method=method,
        path=path,
        headers={"Content-Type": "application/json"} if body else {},
        body=body,
        verb="read",
        cost=50 if body else 1,
        share="backfill",
        answers="bytes" if answers_file else "json",
        answer_bytes_max=FILE_BYTES_MAX,
    )
