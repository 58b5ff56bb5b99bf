"""What the page shows of customers: who is there, in which systems, and all that one of them has.

The systems know nothing of one another, and the page of nothing else. Records are shown beside
each other of which one names the other by its id, else those that have the same name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
from aiohttp import web

from hub.sandbox.control.look import Glance
from hub.sandbox.mess import without_accents
from hub.sandbox.page.sides import SIDES, Side, said
from hub.sandbox.respond import respond
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hub.sandbox.page.sides import State
    from hub.sandbox.system import Fields, System


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """A customer: how he is called, and what stands for him in each system that he is in."""

    name: str
    members: dict[str, str]
    open: dict[str, int]
    """By system: how many deals, billable tickets and opportunities may yet be invoiced."""


class Customers:
    """Answers what the page asks of customers."""

    def __init__(self, systems: Sequence[System]) -> None:
        self._systems = {system.name: system for system in systems}
        self._glance = Glance()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/_sandbox/page/customers", self._all),
            web.get("/_sandbox/page/customer", self._one),
        ]

    async def _all(self, _: web.Request) -> web.Response:
        states = {side.name: self._state(side.name) for side in SIDES}
        return respond(Answer(body={"customers": customers(states)}))

    async def _one(self, http: web.Request) -> web.Response:
        asked = [side for side in SIDES if side.name in http.query]
        body = {side.name: side.of(self._state(side.name), http.query[side.name]) for side in asked}
        return respond(Answer(body=body))

    def _state(self, name: str) -> State:
        system = self._systems.get(name)
        return {} if system is None else self._glance.at(system)


class _Group:
    """The records of one customer, as far as they were found."""

    def __init__(self) -> None:
        self.members: dict[str, str] = {}
        self.records: dict[str, Fields] = {}
        self.names: set[str] = set()

    def add(self, side: Side, key: str, record: Fields) -> None:
        self.members[side.name] = key
        self.records[side.name] = record
        self.names.add(_plain(side.name_of(record)))

    def names_or_is_named(self, side: Side, key: str, record: Fields) -> bool:
        """Tell whether one of them bears the other's id."""
        return any(
            said(record, side.says.get(other.name, "")) == there
            or said(self.records[other.name], other.says.get(side.name, "")) == key
            for other in SIDES
            if (there := self.members.get(other.name))
        )


def customers(states: Mapping[str, State]) -> list[Customer]:
    """Put together who is the same, in the order of their names."""
    groups: list[_Group] = []
    for side in SIDES:
        _join(groups, side, side.customers(states.get(side.name, {})))
    found = [_customer(group, states) for group in groups]
    return sorted(found, key=lambda one: _plain(one.name))


def _join(groups: list[_Group], side: Side, records: Mapping[str, Fields]) -> None:
    """Put the records of a side to those found before: by ids first, then by names."""
    free, left = list(groups), dict(records)
    for key, record in records.items():
        mine = next((one for one in free if one.names_or_is_named(side, key, record)), None)
        if mine is not None:
            mine.add(side, key, left.pop(key))
            free.remove(mine)
    for key, record in left.items():
        name = _plain(side.name_of(record))
        alike = next((one for one in free if name in one.names), None)
        if alike is None:
            groups.append(alike := _Group())
        else:
            free.remove(alike)
        alike.add(side, key, record)


def _customer(group: _Group, states: Mapping[str, State]) -> Customer:
    sides = [side for side in SIDES if side.name in group.members]
    first = sides[0]
    return Customer(
        name=first.name_of(group.records[first.name]) or group.members[first.name],
        members=group.members,
        open={
            side.name: side.count_open(states[side.name], group.members[side.name])
            for side in sides
            if side.open
        },
    )


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", without_accents(name).casefold())
