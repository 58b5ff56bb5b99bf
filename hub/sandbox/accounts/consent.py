"""The page on which a person lets an application in, and the way back to the application."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from hub.sandbox.accounts.scopes import scopes_in
from hub.sandbox.system import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.sandbox.system import Request

USER = "you@sandbox.example"
HTML = {"Content-Type": "text/html;charset=UTF-8", "X-Frame-Options": "DENY"}

_STYLE = (
    "body{font:16px/1.5 system-ui;max-width:32rem;margin:4rem auto;padding:0 1rem;color:#223}"
    "a{padding:.5rem 1.2rem;border:1px solid #99a;border-radius:6px;text-decoration:none;"
    "color:inherit}a.yes{background:#1f6f5c;color:#fff;border-color:#1f6f5c}"
)


def ask_consent(request: Request, scope: str) -> Answer:
    """Ask whether the application may; both answers are links, which lead here again."""
    asked = [pair for pair in request.query if pair[0] != "approve"]
    yes, no = (
        html.escape(f"{request.path}?{urlencode([*asked, ('approve', word)])}") for word in "10"
    )
    listed = "".join(f"<li><code>{html.escape(one)}</code></li>" for one in scopes_in(scope))
    more = (
        f"<p>An application wants to use the records of {USER}:</p><ul>{listed}</ul>"
        f'<p><a class="yes" href="{yes}">Accept</a> <a href="{no}">Reject</a></p>'
    )
    return Answer(body=_page("May it?", more), headers=HTML)


def refuse(why: str) -> Answer:
    """Say what is wrong to the person, for there is no address that could be trusted."""
    page = _page("This cannot be asked for", f"<p>{html.escape(why)}</p>")
    return Answer(status=400, body=page, headers=HTML)


def wrong_consent(given: Mapping[str, str], client_id: str) -> str | None:
    """Tell what of a consent is asked for wrongly."""
    back = given.get("redirect_uri", "")
    if given.get("client_id") != client_id:
        return f"client_id: expected {client_id}, found {given.get('client_id')!r}."
    if given.get("response_type") != "code":
        return f"response_type: expected code, found {given.get('response_type')!r}."
    if not scopes_in(given.get("scope", "")):
        return "scope: expected scopes with commas between them, found none."
    if urlsplit(back).scheme not in ("http", "https") or not urlsplit(back).netloc:
        return f"redirect_uri: expected an address with http or https, found {back!r}."
    return None


def redirect(back: str, params: Mapping[str, str]) -> Answer:
    """Send the person back to the application."""
    joint = "&" if urlsplit(back).query else "?"
    query = urlencode(params, quote_via=quote, safe="")
    return Answer(status=302, headers={"Location": f"{back}{joint}{query}"})


def _page(title: str, content: str) -> bytes:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style><h1>{title}</h1>{content}"
    ).encode()
