"""What a probe and a scraper are answered."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families

from hub.console import health
from hub.console.health import Condition, routes
from hub.observe import metrics

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import pytest

HOLDS = Condition(met=True, found="12 migrations of 12")
FAILS = Condition(met=False, found="no answer since 12:03:04")


async def asked(
    path: str, ready: Callable[[], Awaitable[dict[str, Condition]]]
) -> tuple[int, object, str]:
    app = web.Application()
    app.add_routes(routes(ready))
    async with TestClient(TestServer(app)) as client, client.get(path) as answer:
        body = await (answer.json() if answer.content_type.endswith("json") else answer.text())
        return answer.status, body, answer.headers["Content-Type"]


async def fine() -> dict[str, Condition]:
    return {"migrated": HOLDS}


async def database_away() -> dict[str, Condition]:
    return {"migrated": HOLDS, "database": FAILS}


async def test_a_hub_that_runs_is_alive_even_when_it_is_not_ready() -> None:
    assert (await asked("/healthz", database_away))[:2] == (200, {"alive": True})


async def test_a_hub_is_ready_when_every_condition_is_met() -> None:
    status, body, _ = await asked("/readyz", fine)

    assert status == 200
    assert body == {
        "ready": True,
        "conditions": {"migrated": {"met": True, "found": "12 migrations of 12"}},
    }


async def test_a_hub_that_is_not_ready_names_the_condition() -> None:
    status, body, _ = await asked("/readyz", database_away)

    assert status == 503
    assert body == {
        "ready": False,
        "conditions": {
            "migrated": {"met": True, "found": "12 migrations of 12"},
            "database": {"met": False, "found": "no answer since 12:03:04"},
        },
    }


async def test_conditions_that_cannot_be_looked_at_in_time_are_a_no(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(health, "READY_SECONDS_MAX", 0.01)

    async def never() -> dict[str, Condition]:
        await asyncio.Event().wait()
        return {}

    status, body, _ = await asked("/readyz", never)

    assert status == 503
    assert "within 0.01 s" in str(body)


async def test_conditions_that_cannot_be_looked_at_at_all_are_a_no_without_a_stack_trace() -> None:
    async def broken() -> dict[str, Condition]:
        raise OSError("postgresql://hub:sesame@db")

    status, body, _ = await asked("/readyz", broken)

    assert status == 503
    assert "sesame" not in str(body)


async def test_the_metrics_are_given_as_text_that_a_scraper_parses() -> None:
    before = metrics.appended.value()
    metrics.appended.add(2)

    status, text, content_type = await asked("/metrics", fine)

    assert status == 200
    assert content_type.startswith("text/plain")
    values = {
        sample.name: sample.value
        for family in text_string_to_metric_families(str(text))
        for sample in family.samples
    }
    assert values["hub_events_appended_total"] == before + 2
