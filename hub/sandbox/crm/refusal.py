"""Refusing, in the vendor's words: each way of saying no that it has, once.

Whether a refusal is the whole answer or one item of it is decided by who catches it.
"""

from __future__ import annotations

from typing import Any

from hub.sandbox.system import Answer

Fields = dict[str, Any]


class Refusal(Exception):
    """What was asked for is not done."""

    def __init__(self, code: str, message: str, status: int = 400, /, **details: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.details = details

    def item(self) -> Fields:
        """Say it as one item of a longer answer."""
        return {
            "code": self.code,
            "details": self.details,
            "message": self.message,
            "status": "error",
        }

    def answer(self) -> Answer:
        """Say it as the whole answer."""
        return Answer(status=self.status, body=self.item())


def invalid_data(message: str = "invalid data", /, **details: Any) -> Refusal:
    return Refusal("INVALID_DATA", message, 400, **details)


def invalid_id(**details: Any) -> Refusal:
    return invalid_data("the id given seems to be invalid", **details)


def invalid_module(index: int = 0) -> Refusal:
    message = "The module name given seems to be invalid"
    return Refusal("INVALID_MODULE", message, resource_path_index=index)


def invalid_url() -> Refusal:
    message = "Please check if the URL trying to access is a correct one"
    return Refusal("INVALID_URL_PATTERN", message, 404)


def invalid_method() -> Refusal:
    message = "The http request method type is not a valid one"
    return Refusal("INVALID_REQUEST_METHOD", message)


def param_missing(name: str) -> Refusal:
    message = "One of the expected parameter is missing"
    return Refusal("REQUIRED_PARAM_MISSING", message, param_name=name)


def mandatory(api_name: str, path: str) -> Refusal:
    message = "required field not found"
    return Refusal("MANDATORY_NOT_FOUND", message, api_name=api_name, json_path=path)


def over_limit(limit: int, message: str = "Max record limit exceeded") -> Refusal:
    return Refusal("LIMIT_EXCEEDED", message, limit=limit)


def unsupported(index: int | None = None) -> Refusal:
    details: Fields = {} if index is None else {"resource_path_index": index}
    return Refusal("NOT_SUPPORTED", "the module does not support this operation", **details)


def too_many(message: str = "request limit reached") -> Refusal:
    return Refusal("TOO_MANY_REQUESTS", message, 429)


def dead_token() -> Refusal:
    return Refusal("INVALID_TOKEN", "invalid oauth token", 401)


def no_token() -> Refusal:
    return Refusal("AUTHENTICATION_FAILURE", "Authentication failed", 401)


def narrow_scope(status: int) -> Refusal:
    return Refusal("OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL", status)


def internal_error() -> Refusal:
    return Refusal("INTERNAL_ERROR", "Internal server error occurred.", 500)


def unavailable() -> Refusal:
    return Refusal("SERVICE_UNAVAILABLE", "The service is unavailable.", 503)
