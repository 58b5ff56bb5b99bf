"""Who and what the organisation is: itself, its users, its currencies and taxes."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from hub.sandbox.crm.body import items_of, read_body
from hub.sandbox.crm.each import done
from hub.sandbox.crm.organisation import API_USER, BASE_CURRENCY, Currency, Tax, User
from hub.sandbox.crm.pages import counted
from hub.sandbox.crm.refusal import Refusal, invalid_data, invalid_id
from hub.sandbox.crm.show import number
from hub.sandbox.crm.standard import ID_PREFIX
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from hub.sandbox.crm.organisation import Organisation
    from hub.sandbox.system import Request

Fields = dict[str, Any]

FOUNDED = "2025-01-10T09:00:00+00:00"
_DECIMALS = {"JPY": "0"}


def organisation(org: Organisation, _: Request) -> Answer:
    """Tell of the organisation."""
    return Answer(body={"org": [_organisation(org)]})


def list_users(org: Organisation, request: Request) -> Answer:
    """List users; all of them are active."""
    kind = request.param("type") or "AllUsers"
    users = list(org.users.values())
    if kind == "CurrentUser":
        users = [API_USER]
    elif kind in ("AdminUsers", "ActiveConfirmedAdmins"):
        users = [user for user in users if user.profile == "Administrator"]
    elif kind in ("DeactiveUsers", "DeletedUsers", "NotConfirmedUsers"):
        return Answer(status=204)
    return counted(request, users, lambda user: _user(org, user), "users")


def one_user(org: Organisation, _: Request, key: str) -> Answer:
    """Tell of one user."""
    if key not in org.users:
        return Answer(status=204)
    return Answer(body={"users": [_user(org, org.users[key])]})


def list_currencies(org: Organisation, _: Request) -> Answer:
    """List the currencies, if there are several."""
    _check_enabled(org)
    return Answer(body={"currencies": [_currency(org, one) for one in org.currencies.values()]})


def one_currency(org: Organisation, _: Request, key: str) -> Answer:
    """Tell of one currency."""
    _check_enabled(org)
    found = [one for one in org.currencies.values() if key in (one.id, one.iso_code)]
    if not found:
        return Answer(status=204)
    return Answer(body={"currencies": [_currency(org, found[0])]})


def list_taxes(org: Organisation, _: Request) -> Answer:
    """List the taxes."""
    return Answer(body={"org_taxes": _taxes(list(org.taxes.values()))})


def one_tax(org: Organisation, _: Request, key: str) -> Answer:
    """Tell of one tax."""
    if key not in org.taxes:
        raise invalid_id(resource_path_index=2)
    return Answer(body={"org_taxes": _taxes([org.taxes[key]])})


def write_taxes(org: Organisation, request: Request) -> Answer:
    """Make taxes, and change those whose id is told."""
    body = read_body(request).get("org_taxes")
    if not isinstance(body, dict):
        raise invalid_data(
            api_name="org_taxes", json_path="$.org_taxes", expected_data_type="jsonobject"
        )
    said = []
    for n, item in enumerate(items_of(body, "taxes")):
        tax = _read_tax(org, item, f"$.org_taxes.taxes[{n}]")
        org.taxes[tax.id] = tax
        said.append(done("taxes updated successfully", {"id": tax.id}))
    return Answer(body={"org_taxes": said})


def show_company(org: Organisation) -> dict[str, list[Fields]]:
    """Show all of it, by kind."""
    return {
        "Users": [_user(org, user) for user in org.users.values()],
        "currencies": [_currency(org, one) for one in org.currencies.values()],
        "taxes": _taxes(list(org.taxes.values()))["taxes"],
        "organizations": [_organisation(org)],
    }


def put_company(org: Organisation, kind: str, fields: Fields) -> Fields:
    """Place a user, a currency or a tax, or another state of one."""
    if kind == "Users":
        name = {"first_name": "", "last_name": ""} | fields
        known = {key: name[key] for key in User.__struct_fields__ if key in name and key != "id"}
        user = User(**{"id": fields.get("id") or org.new_id(), "email": ""} | known)
        org.users[user.id] = user
        return _user(org, user)
    if kind == "currencies":
        code = fields["iso_code"]
        rate = Decimal(str(fields.get("exchange_rate", 1)))
        old = org.currencies.get(code) or Currency(
            id=org.new_id(), iso_code=code, name=code, symbol=code, rate=rate
        )
        name, symbol = fields.get("name", old.name), fields.get("symbol", old.symbol)
        org.currencies[code] = msgspec.structs.replace(old, rate=rate, name=name, symbol=symbol)
        return _currency(org, org.currencies[code])
    tax = _read_tax(org, fields, "$")
    org.taxes[tax.id] = tax
    return _taxes([tax])["taxes"][0]  # type: ignore[no-any-return]


def _organisation(org: Organisation) -> Fields:
    base = org.currencies[BASE_CURRENCY]
    return {
        "id": org.id,
        "zgid": "700000042",
        "primary_zuid": "700000041",
        "company_name": "Hub Sandbox",
        "alias": None,
        "domain_name": "hubsandbox",
        "type": "sandbox",
        "country": "Portugal",
        "country_code": "PT",
        "city": "Porto",
        "street": "Rua das Flores 1",
        "zip": "4050-262",
        "state": None,
        "phone": None,
        "mobile": None,
        "fax": None,
        "website": None,
        "description": None,
        "employee_count": "12",
        "primary_email": API_USER.email,
        "currency": base.name,
        "currency_symbol": base.symbol,
        "currency_locale": "pt_PT",
        "iso_code": base.iso_code,
        "time_zone": org.quirks.time_zone,
        "mc_status": org.quirks.multi_currency,
        "created_time": FOUNDED,
        "gapps_enabled": False,
        "translation_enabled": False,
        "privacy_settings": False,
        "hipaa_compliance_enabled": False,
        "license_details": {
            "paid_expiry": None,
            "users_license_purchased": org.quirks.users_paid,
            "trial_type": None,
            "trial_expiry": None,
            "paid": org.quirks.edition != "free",
            "paid_type": org.quirks.edition,
            "portal_users_license_purchased": 0,
        },
    }


def _user(org: Organisation, user: User) -> Fields:
    made_by = org.user(API_USER.id)
    return {
        "id": user.id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "full_name": user.name,
        "email": user.email,
        "profile": {"name": user.profile, "id": _fixed(21 + (user.profile != "Administrator"))},
        "role": {"name": user.role, "id": _fixed(31 + (user.role != "CEO"))},
        "status": "active",
        "type__s": "Regular User",
        "confirm": True,
        "zuid": str(int(user.id[-6:]) + 700_000_000),
        "locale": "en_GB",
        "language": "en_GB",
        "time_zone": org.quirks.time_zone,
        "date_format": "dd/MM/yyyy",
        "time_format": "HH:mm",
        "decimal_separator": "Period",
        "number_separator": "Comma",
        "microsoft": False,
        "sandboxDeveloper": False,
        "created_time": FOUNDED,
        "created_by": made_by,
        "Modified_Time": FOUNDED,
        "Modified_By": made_by,
    }


def _currency(org: Organisation, one: Currency) -> Fields:
    by = org.user(API_USER.id)
    return {
        "id": one.id,
        "name": one.name,
        "iso_code": one.iso_code,
        "symbol": one.symbol,
        "exchange_rate": f"{one.rate:.9f}",
        "is_base": one.iso_code == BASE_CURRENCY,
        "is_active": True,
        "prefix_symbol": True,
        "format": {
            "decimal_separator": "Period",
            "thousand_separator": "Comma",
            "decimal_places": _DECIMALS.get(one.iso_code, "2"),
            "numeral_system": "International",
        },
        "created_time": FOUNDED,
        "modified_time": FOUNDED,
        "created_by": by,
        "modified_by": by,
    }


def _taxes(taxes: list[Tax]) -> Fields:
    return {
        "taxes": [
            {
                "id": tax.id,
                "name": tax.name,
                "display_label": tax.name,
                "value": number(tax.percent),
                "sequence_number": n,
            }
            for n, tax in enumerate(taxes, 1)
        ],
        "preference": {"auto_populate_tax": False, "modify_tax_rates": True},
    }


def _read_tax(org: Organisation, item: Fields, path: str) -> Tax:
    old = org.taxes.get(str(item.get("id")))
    if item.get("id") is not None and old is None:
        raise invalid_id(api_name="id", json_path=f"{path}.id")
    name = item.get("name") or (old and old.name)
    value = item.get("value", old and old.percent)
    if not isinstance(name, str):
        raise invalid_data(api_name="name", json_path=f"{path}.name")
    if value is None or not str(value).replace(".", "", 1).isdecimal():
        raise invalid_data(api_name="value", json_path=f"{path}.value", expected_data_type="double")
    return Tax(id=old.id if old else org.new_id(), name=name, percent=Decimal(str(value)))


def _check_enabled(org: Organisation) -> None:
    if not org.quirks.multi_currency:
        message = "the multi currency feature is not enabled"
        raise Refusal("FEATURE_NOT_ENABLED", message)


def _fixed(n: int) -> str:
    return f"{ID_PREFIX}{n:012d}"
