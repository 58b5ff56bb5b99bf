"""The calls there are under /_sandbox, and how they are answered.

What is asked for wrongly is answered with 400 and a sentence; nothing is changed then.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import msgspec
from aiohttp import web

from hub.errors import Refused
from hub.sandbox.control.asked import EXAMPLES, Act, Advance, Edit, Grant, Pace, Put
from hub.sandbox.control.happen import Happen
from hub.sandbox.control.look import Look
from hub.sandbox.faults import FAULTS, Fault
from hub.sandbox.respond import respond
from hub.sandbox.seed import Seeding
from hub.sandbox.system import Answer, Fields

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from typing import TypeAlias

    from hub.sandbox.post import Poster
    from hub.sandbox.system import System
    from hub.sandbox.traffic import Traffic
    from hub.sandbox.world import World

    Handler: TypeAlias = Callable[[web.Request], Awaitable[web.Response]]

_log = logging.getLogger(__name__)

INDEX = {
    "GET /_sandbox/state": "every record, in full; ?system=books gives one system's",
    "GET /_sandbox/records": "?system=books&kind=contacts&search=faro&limit=100: some records",
    "GET /_sandbox/counts": "how many records of each kind, and how many calls there were",
    "GET /_sandbox/calls": "every API call received; ?system=books&method=POST&since=N",
    "GET /_sandbox/hooks": "what was sent, what became of it, what failed; ?since=N&limit=100",
    "GET /_sandbox/faults": "what goes wrong at present",
    "POST /_sandbox/faults": EXAMPLES[Fault],
    "DELETE /_sandbox/faults": "nothing goes wrong any more",
    "GET /_sandbox/clock": "what time it is in the sandbox",
    "POST /_sandbox/clock": EXAMPLES[Advance],
    "GET /_sandbox/traffic": "how much made-up people do",
    "POST /_sandbox/traffic": EXAMPLES[Pace],
    "POST /_sandbox/seed": EXAMPLES[Seeding],
    "POST /_sandbox/reset": "everything is forgotten, and nobody is at work any more",
    "POST /_sandbox/edit": EXAMPLES[Edit],
    "POST /_sandbox/act": EXAMPLES[Act],
    "POST /_sandbox/put": EXAMPLES[Put],
    "GET /_sandbox/quirks": "what can be switched in each system, and how it stands",
    "POST /_sandbox/quirks": EXAMPLES[Fields],
    "POST /_sandbox/grant": EXAMPLES[Grant],
}
"""What there is: what a GET gives, and the body that a POST takes, by example."""

NOTES = {
    "POST /_sandbox/put": "It is there in silence: no webhook, channel or change event tells of it,"
    " so it is seen when it is polled. What vendors tell of is what a person enters: act create.",
    "POST /_sandbox/act": "What an act takes is said as details, of create the fields: {"
    '"system": "crm", "act": "create", "kind": "Accounts", "details": {"Account_Name": "Faro"}}',
}
"""What a body alone does not say."""


class Control:
    """Answers what is asked under /_sandbox."""

    def __init__(
        self, world: World, systems: Sequence[System], poster: Poster, traffic: Traffic
    ) -> None:
        self._world = world
        self._systems = {system.name: system for system in systems}
        self._look = Look(world, self._systems, poster)
        self._happen = Happen(world, self._systems, poster, traffic)

    def routes(self) -> list[web.RouteDef]:
        """Give every route there is under /_sandbox, those too that only say what is expected."""
        look, happen = self._look, self._happen
        gets = (
            look.state, look.records, look.counts, look.calls, look.hooks, look.faults, look.clock,
            look.traffic, look.quirks,
        )  # fmt: skip
        posts = (
            happen.faults, happen.clock, happen.traffic, happen.seed, happen.reset, happen.edit,
            happen.act, happen.put, happen.quirks, happen.grant,
        )  # fmt: skip
        return [
            web.get("/_sandbox", _asking(self._index)),
            *(web.get(f"/_sandbox/{ask.__name__}", _asking(ask)) for ask in gets),
            *(web.post(f"/_sandbox/{tell.__name__}", self._telling(tell)) for tell in posts),
            web.delete("/_sandbox/faults", self._telling(happen.no_faults)),
            web.route("*", "/_sandbox{rest:.*}", _nothing_there),
        ]

    def _index(self, _: Mapping[str, str]) -> object:
        return {
            "now": self._world.clock.now().isoformat(),
            "systems": {name: list(one.prefixes) for name, one in self._systems.items()},
            "calls": INDEX,
            "notes": NOTES,
            "faults": FAULTS,
        }

    def _telling(self, tell: Callable[[bytes], object]) -> Handler:
        async def answer(http: web.Request) -> web.Response:
            body = await http.read()
            self._look.anew()
            return respond(_answer(lambda: tell(body)))

        return answer


def _asking(ask: Callable[[Mapping[str, str]], object]) -> Handler:
    async def answer(http: web.Request) -> web.Response:
        return respond(_answer(lambda: ask(http.query)))

    return answer


def _answer(act: Callable[[], object]) -> Answer:
    try:
        return Answer(body=act())
    except (Refused, msgspec.ValidationError) as error:
        return Answer(status=400, body={"error": str(error)})
    except (LookupError, TypeError, ValueError, ArithmeticError) as error:
        _log.exception("The control API met with what no system had foreseen.")
        sentence = f"This cannot be done as it stands: {error!r}"
        return Answer(status=400, body={"error": sentence})


async def _nothing_there(http: web.Request) -> web.Response:
    body = {
        "error": f"There is no {http.method} {http.path[:200]} in the control API.",
        "expected": f"one of {', '.join(INDEX)}",
    }
    return respond(Answer(status=404, body=body))
