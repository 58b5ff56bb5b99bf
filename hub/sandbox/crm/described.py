"""Modules, fields and layouts as the settings describe them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.sandbox.crm.fields import Field
from hub.sandbox.crm.organisation import API_USER
from hub.sandbox.crm.standard import ID_PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.sandbox.crm.fields import Module
    from hub.sandbox.crm.organisation import Organisation

Fields = dict[str, Any]

JSON_TYPES = {
    "integer": "integer", "bigint": "string", "double": "double", "currency": "double",
    "percent": "double", "boolean": "boolean", "lookup": "jsonobject",
    "ownerlookup": "jsonobject", "userlookup": "jsonobject", "jsonobject": "jsonobject",
    "subform": "jsonarray", "jsonarray": "jsonarray", "multiselectpicklist": "jsonarray",
}  # fmt: skip

_PROFILES = (
    {"permission_type": "read_write", "name": "Administrator", "id": f"{ID_PREFIX}{21:012d}"},
    {"permission_type": "read_write", "name": "Standard", "id": f"{ID_PREFIX}{22:012d}"},
)

_CAN_OF_MODULES = (
    "deletable", "creatable", "editable", "viewable", "show_as_tab", "quick_create",
    "global_search_supported", "recycle_bin_on_delete", "triggers_supported",
    "webform_supported", "filter_supported", "feeds_required", "lookupable",
)  # fmt: skip
"""What all modules can but the rows of a subform."""

_ALL_MODULES: Mapping[str, Any] = {
    **dict.fromkeys(
        (
            "public_fields_configured", "has_more_profiles", "sub_menu_available", "convertable",
            "presence_sub_menu", "emailTemplate_support", "email_parser_supported",
            "scoring_supported", "cc_enabled", "isBlueprintSupported", "track_current_data",
        ),
        False,
    ),
    **dict.fromkeys(("description", "web_link", "modified_time", "modified_by")),
    "api_supported": True,
    "module_type": "ENTITIES",
    "access_type": "org_based",
    "visibility": 1,
    "business_card_field_limit": 5,
    "profile_count": len(_PROFILES),
    "arguments": [],
}  # fmt: skip

_ALL_FIELDS: Mapping[str, Any] = {
    **dict.fromkeys(
        (
            "visible", "filterable", "searchable", "sortable", "webhook",
            "businesscard_supported", "blueprint_supported",
        ),
        True,
    ),
    **dict.fromkeys(
        (
            "pick_list_values_sorted_lexically", "separator", "public", "virtual_field",
            "history_tracking_enabled", "enable_colour_code", "colour_code_enabled_by_system",
        ),
        False,
    ),
    **dict.fromkeys((
        "history_tracking", "associated_module", "association_details", "multi_module_lookup",
        "multiselectlookup", "lookup", "formula", "rollup_summary", "auto_number", "crypt",
        "private", "range", "tooltip", "created_time", "modified_time",
    )),
    "type": "used",
    "convert_mapping": {},
    "email_parser": {"fields_update_supported": True, "record_operations_supported": True},
    "display_type": -1,
    "ui_type": 1,
}  # fmt: skip


def describe_module(org: Organisation, module: Module) -> Fields:
    """Describe a module."""
    subform = module.name not in org.tables
    label = module.name.replace("_", " ")
    return {
        **_ALL_MODULES,
        **dict.fromkeys(_CAN_OF_MODULES, not subform),
        "id": module.id,
        "api_name": module.name,
        "module_name": module.name,
        "singular_label": module.singular,
        "plural_label": label,
        "actual_singular_label": module.singular,
        "actual_plural_label": label,
        "inventory_template_supported": bool(module.lines),
        "generated_type": "subform" if subform else "default",
        "status": "system_hidden" if subform else "visible",
        "sequence_number": list(org.modules).index(module.name) + 1,
        "profiles": _profiles(),
    }


def describe_field(org: Organisation, module: Module, field: Field) -> Fields:
    """Describe a field, and what a lookup or a subform leads to."""
    label = field.label or field.api_name.replace("_", " ")
    shown = _field(module, field, label)
    if field.target not in org.modules:
        return shown
    target = org.modules[field.target].id
    if field.type == "subform":
        shown["associated_module"] = {"module": field.target, "id": target}
    else:
        whom = {"api_name": field.target, "id": target, "crypt": False}
        shown["lookup"] = {"module": whom, "display_label": label}
    return shown


def describe_id(module: Module) -> Fields:
    """Describe the field that every record has before all others."""
    field = Field(api_name="id", type="bigint", id=f"{ID_PREFIX}7{module.id[-11:]}", read_only=True)
    return _field(module, field, "Record Id")


def describe_layout(org: Organisation, module: Module) -> Fields:
    """Describe the one layout that a module has."""
    title = f"{module.singular} Information"
    section = {
        "id": f"{ID_PREFIX}8{module.id[-11:]}",
        "api_name": title,
        "name": title,
        "display_label": title,
        "sequence_number": 1,
        "column_count": 2,
        "tab_traversal": 2,
        "isSubformSection": False,
        "type": "used",
        "fields": [describe_field(org, module, one) for one in module.fields.values()],
    }
    return {
        "id": layout_id(module),
        "name": "Standard",
        "api_name": "Standard",
        "display_label": "Standard",
        "status": "active",
        "visible": True,
        "has_more_profiles": False,
        "generated_type": "system",
        "source": "crm",
        "mode": "view",
        "created_time": None,
        "modified_time": None,
        "created_by": org.user(API_USER.id),
        "modified_by": org.user(API_USER.id),
        "profiles": _profiles(),
        "sections": [section],
    }


def layout_id(module: Module) -> str:
    return f"{ID_PREFIX}5{module.id[-11:]}"


def describe_related_lists(org: Organisation, module: Module) -> list[Fields]:
    """Describe the lists that a record of a module has beside it."""
    return [
        {
            "id": f"{ID_PREFIX}6{module.id[-8:]}{n:03d}",
            "sequence_number": str(n),
            "display_label": name.replace("_", " "),
            "api_name": name,
            "name": name,
            "module": {"api_name": target, "id": org.modules[target].id},
            "action": None,
            "href": f"{module.name}/{{ENTITYID}}/{name}",
            "type": "default",
            "status": "visible",
            "customize_sort": True,
            "customize_fields": True,
            "customize_display_label": True,
        }
        for n, (name, (target, _)) in enumerate(module.related.items(), 1)
    ]


def _field(module: Module, field: Field, label: str) -> Fields:
    written = not field.read_only
    json_type = JSON_TYPES.get(field.type, "string")
    money = {"rounding_option": "normal", "precision": field.decimals}
    able = ("web_create", "web_update", "api_create", "api_update")
    return {
        **_ALL_FIELDS,
        "id": field.id,
        "api_name": field.api_name,
        "field_label": label,
        "display_label": label,
        "data_type": "text" if field.type in ("jsonarray", "jsonobject") else field.type,
        "json_type": json_type,
        "length": field.length,
        "decimal_place": field.decimals if json_type == "double" else None,
        "currency": money if field.type == "currency" else None,
        "system_mandatory": field.mandatory,
        "read_only": field.read_only,
        "field_read_only": field.read_only,
        "mass_update": written,
        "custom_field": field.custom,
        "created_source": "custom" if field.custom else "default",
        "unique": {"case_sensitive": False} if field.unique else {},
        "external": {"type": field.external, "show": True} if field.external else None,
        "pick_list_values": _choices(field),
        "operation_type": dict.fromkeys(able, written),
        "view_type": {"view": True, "edit": written, "create": written, "quick_create": False},
        "profiles": [dict(one) for one in _PROFILES],
        "display_field": field.api_name == module.name_field,
    }


def _choices(field: Field) -> list[Fields] | None:
    if field.type not in ("picklist", "multiselectpicklist"):
        return None
    return [
        {
            "display_value": choice,
            "actual_value": choice,
            "reference_value": choice,
            "sequence_number": n,
            "id": f"{field.id[:-6]}{field.id[-4:]}{n:02d}",
            "type": "used",
        }
        for n, choice in enumerate(field.choices, 1)
    ]


def _profiles() -> list[Fields]:
    return [{"name": one["name"], "id": one["id"]} for one in _PROFILES]
