"""Refusing, in the vendor's words: a code that counts, a message that is only an example."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.system import Answer, Fields

if TYPE_CHECKING:
    from collections.abc import Mapping


class Refusal(Exception):
    """What was asked for is not done; it carries its answer."""

    def __init__(
        self,
        code: str,
        message: str,
        status: int,
        *,
        errors: list[Fields] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        body: Fields = {"errorCode": code, "message": message}
        if errors is not None:
            body["errors"] = errors
        self.answer = Answer(status=status, body=body, headers=headers or {})


def wrong_field(pointer: str, kind: str = "invalid", message: str = "") -> Refusal:
    """Refuse one field: `invalid`, `duplicate` or `missing`; the pointer begins with a slash."""
    error = {"fieldName": pointer, "errorType": kind}
    if message:
        error["errorMessage"] = message
    said = f"The data is invalid due to validation restrictions: {message or kind}."
    return Refusal("INVALID_DATA", said, 422, errors=[error])


def unprocessable(message: str) -> Refusal:
    """Refuse a value of the query, a parameter too many, or what a rule forbids."""
    return Refusal("UNPROCESSABLE_ENTITY", message, 422)


def extra_parameter(name: str) -> Refusal:
    return unprocessable(f"Extra query parameter '{name}' is present in the input.")


def out_of_range(name: str, first: int, last: int) -> Refusal:
    """Refuse a number that is too small or too large: nothing is ever clamped."""
    return unprocessable(
        f"The value passed for the '{name}' query parameter exceeds the range of '{first}-{last}'."
    )


def no_body() -> Refusal:
    return Refusal("EMPTY_PAYLOAD", "The payload is empty.", 422)


def bad_request(message: str) -> Refusal:
    return Refusal("BAD_REQUEST", message, 400)


def nowhere() -> Refusal:
    """Refuse a path that there is not, or an id that is nobody's: both sound the same."""
    return Refusal("URL_NOT_FOUND", "The URL you requested could not be found.", 404)


def wrong_method() -> Refusal:
    message = "The HTTP method is not allowed for this resource."
    return Refusal("METHOD_NOT_ALLOWED", message, 405)


def no_token() -> Refusal:
    return Refusal("UNAUTHORIZED", "You are not authenticated to perform this operation.", 401)


def dead_token() -> Refusal:
    return Refusal("INVALID_OAUTH", "The OAuth Token you provided is invalid.", 401)


def narrow_scope() -> Refusal:
    message = "The OAuth scope of the token does not cover this resource."
    return Refusal("SCOPE_MISMATCH", message, 403)


def wrong_organisation() -> Refusal:
    message = "The organization does not match that of the OAuth Token."
    return Refusal("OAUTH_ORG_MISMATCH", message, 403)


def over_licence(feature: str, most: int, edition: str) -> Refusal:
    refusal = Refusal("LICENSE_ACCESS_LIMITED", "Your edition does not allow more of this.", 403)
    refusal.answer.body.update(
        feature=feature, editionType=edition.upper(), maxAllowedEntity=str(most), isTrial=False
    )
    return refusal


def credits_gone(seconds: int) -> Refusal:
    message = "The API credits of the day are used up."
    return Refusal("THRESHOLD_EXCEEDED", message, 429, headers={"Retry-After": str(seconds)})


def too_many_at_once() -> Refusal:
    return Refusal("TOO_MANY_REQUESTS", "Too many calls are under way at a time.", 429)


def server_error(status: int = 500) -> Refusal:
    return Refusal("INTERNAL_SERVER_ERROR", "An internal server error occurred.", status)
