"""The fields that records of Zoho Books have in every organisation.

The display twins (`total_formatted`) are left out: they are for eyes only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.connectors.field import named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.connectors.field import Words

_ADDRESS = named(
    id="address_id",
    text="attention address street2 city state state_code zip country country_code phone fax",
)
_STAMPS = named(
    id="organization_id created_by_id last_modified_by_id", time="created_time last_modified_time"
)
_CUSTOM = named(list="custom_fields", record="custom_field_hash")
_TAXED = named(
    choice="gst_treatment vat_treatment tax_treatment",
    text="gst_no vat_reg_no place_of_supply",
    flag="is_pre_gst is_reverse_charge_applied",
)
_CURRENCY = named(
    id="currency_id", text="currency_code currency_symbol", number="exchange_rate price_precision"
)
_DOCUMENT: Words = {
    **_STAMPS,
    **_CUSTOM,
    **_TAXED,
    **_CURRENCY,
    **named(
        id="customer_id template_id location_id salesperson_id zcrm_potential_id",
        text="reference_number customer_name email notes terms salesperson_name template_name "
        "location_name adjustment_description",
        date="date",
        choice="status current_sub_status discount_type rounding_mode tax_rounding",
        number="discount",
        flag="is_discount_before_tax is_inclusive_tax is_emailed has_attachment "
        "is_viewed_by_client",
        time="client_viewed_time",
        money="shipping_charge adjustment sub_total discount_total tax_total total bcy_total "
        "bcy_sub_total bcy_tax_total bcy_discount_total bcy_shipping_charge bcy_adjustment",
        list="line_items taxes contact_persons contact_persons_associated",
    ),
    "billing_address": _ADDRESS,
    "shipping_address": _ADDRESS,
}

FIELDS: Mapping[str, Words] = {
    "contacts": {
        **_STAMPS,
        **_CUSTOM,
        **_CURRENCY,
        **named(
            id="contact_id owner_id primary_contact_id tax_id tax_exemption_id tax_authority_id "
            "pricebook_id zcrm_account_id zcrm_contact_id zcrm_vendor_id",
            text="contact_name customer_name company_name legal_name website notes contact_number "
            "language_code first_name last_name email phone mobile facebook twitter "
            "payment_terms_label gst_no vat_reg_no tax_reg_no place_of_contact country_code "
            "tax_name tax_exemption_code tax_authority_name tax_regime",
            choice="contact_type customer_sub_type status source gst_treatment vat_treatment "
            "tax_treatment",
            number="payment_terms tax_percentage",
            money="credit_limit outstanding_receivable_amount outstanding_receivable_amount_bcy "
            "unused_credits_receivable_amount unused_credits_receivable_amount_bcy "
            "outstanding_payable_amount outstanding_payable_amount_bcy "
            "unused_credits_payable_amount unused_credits_payable_amount_bcy",
            flag="is_portal_enabled is_taxable payment_reminder_enabled has_transaction "
            "is_bcy_only_contact is_linked_with_zohocrm is_tds_registered",
            list="contact_persons addresses opening_balances integration_references "
            "customer_currency_summaries tags",
        ),
        "billing_address": _ADDRESS,
        "shipping_address": _ADDRESS,
    },
    "contactpersons": {
        **named(
            id="contact_person_id contact_id",
            text="first_name last_name email phone mobile skype designation department",
            choice="salutation",
            flag="is_primary_contact is_added_in_portal enable_portal",
        ),
        "communication_preference": named(flag="is_sms_enabled is_whatsapp_enabled"),
    },
    "items": {
        **_STAMPS,
        **_CUSTOM,
        **named(
            id="item_id tax_id tax_exemption_id account_id purchase_account_id zcrm_product_id",
            text="name item_name description sku unit hsn_or_sac purchase_description "
            "account_name tax_name",
            choice="status source product_type item_type tax_type",
            money="rate purchase_rate",
            number="tax_percentage stock_on_hand available_stock reorder_level",
            flag="is_taxable can_be_sold can_be_purchased track_inventory",
            list="item_tax_preferences locations",
        ),
    },
    "invoices": {
        **_DOCUMENT,
        **named(
            id="invoice_id estimate_id invoiced_estimate_id recurring_invoice_id",
            text="invoice_number payment_terms_label invoice_url",
            date="due_date payment_expected_date last_payment_date last_reminder_sent_date",
            choice="invoice_source",
            number="payment_terms reminders_sent",
            money="payment_made credits_applied tax_amount_withheld write_off_amount balance "
            "bcy_balance",
            flag="payment_reminder_enabled allow_partial_payments ach_payment_initiated "
            "can_send_in_mail",
        ),
    },
    "estimates": {
        **_DOCUMENT,
        **named(
            id="estimate_id",
            text="estimate_number",
            date="expiry_date accepted_date declined_date",
            money="invoiced_amount uninvoiced_amount",
            list="invoice_ids",
        ),
    },
    "creditnotes": {
        **_DOCUMENT,
        **named(
            id="creditnote_id invoice_id",
            text="creditnote_number",
            time="updated_time",
            flag="is_draft",
            money="balance bcy_balance total_credits_used total_refunded_amount",
            list="invoices_credited creditnote_refunds invoices",
        ),
    },
    "customerpayments": {
        **_STAMPS,
        **_CUSTOM,
        **_CURRENCY,
        **named(
            id="payment_id customer_id account_id location_id online_transaction_id",
            text="payment_number reference_number description customer_name email account_name "
            "location_name",
            date="date",
            time="updated_time",
            choice="payment_mode payment_status status",
            money="amount unused_amount amount_refunded bank_charges bcy_amount "
            "tax_amount_withheld",
            list="invoices payment_refunds",
        ),
    },
    "comments": named(id="contact_id", list="contact_comments"),
    "taxes": named(
        id="organization_id tax_id tax_authority_id",
        text="tax_name tax_factor tax_authority_name country country_code",
        number="tax_percentage",
        choice="tax_type tax_specific_type status",
        flag="is_value_added is_default_tax is_editable",
        time="last_modified_time",
        list="taxes",
    ),
    "currencies": named(
        id="organization_id currency_id",
        text="currency_code currency_name currency_symbol currency_format",
        number="price_precision exchange_rate",
        flag="is_base_currency auto_exchange_rate_enabled",
        date="effective_date",
    ),
}

_SET_BY_ITSELF = (
    "organization_id created_by_id last_modified_by_id created_time last_modified_time "
    "currency_code currency_symbol price_precision customer_name"
)
_WORKED_OUT = (
    "current_sub_status email has_attachment is_viewed_by_client client_viewed_time sub_total "
    "discount_total tax_total total bcy_total bcy_sub_total bcy_tax_total bcy_discount_total "
    "bcy_shipping_charge bcy_adjustment contact_persons_associated"
)
READ_ONLY: Mapping[str, frozenset[str]] = {
    kind: frozenset(f"{_SET_BY_ITSELF} {more}".split())
    for kind, more in {
        "contacts": "contact_id source has_transaction is_linked_with_zohocrm "
        "outstanding_receivable_amount outstanding_receivable_amount_bcy "
        "unused_credits_receivable_amount unused_credits_receivable_amount_bcy "
        "outstanding_payable_amount outstanding_payable_amount_bcy "
        "unused_credits_payable_amount unused_credits_payable_amount_bcy",
        "contactpersons": "contact_person_id",
        "items": "item_id stock_on_hand available_stock",
        "invoices": f"{_WORKED_OUT} invoice_id payment_made credits_applied write_off_amount "
        "balance bcy_balance last_payment_date last_reminder_sent_date reminders_sent invoice_url",
        "estimates": f"{_WORKED_OUT} estimate_id invoiced_amount uninvoiced_amount invoice_ids",
        "creditnotes": f"{_WORKED_OUT} creditnote_id updated_time balance bcy_balance "
        "total_credits_used total_refunded_amount creditnote_refunds",
        "customerpayments": "payment_id updated_time unused_amount amount_refunded bcy_amount "
        "payment_refunds",
    }.items()
}
"""What Books sets or works out by itself, and nobody else."""
