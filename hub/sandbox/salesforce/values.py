"""Values of fields: read as they are sent, kept exactly, shown as the vendor shows them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from hub.sandbox.salesforce.fields import NUMBERS
from hub.sandbox.salesforce.ids import read_id
from hub.sandbox.salesforce.refusal import Refusal, bad_json, is_deleted, malformed_id

if TYPE_CHECKING:
    from hub.sandbox.salesforce.fields import Field
    from hub.sandbox.salesforce.organisation import Organisation

DIGITS_MAX = 18
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+")


def checked(  # noqa: PLR0911 - one for each type
    org: Organisation,
    field: Field,
    said: Any,
) -> Any:
    """Give what a field is to hold; what does not fit it is refused."""
    if said is None or (isinstance(said, str) and not said.strip()):
        return False if field.type == "boolean" else None
    if field.type in NUMBERS:
        return _number(field, said)
    if field.type == "boolean":
        return _flag(field, said)
    if field.type == "date":
        return read_day(said) or _wrong_json("date", said)
    if field.type == "datetime":
        return read_moment(said) or _wrong_json("datetime", said)
    if field.type == "reference":
        return _reference(org, field, said)
    return _text(org, field, said)


def shown(value: Any) -> Any:
    """Give a value as it stands in an answer."""
    if isinstance(value, Decimal):
        plain = value.normalize()
        exponent = plain.as_tuple().exponent
        return plain.quantize(Decimal("0.1")) if int(exponent) >= 0 else plain
    if isinstance(value, datetime):
        return told(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def told(moment: datetime) -> str:
    """Write a moment as the vendor does, without a colon in the offset."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def read_day(said: Any) -> date | None:
    """Read a day; of a moment, its day."""
    try:
        return date.fromisoformat(str(said)[:10])
    except ValueError:
        return None


def read_moment(said: Any) -> datetime | None:
    """Read a moment with its zone; a bare day is its midnight."""
    try:
        moment = datetime.fromisoformat(str(said))
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def rounded(number: Decimal, scale: int = 2) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)


def label_of(field: Field) -> str:
    return field.label or field.name


def _number(field: Field, said: Any) -> Decimal | int:
    try:
        number = Decimal(str(said))
    except InvalidOperation:
        raise _wrong_type(field, said) from None
    if isinstance(said, bool) or not number.is_finite():
        raise _wrong_type(field, said)
    if number.adjusted() >= DIGITS_MAX - field.scale:
        message = f"{label_of(field)}: value outside of valid range on numeric field: {said}"
        raise Refusal("NUMBER_OUTSIDE_VALID_RANGE", message, fields=(field.name,))
    return int(number) if field.type == "int" else rounded(number, field.scale)


def _flag(field: Field, said: Any) -> bool:
    if isinstance(said, bool):
        return said
    if str(said).lower() in ("true", "false"):
        return str(said).lower() == "true"
    raise _wrong_type(field, said)


def _text(org: Organisation, field: Field, said: Any) -> str:
    if not isinstance(said, str):
        raise _wrong_type(field, said)
    text = said.strip()
    if field.type == "email" and not _EMAIL.fullmatch(text):
        message = f"{label_of(field)}: invalid email address: {text}"
        raise Refusal("INVALID_EMAIL_ADDRESS", message, fields=(field.name,))
    if len(text) > field.length:
        message = f"{label_of(field)}: data value too large: {text} (max length={field.length})"
        raise Refusal("STRING_TOO_LONG", message, fields=(field.name,))
    if not org.takes_word(field, text):
        message = f"{label_of(field)}: bad value for restricted picklist field: {text}"
        code = "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
        raise Refusal(code, message, fields=(field.name,))
    return text


def _reference(org: Organisation, field: Field, said: Any) -> str:
    found = read_id(said)
    if found is None or org.home(found) not in field.to:
        raise malformed_id(said, label_of(field), field.name)
    if org.removed(found) is not None:
        raise is_deleted()
    record = org.find(found)
    if record is None:
        message = "invalid cross reference id"
        raise Refusal("INVALID_CROSS_REFERENCE_KEY", message, fields=())
    if field.name == "OwnerId" and record.get("IsActive") is False:
        message = "operation performed with inactive user"
        raise Refusal("INACTIVE_OWNER_OR_USER", message, fields=(field.name,))
    return found


def _wrong_type(field: Field, said: Any) -> Refusal:
    message = f"{label_of(field)}: value not of required type: {said}"
    return Refusal("INVALID_TYPE_ON_FIELD_IN_RECORD", message, fields=(field.name,))


def _wrong_json(kind: str, said: Any) -> Any:
    raise bad_json(f"Cannot deserialize instance of {kind} from VALUE_STRING value {said}")
