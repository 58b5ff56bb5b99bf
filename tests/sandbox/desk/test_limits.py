"""How much may be asked of the played Desk, and what it says of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.system import Request

if TYPE_CHECKING:
    from tests.sandbox.desk.caller import Caller


def test_each_answer_tells_what_it_weighed_and_what_is_left(call: Caller) -> None:
    call.quirks(credits_per_day=100)

    listed = call("GET", "tickets")
    far = call("GET", "tickets", from_="2001")
    one = call("GET", "tickets/1")

    weights = [reply.headers["X-Rate-Limit-Request-Weight-v3"] for reply in (listed, far, one)]
    assert weights == ["3", "5", "1"]
    assert one.headers["X-Rate-Limit-Remaining-v3"] == "91"


def test_when_the_day_is_spent_it_says_for_how_long(call: Caller) -> None:
    call.quirks(credits_per_day=3)
    call("GET", "tickets")

    refused = call("GET", "tickets/1")
    call.world.clock.advance(int(refused.headers["Retry-After"]))

    assert refused.refusal == (429, "THRESHOLD_EXCEEDED")
    assert call("GET", "tickets").status == 204


def test_too_many_at_a_time_are_refused_without_a_word_of_when(call: Caller) -> None:
    call.quirks(calls_at_once=1)
    request = Request(method="GET", path="/api/v1/tickets")
    for _ in range(2):
        call.desk.begin(request)

    refused = call("GET", "tickets")

    assert refused.refusal == (429, "TOO_MANY_REQUESTS")
    assert "Retry-After" not in refused.headers
