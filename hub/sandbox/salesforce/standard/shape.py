"""How objects are put down: short words for fields, and what every record has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.sandbox.salesforce.fields import Field, Object

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.sandbox.salesforce.fields import Type

MARK = Field(name="Hub_Id__c", label="Hub Id", length=64, unique=True, external=True, custom=True)
"""What `hub setup` makes in an organisation; here it is there from the start."""


def entity(name: str, prefix: str, fields: Iterable[Field | list[Field]], **more: Any) -> Object:
    """Make an object; the fields that every record has stand around its own."""
    marked, owned = more.pop("marked", False), more.pop("owned", True)
    money, plural = more.pop("money", False), more.pop("plural", f"{name}s")
    flat = [one for each in fields for one in (each if isinstance(each, list) else [each])]
    every = [
        Field(name="Id", type="id", length=18, read_only=True),
        *flat,
        *([_CURRENCY] if money else []),
        *([_OWNER] if owned else []),
        *_STAMPS,
        *([MARK] if marked else []),
    ]
    label = more.pop("label", name)
    return Object(
        name=name,
        label=label,
        plural=plural,
        prefix=prefix,
        fields={one.name: one for one in every},
        **more,
    )


def texts(*names: str, **more: Any) -> list[Field]:
    return of("string", *names, **more)


def of(kind: Type, *names: str, **more: Any) -> list[Field]:
    return [Field(name=name, type=kind, **more) for name in names]


def pick(name: str, *choices: str, **more: Any) -> Field:
    return Field(name=name, type="picklist", choices=choices, **more)


def link(name: str, *to: str, children: str = "", **more: Any) -> Field:
    """Make a reference; a query calls what it leads to by its name without Id, or with __r."""
    relation = f"{name[:-1]}r" if name.endswith("__c") else name.removesuffix("Id")
    return Field(
        name=name, type="reference", to=to, relation=relation, children=children, length=18, **more
    )


def address(prefix: str) -> list[Field]:
    """Give the parts of an address, and the whole, which is only read."""
    lengths = (("Street", 255), ("City", 40), ("State", 80), ("PostalCode", 20), ("Country", 80))
    codes = (f"{prefix}StateCode", f"{prefix}CountryCode")
    return [
        *(Field(name=f"{prefix}{part}", length=length) for part, length in lengths),
        *(
            Field(name=name, type="picklist", length=10, feature="state_picklists")
            for name in codes
        ),
        Field(name=f"{prefix}Address", type="address", read_only=True),
    ]


_OWNER = link("OwnerId", "User")
_CURRENCY = Field(name="CurrencyIsoCode", type="picklist", length=3, feature="multi_currency")
_STAMPS = [
    Field(name="IsDeleted", type="boolean", read_only=True, default=False),
    Field(name="CreatedDate", type="datetime", read_only=True),
    link("CreatedById", "User", read_only=True),
    Field(name="LastModifiedDate", type="datetime", read_only=True),
    link("LastModifiedById", "User", read_only=True),
    Field(name="SystemModstamp", type="datetime", read_only=True),
]
