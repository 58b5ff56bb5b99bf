"""Organisations, users, tax authorities and exemptions: what is set once and read often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hub.sandbox.books import intake, lists
from hub.sandbox.books.calls import Incoming, done
from hub.sandbox.books.limits import PER_DAY
from hub.sandbox.books.refusals import bad_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.sandbox.books.organization import Actor, Organization
    from hub.sandbox.system import Answer, Fields

    Handler = Callable[[Incoming], Answer]


def organization_row(organization: Organization) -> Fields:
    """Show an organisation as in the list of them."""
    profile, base = organization.profile, organization.base_currency()
    return {
        "organization_id": profile.organization_id,
        "name": profile.name,
        "contact_name": organization.owner().get("name", ""),
        "email": organization.owner().get("email", ""),
        "is_default_org": profile.is_default_org,
        "plan_type": 0,
        "plan_name": profile.plan_name,
        "plan_period": "yearly",
        "tax_group_enabled": True,
        "country": profile.country,
        "language_code": profile.language_code,
        "fiscal_year_start_month": profile.fiscal_year_start_month,
        "account_created_date": profile.account_created_date,
        "time_zone": profile.time_zone,
        "date_format": profile.date_format,
        "is_org_active": True,
        "currency_id": base["currency_id"],
        "currency_code": base["currency_code"],
        "currency_symbol": base["currency_symbol"],
        "currency_format": base["currency_format"],
        "price_precision": base["price_precision"],
    }


def organization_detail(organization: Organization) -> Fields:
    """Show an organisation in full."""
    profile = organization.profile
    return organization_row(organization) | {
        "field_separator": " ",
        "industry_type": "",
        "industry_size": "",
        "company_id_label": "",
        "company_id_value": "",
        "tax_id_label": "",
        "tax_id_value": "",
        "org_address": "",
        "remit_to_address": "",
        "phone": "",
        "fax": "",
        "website": "",
        "address": {
            "street_address1": "",
            "street_address2": "",
            "city": "",
            "state": profile.state,
            "country": profile.country,
            "zip": "",
        },
        "custom_fields": [],
    }


def change_organization(organization: Organization, fields: Fields) -> None:
    """Change what an administrator may; the zone moves every stamp from now on."""
    profile = organization.profile
    zone = intake.text(fields, "time_zone", profile.time_zone)
    if zone != profile.time_zone:
        organization.move_to_zone(zone)
    profile.name = intake.text(fields, "name", profile.name)
    profile.plan_name = intake.one_of(fields, "plan_name", tuple(PER_DAY), profile.plan_name)
    profile.language_code = intake.text(fields, "language_code", profile.language_code)
    profile.date_format = intake.text(fields, "date_format", profile.date_format)
    profile.tax_rounding = intake.one_of(
        fields, "tax_rounding", ("entity_level", "item_level"), profile.tax_rounding
    )


def change_user(organization: Organization, found: Fields, fields: Fields, actor: Actor) -> None:
    with organization.changing("users", found, actor):
        for name in ("name", "email", "user_role"):
            found[name] = intake.text(fields, name, found[name])
        found["status"] = intake.one_of(fields, "status", ("active", "inactive"), found["status"])


def users(call: Incoming) -> Answer:
    """GET /users."""
    rows = [_user_row(user) for user in call.organization.tables["users"].records.values()]
    page, context = lists.paged(rows, call.query, "Users")
    return done(users=page, page_context=context)


def user(call: Incoming) -> Answer:
    """GET /users/{id}."""
    return done(user=user_detail(call.organization.find("users", call.ids[0], "User")))


def me(call: Incoming) -> Answer:
    """GET /users/me."""
    found = call.organization.find("users", call.actor.user_id, "User")
    return done(user=user_detail(found))


def user_detail(found: Fields) -> Fields:
    return {
        **_user_row(found),
        "email_ids": [{"email": found["email"], "is_selected": True}],
        "is_employee": False,
        "created_time": found["created_time"],
        "custom_fields": "",
    }


def _user_row(found: Fields) -> Fields:
    hidden = ("created_by_id", "last_modified_by_id", "created_time", "last_modified_time")
    return {name: value for name, value in found.items() if name not in hidden} | {
        "photo_url": "",
        "is_customer_segmented": False,
        "is_vendor_segmented": False,
    }


@dataclass(frozen=True, kw_only=True)
class Plain:
    """Settings that are no more than a few texts."""

    kind: str
    key: str
    many: str
    id_field: str
    called: str
    parts: tuple[str, ...]
    made: str
    changed: str
    removed: str
    made_status: int = 201

    def listed(self, call: Incoming) -> Answer:
        rows = [self._shown(one) for one in call.organization.tables[self.kind].records.values()]
        page, context = lists.paged(rows, call.query, self.called)
        return done(**{self.many: page}, page_context=context)

    def get(self, call: Incoming) -> Answer:
        return done(**{self.key: self._shown(self._find(call))})

    def add(self, call: Incoming) -> Answer:
        fields = call.fields()
        if not intake.text(fields, self.parts[0]):
            raise bad_value(self.parts[0])
        made = {part: intake.text(fields, part) for part in self.parts}
        made[self.id_field] = call.organization.new_id()
        call.organization.add(self.kind, made, call.actor)
        return done(self.made, self.made_status, **{self.key: self._shown(made)})

    def change(self, call: Incoming) -> Answer:
        found, fields = self._find(call), call.fields()
        with call.organization.changing(self.kind, found, call.actor):
            found |= {part: intake.text(fields, part, found[part]) for part in self.parts}
        return done(self.changed, **{self.key: self._shown(found)})

    def remove(self, call: Incoming) -> Answer:
        call.organization.remove(self.kind, self._find(call), call.actor)
        return done(self.removed)

    def _find(self, call: Incoming) -> Fields:
        return call.organization.find(self.kind, call.ids[0], self.called)

    def _shown(self, found: Fields) -> Fields:
        return {name: found[name] for name in (self.id_field, *self.parts)}


AUTHORITIES = Plain(
    kind="taxauthorities",
    key="tax_authority",
    many="tax_authorities",
    id_field="tax_authority_id",
    called="Tax authority",
    parts=(
        "tax_authority_name", "description", "registration_number", "registration_number_label",
    ),
    made="Tax Authority has been added.",
    changed="Tax Authority information has been updated.",
    removed="Tax authority has been deleted.",
)  # fmt: skip
EXEMPTIONS = Plain(
    kind="taxexemptions",
    key="tax_exemption",
    many="tax_exemptions",
    id_field="tax_exemption_id",
    called="Tax exemption",
    parts=("tax_exemption_code", "description", "type"),
    made="Tax Exemption has been added.",
    changed="Tax Exemption has been updated.",
    removed="Tax exemption has been deleted successfully.",
    made_status=200,
)
