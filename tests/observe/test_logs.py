"""Log lines, and the passwords that never stand in them."""

from __future__ import annotations

import io
import json
import logging
import re
import time
from typing import Any

import pytest

from hub import observe
from hub.observe import logs
from hub.observe.mask import mask
from hub.settings import Secret

log = logging.getLogger("hub.test")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def stream() -> io.StringIO:
    made = io.StringIO()
    logs.start("json", stream=made)
    return made


def connect(url: str) -> None:
    raise OSError(f"cannot reach {url}")


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_says_when_how_grave_what_who_and_what_is_beside_it(stream: io.StringIO) -> None:
    log.info(
        "The %s projector caught up.", "sync", extra={"position": 42, "secret": Secret("sesame")}
    )

    [line] = lines(stream)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert line == {
        "level": "info",
        "event": "The sync projector caught up.",
        "logger": "hub.test",
        "position": 42,
        "secret": "***",
    }


def test_a_line_within_a_span_carries_the_trace_that_its_events_carry(stream: io.StringIO) -> None:
    with observe.span("receive"):
        stored = observe.traceparent()
        log.info("Kept.")
    log.info("Idle.")

    within, after = lines(stream)
    assert within["trace"] == stored[3:35]
    assert "trace" not in after


def test_an_error_stands_on_the_same_line_with_its_traceback(stream: io.StringIO) -> None:
    try:
        connect("postgresql://hub:sesame@db:5432/hub")
    except OSError:
        log.exception("The database is away.")

    [line] = lines(stream)
    assert line["level"] == "error"
    assert "Traceback" in line["error"]
    assert "postgresql://hub:***@db:5432/hub" in line["error"]
    assert "sesame" not in stream.getvalue()


def test_passwords_are_masked_wherever_they_stand(stream: io.StringIO) -> None:
    url = "postgresql://hub:sesame@db/hub"

    log.info("Using %s.", url, extra={"url": url, "deep": {"urls": [url]}, "odd": OSError(url)})

    assert "sesame" not in stream.getvalue()
    [line] = lines(stream)
    assert line["deep"] == {"urls": ["postgresql://hub:***@db/hub"]}


def test_a_line_that_no_json_can_hold_is_told_as_text(stream: io.StringIO) -> None:
    log.info("Odd.", extra={"number": float("nan"), "bytes": b"\xff", "keys": {1: {2}}})

    [line] = lines(stream)
    assert (line["bytes"], line["keys"]) == ("b'\\xff'", {"1": "{2}"})


def test_a_person_gets_words_and_the_trace(stream: io.StringIO) -> None:
    terminal = Terminal()
    logs.start("auto", stream=terminal)

    with observe.span("receive") as span:
        log.warning("Behind.", extra={"projector": "sync", "url": "postgresql://a:b@c"})

    assert stream.getvalue() == ""
    expected = (
        f"WARNING Behind.  projector=sync  url=postgresql://a:***@c  trace={span.traceparent[3:35]}"
    )
    assert terminal.getvalue()[9:].rstrip() == expected


def test_a_pipe_gets_json_by_itself() -> None:
    pipe = io.StringIO()
    logs.start("auto", stream=pipe)

    log.info("Ready.")

    assert lines(pipe)[0]["event"] == "Ready."


def test_debug_lines_are_written_only_when_asked_for(stream: io.StringIO) -> None:
    log.debug("Unseen.")
    logs.start("json", debug=True, stream=stream)
    log.debug("Seen.")

    assert [line["event"] for line in lines(stream)] == ["Seen."]


@pytest.mark.parametrize("word", ["postgresql://a:", "a.", "x://a:", "password="])
def test_a_hostile_text_is_masked_in_no_time(word: str) -> None:
    text = "://" + word * (200_000 // len(word))

    began = time.perf_counter()
    mask(text)

    assert time.perf_counter() - began < 2.0


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("postgres://hub:sesame@db/hub", "postgres://hub:***@db/hub"),
        ("postgresql+asyncpg://hub:sesame@db", "postgresql+asyncpg://hub:***@db"),
        ("at postgresql://hub:se@sa/me@db/hub now", "at postgresql://hub:***@db/hub now"),
        ("postgresql://:sesame@db", "postgresql://:***@db"),
        ("https://me:sesame@host:8080/a@b", "https://me:***@host:8080/a@b"),
        ("https://host:8080/a@b", "https://host:8080/a@b"),
        ("postgresql://hub@db/hub", "postgresql://hub@db/hub"),
        ("host=db password=sesame user=hub", "host=db password=*** user=hub"),
        ("password='se sa me' user=hub", "password=*** user=hub"),
        ("postgresql://db/hub?password=sesame&x=1", "postgresql://db/hub?password=***&x=1"),
        ('{"password": "sesame"}', '{"password": ***}'),
        ("the password is wrong", "the password is wrong"),
        ("passed: 3", "passed: 3"),
    ],
)
def test_what_is_masked(text: str, masked: str) -> None:
    assert mask(text) == masked
