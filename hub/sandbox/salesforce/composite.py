"""Several calls in one, each of which may use what those before it gave: `@{ref.id}`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from hub.sandbox.respond import encode
from hub.sandbox.salesforce.refusal import Refusal, bad_json
from hub.sandbox.system import Answer, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.sandbox.salesforce.call import Call
    from hub.sandbox.system import Fields

CALLS_MAX = 25
LISTS_MAX = 5
"""So many of them may be queries, or calls for many records."""

HALTED = "The transaction was rolled back since another operation in the same transaction failed."
_REFERENCE = re.compile(r"@\{([^}.\[]+)([^}]*)\}")
_STEP = re.compile(r"\.?([A-Za-z_]\w*)|\[(\d+)\]")
_FAILS = 400


class _RolledBack(Exception):
    """One of them failed, and all were to be done or none."""


class Handlers:
    """Answers each of the calls as if it had come by itself."""

    def __init__(self, answer: Callable[[Call], Answer]) -> None:
        self._answer = answer

    def composite(self, call: Call) -> Answer:
        body = call.body()
        asked = body.get("compositeRequest")
        if not isinstance(asked, list) or not all(isinstance(one, dict) for one in asked):
            raise bad_json("compositeRequest: a list of requests is required")
        _check_count(asked)
        done: list[Fields] = []
        try:
            with call.org.transaction(call.caller) if body.get("allOrNone") else _nothing():
                self._each(call, asked, done, halts=body.get("allOrNone") is True)
        except _RolledBack:
            done = [one if one["httpStatusCode"] >= _FAILS else _halted(one) for one in done]
            done += [_halted({"referenceId": one.get("referenceId")}) for one in asked[len(done) :]]
        return Answer(body={"compositeResponse": done})

    def _each(self, call: Call, asked: list[Fields], done: list[Fields], *, halts: bool) -> None:
        results: dict[str, Any] = {}
        for one in asked:
            reference = str(one.get("referenceId", ""))
            try:
                answer = self._answer(_inner(call, one, results))
            except Refusal as refusal:
                answer = refusal.answer()
            # What is handed on has been JSON, as it is for whoever reads the answer.
            body = answer.body if answer.body is None else msgspec.json.decode(encode(answer.body))
            results[reference] = body
            headers = {k: v for k, v in answer.headers.items() if k.lower() != "content-type"}
            done.append(
                {
                    "body": answer.body,
                    "httpHeaders": headers,
                    "httpStatusCode": answer.status,
                    "referenceId": reference,
                }
            )
            if halts and answer.status >= _FAILS:
                raise _RolledBack


class _nothing:  # noqa: N801 - it stands where a context manager's function would
    """A block that is no transaction: each call is one by itself."""

    def __enter__(self) -> None:
        """Begin nothing."""

    def __exit__(self, *_: object) -> None:
        """End nothing."""


def _check_count(asked: list[Fields]) -> None:
    many = sum("/query" in str(one.get("url")) or "/composite/" in str(one.get("url"))
               for one in asked)  # fmt: skip
    if len(asked) > CALLS_MAX or many > LISTS_MAX:
        message = (
            f"Cannot have more than {CALLS_MAX} subrequests, or {LISTS_MAX} queries and "
            "collections among them."
        )
        raise Refusal("COMPOSITE_API_LIMIT_EXCEEDED", message)


def _inner(call: Call, one: Fields, results: dict[str, Any]) -> Call:
    """Make the call that stands within; its references are filled in."""
    url = urlsplit(_filled(str(one.get("url", "")), results))
    body = _filled_in(one.get("body"), results)
    headers = {str(k).lower(): str(v) for k, v in (one.get("httpHeaders") or {}).items()}
    request = Request(
        method=str(one.get("method", "GET")).upper(),
        path=unquote(url.path) if "/sobjects/" not in url.path else url.path,
        query=tuple(parse_qsl(url.query, keep_blank_values=True)),
        query_string=url.query,
        headers={**call.request.headers, **headers},
        body=b"" if body is None else encode(body),
        base=call.request.base,
    )
    return msgspec.structs.replace(call, request=request)


def _filled_in(value: Any, results: dict[str, Any]) -> Any:
    if isinstance(value, str):
        return _filled(value, results)
    if isinstance(value, dict):
        return {key: _filled_in(one, results) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled_in(one, results) for one in value]
    return value


def _filled(text: str, results: dict[str, Any]) -> str:
    def value(found: re.Match[str]) -> str:
        try:
            reached = results[found[1]]
            for step in _STEP.finditer(found[2]):
                reached = reached[step[1]] if step[1] else reached[int(step[2])]
        except (KeyError, IndexError, TypeError):
            message = f"Invalid reference specified. No value for {found[0][2:-1]} found."
            raise Refusal("PROCESSING_HALTED", message) from None
        return str(reached)

    return _REFERENCE.sub(value, text)


def _halted(one: Fields) -> Fields:
    return {
        "body": [{"errorCode": "PROCESSING_HALTED", "message": HALTED}],
        "httpHeaders": {},
        "httpStatusCode": _FAILS,
        "referenceId": one.get("referenceId"),
    }
