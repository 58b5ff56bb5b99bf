"""What setting up an organisation asks for: profiles, permission sets, and rights to fields."""

from __future__ import annotations

from hub.sandbox.salesforce.fields import Field
from hub.sandbox.salesforce.standard.shape import entity, link

PROFILE = entity(
    "Profile",
    "00e",
    [Field(name="Name", required=True), Field(name="UserType", length=40)],
    owned=False,
    undeletes=False,
)
PERMISSIONS = entity(
    "PermissionSet",
    "0PS",
    [
        Field(name="Name", length=80, required=True),
        Field(name="Label", length=80),
        Field(name="IsOwnedByProfile", type="boolean", read_only=True, default=False),
        link("ProfileId", "Profile", read_only=True),
    ],
    owned=False,
    undeletes=False,
)
FIELD_RIGHTS = entity(
    "FieldPermissions",
    "01k",
    [
        link("ParentId", "PermissionSet", required=True, once=True),
        Field(name="SobjectType", length=40, required=True, once=True),
        Field(name="Field", length=255, required=True, once=True),
        Field(name="PermissionsRead", type="boolean", default=False),
        Field(name="PermissionsEdit", type="boolean", default=False),
    ],
    name_field="Field",
    owned=False,
    undeletes=False,
)

OBJECTS = (PROFILE, PERMISSIONS, FIELD_RIGHTS)
