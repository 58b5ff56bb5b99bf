from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from hub.sandbox.traffic import Traffic
from hub.sandbox.world import World
from tests.sandbox.sides import Sides

if TYPE_CHECKING:
    from hub.sandbox.people.hands import Done


def test_people_do_the_same_things_for_the_same_seed() -> None:
    def done(number: int) -> list[Done | None]:
        sides = Sides(customers=20)
        sides.world.seed = number
        traffic = Traffic(sides.world, [sides.crm, sides.books])
        return [traffic.step() for _ in range(100)]

    assert done(1) == done(1) != done(2)


def test_people_do_all_kinds_of_things_on_both_sides() -> None:
    sides = Sides(customers=30)
    traffic = Traffic(sides.world, [sides.crm, sides.books])

    done = {(one.system, one.act, one.kind) for _ in range(300) if (one := traffic.step())}

    assert done >= {
        ("crm", "create", "Accounts"),
        ("crm", "create", "Deals"),
        ("crm", "edit", "Deals"),
        ("crm", "close", "Deals"),
        ("books", "create", "contacts"),
        ("books", "edit", "contacts"),
        ("books", "send", "invoices"),
        ("books", "pay", "invoices"),
    }


def test_in_an_empty_world_people_begin_with_new_customers() -> None:
    sides = Sides()
    traffic = Traffic(sides.world, [sides.crm])

    first = traffic.step()

    assert first is not None
    assert (first.act, first.kind) == ("create", "Accounts")


def test_where_nobody_can_do_anything_nothing_is_done() -> None:
    assert Traffic(World(), []).step() is None


def test_people_who_begin_anew_do_the_same_again() -> None:
    sides = Sides()
    traffic = Traffic(sides.world, [sides.crm])

    def begin() -> list[str]:
        sides.crm.reset()
        traffic.forget()
        return [one.act + one.kind for _ in range(40) if (one := traffic.step())]

    assert begin() == begin()


def test_people_see_what_others_have_made_when_they_look_again() -> None:
    sides = Sides()
    traffic = Traffic(sides.world, [sides.books])
    traffic.step()
    made = sides.books.put("invoices", {"status": "sent", "balance": 40})

    unseen = [one.record for _ in range(40) if (one := traffic.step())]
    traffic.look_again()
    seen = [one.record for _ in range(40) if (one := traffic.step())]

    assert made["id"] not in unseen
    assert made["id"] in seen


async def test_traffic_keeps_its_pace() -> None:
    sides = Sides(customers=5)
    traffic = Traffic(sides.world, [sides.crm, sides.books])
    before = len(sides.crm.acts) + len(sides.books.acts)
    sides.world.acts_per_minute = 6_000

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await traffic.flow()

    assert 5 <= traffic.acts <= 51
    assert len(sides.crm.acts) + len(sides.books.acts) > before
