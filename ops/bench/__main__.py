"""Measure the hub: `make bench` runs every bench, `make bench NAME=append` one.

Each runs the thing and its yardstick in turn, in one process on one Postgres of its own, and prints
one line of JSON last. Compare ratios: the rates are those of this machine at this hour.
"""

import asyncio
import importlib
import sys

import uvloop

from hub.cli.loop import collect_seldom

ALL = (
    "append",
    "append_one",
    "intake",
    "roads",
    "stream",
    "fetch",
    "baseline",
    "resync",
    "catch_up",
    "decide",
    "deliver",
    "end_to_end",
    "burst",
    "simulation",
    "rebuild",
    "growth",
)


def main(names: list[str]) -> None:
    wanted = [name.replace("-", "_") for name in names] or list(ALL)
    if unknown := [name for name in wanted if name not in ALL]:
        sys.exit(f"There is no bench {unknown[0]!r}; there are: {', '.join(ALL)}")
    collect_seldom()
    for name in wanted:
        bench = importlib.import_module(f"ops.bench.{name}")
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(bench.main())


main(sys.argv[1:])
