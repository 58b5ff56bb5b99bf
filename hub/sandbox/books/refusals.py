"""Every refusal, in the vendor's codes and words.

Only some codes are published; where none is known the message is what a client can go by, and
clients should not branch on either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping


class Declined(Exception):
    """A call that is not done; it carries its answer."""

    def __init__(
        self, code: int, message: str, status: int = 400, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.answer = Answer(
            status=status, body={"code": code, "message": message}, headers=headers or {}
        )


def bad_value(field: str) -> Declined:
    """Refuse a value, or that a mandatory one is missing: both sound the same."""
    return Declined(4, f"Invalid value passed for {field}")


def bad_parameter(name: str) -> Declined:
    return Declined(2, f"Invalid value passed for {name}")


def too_long(field: str, length_max: int) -> Declined:
    return Declined(15, f"{field} has more than {length_max} characters.")


def unknown_url() -> Declined:
    return Declined(5, "Invalid URL Passed", 404)


def wrong_method() -> Declined:
    return Declined(37, "The HTTP method is not allowed for the requested resource", 405)


def no_body() -> Declined:
    return Declined(11, "The parameter JSONString is mandatory.")


def bad_json() -> Declined:
    return Declined(1038, "JSON is not well formed")


def not_authorized() -> Declined:
    return Declined(57, "You are not authorized to perform this operation", 401)


def wrong_organization(organization: str) -> Declined:
    return Declined(
        6041, f"This user is not associated with the CompanyID/CompanyName:{organization}.", 401
    )


def not_found(what: str, status: int = 404) -> Declined:
    return Declined(1002, f"{what} does not exist.", status)


def duplicate_item(name: str) -> Declined:
    return Declined(1001, f'Item "{name}" already exists.')


def duplicate_customer(name: str) -> Declined:
    return Declined(
        3062,
        f'The customer "{name}" already exists. Please specify a different name.',
    )


def duplicate_number(what: str, number: str) -> Declined:
    return Declined(4097, f'{what} number "{number}" already exists.')


def duplicate_custom_value(label: str, value: str) -> Declined:
    return Declined(1004, f'The value "{value}" of the custom field {label} already exists.')


def in_use(what: str) -> Declined:
    return Declined(1013, f"{what} cannot be deleted as it is a part of other transactions.")


def wrong_status(message: str) -> Declined:
    return Declined(1014, message)


def inactive_contact() -> Declined:
    return Declined(1015, "Transactions cannot be made for an inactive contact.")


def over_balance() -> Declined:
    return Declined(24016, "The amount applied is more than the balance of the invoice.")


def over_credit() -> Declined:
    return Declined(12023, "The amount is more than the balance that is available.")


def tax_disabled() -> Declined:
    return Declined(110817, "The tax is not enabled for this organization.")


def blocked(seconds: int) -> Declined:
    return Declined(
        43,
        "For security reasons you have been blocked for some time as you have exceeded the "
        "maximum number of requests per minute.",
        429,
        {"Retry-After": str(seconds)},
    )


def too_many_a_minute() -> Declined:
    return Declined(
        44,
        "For security reasons your organization has been blocked as it have exceeded the maximum "
        "number of requests per minute that can originate from an organization.",
        429,
    )


def too_many_a_day(limit: int) -> Declined:
    return Declined(45, f"You have exceeded the maximum call rate limit of {limit}.", 429)


def too_many_in_process() -> Declined:
    return Declined(
        1070,
        "You have reached the maximum number of in process requests allowed. Kindly try again "
        "after some time.",
        429,
    )


def internal(status: int = 500) -> Declined:
    return Declined(1000, "Internal Error", status)
