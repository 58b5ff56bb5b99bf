"""Currencies and their exchange rates: base units for one of the foreign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.sandbox.books import intake
from hub.sandbox.books.amounts import ZERO
from hub.sandbox.books.calls import Incoming, done
from hub.sandbox.books.kinds import Kind, Order, Query
from hub.sandbox.books.refusals import bad_value, in_use, not_found

if TYPE_CHECKING:
    from decimal import Decimal

    from hub.sandbox.books.organization import Actor, Organization
    from hub.sandbox.system import Answer, Fields

CODE_LENGTH = 3


def create(organization: Organization, fields: Fields, actor: Actor, _: Query) -> Fields:
    """Add a currency; it has no rate until it is given one."""
    code = intake.text(fields, "currency_code")
    known = organization.tables["currencies"]
    if len(code) != CODE_LENGTH or known.find("currency_code", code):
        raise bad_value("currency_code")
    currency = {
        "currency_id": organization.new_id(),
        "currency_code": code,
        "currency_name": code,
        "currency_symbol": "",
        "price_precision": 2,
        "currency_format": "1,234,567.89",
        "is_base_currency": code == organization.profile.currency_code,
        "exchange_rate": ZERO,
        "effective_date": "",
        "auto_exchange_rate_enabled": False,
    }
    _write(currency, fields)
    if fields.get("currency_symbol") in (None, ""):
        raise bad_value("currency_symbol")
    return organization.add("currencies", currency, actor)


def change(organization: Organization, currency: Fields, fields: Fields, actor: Actor) -> None:
    with organization.changing("currencies", currency, actor):
        _write(currency, fields)


def remove(organization: Organization, currency: Fields, actor: Actor) -> None:
    """Delete a currency that neither a contact nor a document is in."""
    kinds = ("contacts", "invoices", "estimates", "creditnotes", "customerpayments")
    if currency["is_base_currency"] or any(
        record["currency_id"] == currency["currency_id"]
        for kind in kinds
        for record in organization.tables[kind].records.values()
    ):
        raise in_use("The currency")
    organization.remove("currencies", currency, actor)


def detail(_: Organization, currency: Fields) -> Fields:
    hidden = ("created_time", "created_by_id", "last_modified_by_id", "last_modified_time")
    return {name: value for name, value in currency.items() if name not in hidden}


def rates(call: Incoming) -> Answer:
    """GET /settings/currencies/{id}/exchangerates: the newest first."""
    currency = call.organization.currency(call.ids[0])
    known = call.organization.rates.get(call.ids[0], {}).values()
    newest = sorted(known, key=lambda rate: str(rate["effective_date"]), reverse=True)
    return done(exchange_rates=[_shown(currency, rate) for rate in newest])


def add_rate(call: Incoming) -> Answer:
    """POST /settings/currencies/{id}/exchangerates."""
    currency = call.organization.currency(call.ids[0])
    made = set_rate(call.organization, currency, call.fields(), None)
    return done("The exchange rate has been added.", 201, exchange_rate=_shown(currency, made))


def get_rate(call: Incoming) -> Answer:
    currency = call.organization.currency(call.ids[0])
    return done(exchange_rate=_shown(currency, _find(call)))


def change_rate(call: Incoming) -> Answer:
    currency = call.organization.currency(call.ids[0])
    made = set_rate(call.organization, currency, call.fields(), _find(call))
    return done("The exchange rate has been updated.", exchange_rate=_shown(currency, made))


def remove_rate(call: Incoming) -> Answer:
    currency = call.organization.currency(call.ids[0])
    del call.organization.rates[call.ids[0]][_find(call)["exchange_rate_id"]]
    _take_newest(call.organization, currency)
    return done("Exchange rate successfully deleted")


def set_rate(
    organization: Organization, currency: Fields, fields: Fields, before: Fields | None
) -> Fields:
    """Add or change a rate; documents take the newest that is not of tomorrow."""
    known = before or {
        "exchange_rate_id": organization.new_id(),
        "effective_date": "",
        "rate": ZERO,
    }
    made = {
        **known,
        "effective_date": intake.day(fields, "effective_date", known["effective_date"]),
        "rate": intake.number(fields, "rate", known["rate"]),
    }
    if not made["effective_date"]:
        raise bad_value("effective_date")
    if made["rate"] <= 0 or currency["is_base_currency"]:
        raise bad_value("rate")
    organization.rates.setdefault(currency["currency_id"], {})[made["exchange_rate_id"]] = made
    _take_newest(organization, currency)
    return made


def _take_newest(organization: Organization, currency: Fields) -> None:
    today = organization.today().isoformat()
    known = organization.rates[currency["currency_id"]].values()
    valid = [rate for rate in known if rate["effective_date"] <= today]
    newest = max(valid, key=lambda rate: str(rate["effective_date"]), default=None)
    rate: Decimal = newest["rate"] if newest else ZERO
    currency["exchange_rate"] = rate
    currency["effective_date"] = newest["effective_date"] if newest else ""


def _write(currency: Fields, fields: Fields) -> None:
    for name in ("currency_name", "currency_symbol", "currency_format"):
        currency[name] = intake.text(fields, name, currency[name])
    currency["price_precision"] = intake.whole(
        fields, "price_precision", currency["price_precision"]
    )
    if not 0 <= currency["price_precision"] <= 6:  # noqa: PLR2004 - digits
        raise bad_value("price_precision")


def _find(call: Incoming) -> Fields:
    known = call.organization.rates.get(call.ids[0], {}).get(call.ids[1])
    if known is None:
        raise not_found("Exchange rate", call.organization.quirks.not_found_status)
    return known


def _shown(currency: Fields, rate: Fields) -> Fields:
    return {
        **rate,
        "currency_id": currency["currency_id"],
        "currency_code": currency["currency_code"],
    }


KIND = Kind(
    name="currencies",
    key="currency",
    id_field="currency_id",
    called="Currency",
    scope="settings",
    report="Currencies",
    create=create,
    change=change,
    remove=remove,
    detail=detail,
    row=detail,
    order=Order(column="currency_code", allowed=("currency_code", "currency_name")),
    applied_filter="Currencies.All",
    created_message="The currency has been added.",
    changed_message="Currency information has been saved.",
    removed_message="The currency has been deleted.",
)
