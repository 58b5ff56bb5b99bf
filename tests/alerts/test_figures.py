"""What a day came to, to the cent, and that each day is told once at its hour."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from hub.alerts.digest import Daily, tell_what_is_owed
from hub.alerts.figures import figures_of, in_words
from hub.alerts.standing import Limits, standing
from hub.alerts.told import Address
from hub.alerts.work import check
from hub.errors import ConfigFault
from hub.events import payload
from hub.log.follow import Wake
from hub.settings import Connection, Secret, Settings
from hub.settings.shape import AlertSettings, DigestSettings

if TYPE_CHECKING:
    from tests.log.desk import Desk

DAY = date(2026, 3, 2)
BERLIN = ZoneInfo("Europe/Berlin")
LIMITS = Limits(inbox_max=0, lag_seconds_max=1e9)
INVOICES: list[dict[str, Any]] = [
    {"total": 0.1, "balance": 0.1, "date": "2026-03-02", "due_date": "2026-04-01"},
    {"total": 0.2, "balance": 0.2, "date": "2026-03-02", "due_date": "2026-04-01"},
    {"total": 7, "balance": 7, "date": "2026-03-02", "status": "draft"},
    {"total": 9, "balance": 9, "date": "2026-03-02", "currency_code": "USD"},
    {"total": 50, "balance": 30.5, "date": "2026-01-02", "due_date": "2026-03-02"},
    {"total": 50, "balance": 50, "date": "2026-01-02", "due_date": "2026-03-03"},
    {"total": 50, "balance": 0, "date": "2026-01-02", "due_date": "2026-02-01", "status": "paid"},
    {"total": 50, "balance": 50, "date": "2026-01-02", "due_date": "2026-02-01", "status": "void"},
]


async def test_sums_are_exact_and_of_one_currency_each(log: Desk) -> None:
    await known(log, "invoices", INVOICES)
    await known(log, "customerpayments", [{"date": "2026-03-02", "amount": 19.5}])

    async with log.database.connected() as db:
        said = in_words(await figures_of(db, "books", DAY, BERLIN), ["crm is silent"])

    assert said.splitlines() == [
        "Made by flows: nothing",
        "Invoiced: 0.30 EUR (2), 9.00 USD (1)",
        "Paid: 19.50 EUR (1)",
        "Overdue now: 30.50 EUR (1)",
        "Waiting for a person: nothing",
        "Needs a person: crm is silent",
    ]


async def test_a_day_is_told_at_its_hour_in_the_zone_of_its_organisation(log: Desk) -> None:
    await log.execute("insert into days values ('books', $1, 'Europe/Berlin', 1)", DAY)
    daily = Daily(
        role="finance", to=Address(connection="slack"), at=time(8), of="books", limits=LIMITS,
        database=log.database, append=log.append, followed=Wake(),
    )  # fmt: skip

    began = datetime(2026, 3, 3, 6, tzinfo=UTC)
    async with log.database.connected() as db:
        early = await tell_what_is_owed(db, daily, began, datetime(2026, 3, 3, 6, 59, tzinfo=UTC))
        told = await tell_what_is_owed(db, daily, began, datetime(2026, 3, 3, 7, 1, tzinfo=UTC))
        again = await tell_what_is_owed(db, daily, began, datetime(2026, 3, 3, 7, 2, tzinfo=UTC))

    assert told == 1
    assert (early, again) == (0, 0), "it is told once, though nothing has folded it yet"
    (event,) = await log.events()
    case, owes = payload(event).conclusions
    assert case.data["day"] == "2026-03-02"
    assert owes.fields["subject"] == "Finance, 2026-03-02"


async def test_a_day_whose_hour_passed_between_two_looks_is_owed_until_it_is_told(
    log: Desk,
) -> None:
    await log.execute("insert into days values ('books', $1, 'Europe/Berlin', 1)", DAY)
    daily = Daily(
        role="finance", to=Address(connection="slack"), at=time(23, 59), of="books",
        limits=LIMITS, database=log.database, append=log.append, followed=Wake(),
    )  # fmt: skip
    began = datetime(2026, 3, 3, 12, tzinfo=BERLIN)
    moments = [(3, 23, 58), (4, 0, 0), (4, 0, 1), (4, 23, 58), (6, 9, 0), (6, 10, 0)]
    looks = [datetime(2026, 3, *moment, 10, tzinfo=BERLIN) for moment in moments]

    async with log.database.connected() as db:
        told = [await tell_what_is_owed(db, daily, began, look) for look in looks]

    assert told == [0, 1, 0, 0, 2, 0]
    days = [payload(event).conclusions[0].data["day"] for event in await log.events()]
    assert days == ["2026-03-02", "2026-03-04"], "of several that were missed the last"


async def test_a_hub_that_begins_before_the_hour_owes_nothing_of_the_days_before_it(
    log: Desk,
) -> None:
    daily = Daily(
        role="finance", to=Address(connection="slack"), at=time(8), of="books", limits=LIMITS,
        database=log.database, append=log.append, followed=Wake(),
    )  # fmt: skip
    began = datetime(2026, 3, 3, 7, tzinfo=UTC)

    async with log.database.connected() as db:
        assert await tell_what_is_owed(db, daily, began, began) == 0


async def test_what_is_wrong_is_named_with_what_to_do(log: Desk) -> None:
    await log.execute(
        "insert into access_tokens (connection, dead_since, dead_why) "
        "values ('crm', now(), 'invalid_code')"
    )
    await log.execute(
        "insert into roads (connection, kind, road, silent) "
        "values ('crm', 'Deals', 'poll', 7), ('crm', 'Deals', 'webhook', 7)"
    )

    async with log.database.connected() as db:
        found = {one.about: one.sentence for one in await standing(db, LIMITS)}

    assert found.keys() == {"grant crm", "silent crm", "channel crm"}
    assert "hub connect crm" in found["grant crm"]
    assert "Deals by poll" in found["silent crm"]


@pytest.mark.parametrize(
    ("alerts", "digest", "fault"),
    [
        ("slak", {}, r"alerts.to: .* did you mean \"slack\""),
        ("books", {}, "takes messages .* found books, which is zoho_books"),
        (None, {"finance": DigestSettings(to="slack", of="x")}, "digest.finance.of: .* found x"),
    ],
)
def test_whoever_is_to_be_told_must_be_able_to(
    tmp_path: Path, alerts: str | None, digest: dict[str, DigestSettings], fault: str
) -> None:
    slack = Connection(system="slack", secret=Secret("xoxb"), to=["#hub"])
    books = Connection(system="zoho_books", secret=Secret("x"))
    settings = Settings(
        home=tmp_path, connections={"slack": slack, "books": books},
        alerts=AlertSettings(to=alerts), digest=digest,
    )  # fmt: skip

    with pytest.raises(ConfigFault, match=fault):
        check(settings)


TOKEN, HOOK = Secret("xoxb"), Secret("https://hooks.slack.com/services/T")


@pytest.mark.parametrize("place", ["alerts", "digest.finance"])
@pytest.mark.parametrize(
    ("secret", "to", "recipients", "fault"),
    [
        (TOKEN, [], [], "Expected one channel .* found none. .* `to` of connections.slack"),
        (TOKEN, ["#a"], ["#b", "#c"], "Expected one channel .* found #b, #c"),
        (HOOK, [], ["#a"], "no `to`.* found #a"),
    ],
)
def test_what_is_told_and_leads_to_no_channel_is_a_fault(
    place: str, secret: Secret, to: list[str], *, recipients: list[str], fault: str
) -> None:
    with pytest.raises(ConfigFault, match=f"^{place}.to: .*{fault}"):
        check(told_at(place, secret, to, recipients))


@pytest.mark.parametrize("place", ["alerts", "digest.finance"])
@pytest.mark.parametrize(
    ("secret", "to", "recipients"),
    [(TOKEN, ["#a"], []), (TOKEN, [], ["#a"]), (HOOK, [], [])],
)
def test_what_is_told_and_leads_to_one_channel_is_taken(
    place: str, secret: Secret, to: list[str], recipients: list[str]
) -> None:
    check(told_at(place, secret, to, recipients))


def told_at(place: str, secret: Secret, to: list[str], recipients: list[str]) -> Settings:
    alerts, digest = AlertSettings(), dict[str, DigestSettings]()
    if place == "alerts":
        alerts = AlertSettings(to="slack", recipients=recipients)
    else:
        digest = {"finance": DigestSettings(to="slack", recipients=recipients)}
    slack = Connection(system="slack", secret=secret, to=to)
    books = Connection(system="zoho_books", secret=Secret("x"))
    return Settings(
        home=Path(), connections={"slack": slack, "books": books}, alerts=alerts, digest=digest
    )


async def known(log: Desk, kind: str, found: list[dict[str, Any]]) -> None:
    """Have these records known, each in EUR and sent if it does not say otherwise."""
    for number, fields in enumerate(found):
        said = {"currency_code": "EUR", "status": "sent", **fields}
        await log.execute(
            "insert into records (connection, kind, record, position, fields) "
            "values ('books', $1, $2, 1, $3)",
            kind, str(number), json.dumps(said).encode(),
        )  # fmt: skip
