"""An e-mail address: whether it is one, and whose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hub.flows.steps.answers import Answers, NotUnderstood

if TYPE_CHECKING:
    from hub.flows.steps.answers import Asked

_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;.]+(\.[^\s@<>,;.]+)+")
_NAMED = re.compile(r".*<([^<>]+)>")
_GMAIL = ("gmail.com", "googlemail.com")

_ROLES = """
info office mail email contact contacts hello hi sales support service admin accounts account
accounting accountspayable ap billing invoice invoices finance payments payables orders order
purchasing procurement reception team enquiries inquiries help noreply no-reply post kontakt
buchhaltung rechnung rechnungen einkauf vertrieb buero zentrale compta comptabilite facturation
accueil direction administracion facturas contabilidad ventas geral financeiro faturas
amministrazione fatture administratie facturen boekhouding faktura regnskab bogholderi ekonomi
webmaster shop hr jobs
"""
_SHARED = frozenset(_ROLES.split())
"""What stands before the `@` of mailboxes that several people read."""


def read(value: Any, asked: Asked) -> str | None:  # noqa: ARG001
    text = str(value).strip().removeprefix("mailto:")
    named = _NAMED.fullmatch(text)
    address = named[1].strip() if named else text
    if not isinstance(value, str) or not _ADDRESS.fullmatch(address):
        raise NotUnderstood("an e-mail address such as ana@example.com", value)
    return address


def same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def key(address: str, part: str = "") -> str:  # noqa: ARG001
    """Give the mailbox in which it arrives: without tags, at Gmail without dots."""
    local, _, domain = address.casefold().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _GMAIL:
        local, domain = local.replace(".", ""), _GMAIL[0]
    return f"{local}@{domain}"


def shared(address: str) -> bool:
    """Tell whether several people may read what arrives there, by its name."""
    return key(address).partition("@")[0].strip("0123456789") in _SHARED


ANSWERS = Answers(read=read, key=key, same=same)
