"""P5: an event is judged in steps, one sync after the other; a rebuild takes in all at once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from hub.cli.flows_test import LIBRARY as WORLD
from hub.events import payload
from hub.flows.examples import seen_in
from hub.flows.known import NotAtHand
from hub.flows.load.document import template, templates
from hub.projectors.sync import SyncFold
from hub.projectors.sync.records import Records
from hub.stories.check import scene_of
from hub.stories.memory import _EMPTY, _at_once
from hub.stories.play import Stage, played

if TYPE_CHECKING:
    from hub.projectors.sync.shelf import Shelf
    from hub.stories.memory import HubInMemory

FLOWS = ("customers", "desk_customers", "salesforce_customers")

EVERYWHERE = (
    '10:00 salesforce.account 3 Name = "Velm", BillingPostalCode = "1010", CurrencyIsoCode = "EUR"',
    '10:05 crm.account 4 Account_Name = "Velm", Billing_Code = "1010", Currency = "EUR"',
    '10:06 desk.account 5 accountName = "Velm", code = "1010"',
)


@pytest.mark.parametrize(
    "first",
    [
        'salesforce.account 3 Website = "{}"',
        'crm.account 4 Website = "{}"',
        'desk.account 5 website = "{}"',
    ],
)
def test_p5_where_sides_say_the_same_at_once_a_rebuild_counts_the_same_rounds(first: str) -> None:
    scene = scene_of({f"{name}.toml": template(name) for name in FLOWS}, {}, WORLD)
    stage = Stage(scene, datetime(2026, 3, 2, 9, 59, tzinfo=UTC))
    stage.begin([])
    for one in seen_in(EVERYWHERE, scene.names()):
        stage.see(one)
        stage.settle()

    # when it is said on one side, and in Books before the hub has written it there
    site = "https://new.example"
    said = [f"10:10 {first.format(site)}", f'10:10 books.contact 1 website = "{site}"']
    for one in seen_in(said, scene.names()):
        stage.see(one)

    assert rows_of(rebuilt(stage.hub)) == rows_of(stage.hub._fold)
    assert {row.rounds for _, row in stage.hub.owed()} == {0}  # nothing was written that led to it


@pytest.mark.parametrize("name", sorted(templates()))
def test_p5_what_each_story_of_the_library_leaves_is_what_a_rebuild_makes(name: str) -> None:
    scene = scene_of({f"{one}.toml": template(one) for one in templates()}, {}, WORLD)
    for example in scene.flows[name].examples:
        stage = played(example.see, scene.around(name))

        assert rows_of(rebuilt(stage.hub)) == rows_of(stage.hub._fold), example.story


def rows_of(fold: SyncFold) -> dict[str, Any]:
    shelves: dict[str, Shelf[Any, Any]] = {
        "deliveries": fold.deliveries.rows,
        "cases": fold.decisions.cases,
    }
    shelves |= {"inbox": fold.decisions.inbox, "agreements": fold.decisions.agreements}
    return {name: dict(shelf.values()) for name, shelf in shelves.items()}


def rebuilt(hub: HubInMemory) -> SyncFold:
    """Fold the log anew: what was concluded of an event holds from that event on."""
    fold = SyncFold(Records(empty=True, cache_bytes_max=2**62), live=False)
    _at_once(fold.decisions.flows.fetch_all(_EMPTY))
    for one in hub.log:
        if one.type == "decided" and one.cause is not None:
            fold.recalled.by_cause.setdefault(one.cause, []).extend(payload(one).conclusions)
    for one in hub.log:
        while True:
            try:
                fold.apply(one, one.position)
            except NotAtHand as wanted:
                _at_once(fold.bring(_EMPTY, wanted))
            else:
                break
    return fold
