"""Refusing, in the vendor's words: a code, a sentence, and the fields that it is about.

The whole answer is a list of errors with `errorCode`; an item of a longer answer has `statusCode`.
"""

from __future__ import annotations

from typing import Any

from hub.sandbox.system import Answer

Body = dict[str, Any]


class Refusal(Exception):
    """What was asked for is not done."""

    def __init__(
        self, code: str, message: str, status: int = 400, *, fields: tuple[str, ...] | None = None
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.fields = fields
        self.more: Body = {}
        """What else is said of it, as which records are alike."""

    def errors(self) -> list[Body]:
        """Say it as the whole answer does."""
        named = {} if self.fields is None else {"fields": list(self.fields)}
        return [{**self.more, "message": self.message, "errorCode": self.code, **named}]

    def item(self) -> Body:
        """Say it as an item of a longer answer does."""
        fields = list(self.fields or ())
        return {**self.more, "statusCode": self.code, "message": self.message, "fields": fields}

    def answer(self) -> Answer:
        return Answer(status=self.status, body=self.errors())


def dead_session() -> Refusal:
    return Refusal("INVALID_SESSION_ID", "Session expired or invalid", 401)


def no_session() -> Refusal:
    return Refusal("INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE", 401)


def over_limit() -> Refusal:
    return Refusal("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", 403)


def too_long_at_once() -> Refusal:
    return Refusal("REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded.", 403)


def not_found(message: str = "The requested resource does not exist") -> Refusal:
    return Refusal("NOT_FOUND", message, 404)


def no_method() -> Refusal:
    message = "HTTP Method not allowed. Allowed are those of the resource's own page"
    return Refusal("METHOD_NOT_ALLOWED", message, 405)


def bad_json(why: str) -> Refusal:
    return Refusal("JSON_PARSER_ERROR", why)


def is_deleted(status: int = 400) -> Refusal:
    return Refusal("ENTITY_IS_DELETED", "entity is deleted", status, fields=())


def locked_row(record: str, status: int = 400) -> Refusal:
    message = f"unable to obtain exclusive access to this record or 1 records: {record}"
    return Refusal("UNABLE_TO_LOCK_ROW", message, status, fields=())


def in_approval() -> Refusal:
    message = (
        "This record is locked. If you need to edit it, contact your admin. "
        "The record is in an approval process."
    )
    return Refusal("ENTITY_IS_LOCKED", message, fields=())


def no_column(name: str, entity: str) -> Refusal:
    return Refusal("INVALID_FIELD", f"No such column '{name}' on sobject of type {entity}")


def not_writable(name: str) -> Refusal:
    message = (
        f"Unable to create/update fields: {name}. Please check the security settings of this field "
        "and verify that it is read/write for your profile or permission set."
    )
    return Refusal("INVALID_FIELD_FOR_INSERT_UPDATE", message, fields=(name,))


def missing(names: list[str]) -> Refusal:
    message = f"Required fields are missing: [{', '.join(names)}]"
    return Refusal("REQUIRED_FIELD_MISSING", message, fields=tuple(names))


def duplicate_value(name: str, other: str) -> Refusal:
    message = f"duplicate value found: {name} duplicates value on record with id: {other[:15]}"
    return Refusal("DUPLICATE_VALUE", message, fields=())


def malformed_id(said: object, label: str, name: str) -> Refusal:
    message = f"{label}: id value of incorrect type: {said}"
    return Refusal("MALFORMED_ID", message, fields=(name,))


def malformed_query(message: str) -> Refusal:
    return Refusal("MALFORMED_QUERY", message)


def invalid_type(name: str) -> Refusal:
    message = (
        f"sObject type '{name}' is not supported. If you are attempting to use a custom object, be "
        "sure to append the '__c' after the entity name."
    )
    return Refusal("INVALID_TYPE", message)


def internal_error() -> Answer:
    said = "An unexpected error occurred. Please include this ErrorId if you contact support"
    return Answer(status=500, body=[{"message": said, "errorCode": "UNKNOWN_EXCEPTION"}])


def unavailable() -> Answer:
    said = "Server unavailable. Please try again later."
    return Answer(status=503, body=[{"message": said, "errorCode": "SERVER_UNAVAILABLE"}])
