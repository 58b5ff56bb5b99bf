"""What a vendor answers and nobody foresaw: it is not taken for truth, and it is said in words."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from hub.sandbox.system import Answer
from tests.inbound.ground import EDITED, a_ground, a_streaming_ground, connected, streamed
from tests.inbound.played_hub import NEVER, a_hub_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractAsyncContextManager

    import pytest

    from hub.sandbox.system import Request, System
    from hub.settings import Settings
    from tests.inbound.ground import Ground
    from tests.inbound.played_hub import PlayedHub

JSON = {"Content-Type": "application/json"}
HTML = {"Content-Type": "text/html"}
ODD = {
    "a page of HTML": Answer(body=b"<html>Please log in</html>", headers=HTML),
    "JSON that breaks off": Answer(body=b'{"data":[{"id":"1', headers=JSON),
    "JSON of another make": Answer(body=b"[]", headers=JSON),
    "an object with nothing in it": Answer(body=b"{}", headers=JSON),
    "an error that says 200": Answer(
        body={"code": 9999, "message": "odd", "status": "error"}, headers=JSON
    ),
    "a code nobody knows": Answer(
        status=400, body={"code": 98765, "message": "odd", "status": "error"}, headers=JSON
    ),
    "a code in letters": Answer(
        status=400,
        body={"code": "SOMETHING_NEW", "message": "odd", "status": "error"},
        headers=JSON,
    ),
    "a redirect": Answer(status=302, headers={"Location": "https://elsewhere.example/"}),
    "an empty 200": Answer(body=b"", headers=JSON),
}
LISTS = {
    "crm": "/crm/v8/Accounts",
    "books": "/books/v3/contacts",
    "desk": "/api/v1/accounts",
    "salesforce": "/query",
}
SINGLE = LISTS | {"books": "/books/v3/contacts/", "desk": "/api/v1/accounts/"}
KINDS = {name: EDITED[name][:1] for name in LISTS}
SENTENCES = (
    "bytes that are not the JSON expected (text/html)",
    "bytes that are not the JSON expected (application/json)",
    "The answer is not what the vendor's pages promise",
    "It said 9999: odd",
    "It said 98765: odd",
    "It said SOMETHING_NEW: odd",
    "redirect to elsewhere.example",
)


async def test_no_odd_answer_to_a_first_read_is_taken_for_what_is_there(
    place: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with patch("hub.inbound.patience.TELL_SECONDS", 0):
        async with a_ground() as ground:
            with ExitStack() as stack:
                for name, path in LISTS.items():
                    stack.enter_context(answering(ground.systems[name], path, *ODD))
                async with all_connected(ground, place, told=False) as hub:
                    await hub.agreed()
                    await hub.nothing_is_kept_twice()
                    assert not await hub.told("gone")
                    assert not await hub.told("unreadable")
    said = [one.message for one in caplog.records if " by first: " in one.message]
    for sentence in SENTENCES:
        assert any(sentence in one for one in said), (sentence, said)
    assert "stumbled" not in caplog.text


async def test_no_odd_answer_to_a_fetch_makes_a_record_gone_or_loses_it(
    place: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """A refusal of one record is said of that record; all else is asked for again."""
    async with (
        a_streaming_ground() as ground,
        all_connected(ground, place, poll_seconds=NEVER) as hub,
    ):
        await hub.listening()
        await hub.agreed()
        for odd in ODD:
            with ExitStack() as stack:
                for name, path in SINGLE.items():
                    stack.enter_context(answering(ground.systems[name], path, odd, odd))
                ground.systems["pubsub"].act("stream_gap", "", "", {})
                ground.world.clock.advance(1)  # stamps are whole seconds
                hub.edit(odd)
                await hub.hooks_out()
                await hub.no_notices()
            assert not await hub.told("gone"), odd
        for said in await hub.told("unreadable"):
            assert b"It said" in said["data"]
        ground.world.clock.advance(1)
        hub.edit("at last")
        await hub.hooks_out()
        await hub.agreed()
    assert "stumbled" not in caplog.text


async def test_a_field_that_changed_its_type_is_known_as_it_came(place: Settings) -> None:
    async with a_ground() as ground:
        books: Any = ground.systems["books"]
        contact = ground.first("books", "contacts")
        async with a_hub_on(ground, place, kinds=KINDS) as hub:
            await hub.listening()
            await hub.agreed()
            (organization, *_) = books.organizations.values()
            organization.tables["contacts"].records[contact]["notes"] = {"now": ["an", "object"]}
            hub.ground.systems["books"].edit("contacts", contact, {"website": "x.example"})
            await hub.agreed()


def all_connected(
    ground: Ground, place: Settings, **how: Any
) -> AbstractAsyncContextManager[PlayedHub]:
    """Run a hub of one kind of each vendor."""
    connections = {name: connected(ground, name, **streamed(ground, name)) for name in KINDS}
    return a_hub_on(ground, place, kinds=KINDS, connections=connections, **how)


@contextmanager
def answering(system: System, path: str, *odd: str) -> Iterator[None]:
    """Have a system answer oddly to so many calls."""
    real, left = system.answer, list(odd)

    def answer(request: Request) -> Answer:
        return ODD[left.pop(0)] if path in request.path and left else real(request)

    with patch.object(system, "answer", answer):
        yield
