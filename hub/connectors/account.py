"""Whose account a connection is: its organisation, its login and its scopes, judged as findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.connectors.finding import Finding
from hub.connectors.zoho import missing_scopes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.connectors.ground import Login, Organisation
    from hub.settings import Connection

SCOPES = "scopes"
"""What the vault calls the scopes that came with a grant."""


def about_organisation(name: str, connection: Connection, one: Organisation) -> list[Finding]:
    """Say whose it is, live or test, and whether the plan is the one that the settings name."""
    says = "business is done there" if connection.mode == "live" else "nothing there is real"
    sentence = (
        f"{one.name} ({one.id}), {one.country}, {one.currency}, {one.zone}, plan {one.plan}; "
        f"marked {connection.mode}: {says}."
    )
    found = [Finding(about="organisation", state="well", sentence=sentence)]
    if one.is_test and connection.mode == "live":
        found.append(_is_test(name))
    if one.plan_setting and one.plan_setting != connection.plan:
        found.append(_other_plan(name, connection, one))
    return found


def about_login(login: Login) -> Finding:
    """Say whose user it is; one that looks like a person's own is worth a word."""
    who = f"{login.name} <{login.email}>, {login.role}"
    if not login.is_a_person:
        return Finding(about="user", state="well", sentence=f"The hub acts as {who}.")
    return Finding(
        about="user",
        state="warned",
        sentence=f"The hub acts as {who}, which looks like a person's own login. What that person "
        "types then looks like the hub's work, and the hub stops when they leave.",
        steps=(
            (
                'Make a user of the hub\'s own there (say "Hub", hub@your-company) with the rights '
                "it needs, log in as that user, and run `hub connect` again"
            ),
        ),
    )


def about_scopes(name: str, wanted: frozenset[str], granted: frozenset[str] | None) -> Finding:
    """Compare what the hub needs with what was granted, where that is known."""
    if not granted:
        sentence = "The vendor did not say what was granted; each right is tried by itself."
        return Finding(about="scopes", state="told", sentence=sentence)
    missing = missing_scopes(wanted, granted)
    if not missing:
        sentence = f"All {len(wanted)} that the hub needs were granted."
        return Finding(about="scopes", state="well", sentence=sentence)
    return Finding(
        about="scopes",
        state="needs",
        sentence=f"Not granted: {', '.join(missing)}. A grant keeps its scopes for good.",
        steps=(f"Consent anew, with all scopes that are asked for: hub connect {name}",),
    )


def chosen(found: Sequence[Organisation], wanted: str | None) -> Organisation | None:
    """Give the one that is wanted; one among several is never taken by itself."""
    if wanted is None:
        return found[0] if len(found) == 1 else None
    return next((one for one in found if one.id == wanted), None)


def _is_test(name: str) -> Finding:
    return Finding(
        about="mode",
        state="warned",
        sentence="The vendor says that this is a sandbox, but the settings mark it live.",
        steps=(f'Set mode = "test" under [connections.{name}] in hub.toml',),
    )


def _other_plan(name: str, connection: Connection, one: Organisation) -> Finding:
    return Finding(
        about="plan",
        state="warned",
        sentence=f"The vendor says that the plan is {one.plan}; the settings count with "
        f"{connection.plan}, and so with other limits.",
        steps=(f'Set plan = "{one.plan_setting}" under [connections.{name}] in hub.toml',),
    )
