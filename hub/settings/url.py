"""Judge the URL of the database by its parts, so that no driver has to: it would repeat them.

A password that holds `/`, `#` or `@` as it is cuts the URL in the wrong place, and a piece of it
then stands where the host or the port is looked for. Nothing that is said here repeats any of it.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from hub.settings.faults import Unfit

EXPECTED = (
    "postgresql://USER:PASSWORD@HOST:PORT/NAME, where whatever is no letter or digit in USER and "
    "PASSWORD is percent-encoded (/ is %2F, # is %23, ? is %3F, @ is %40, % is %25)"
)
PORT_MAX = 65_535

_SCHEME = re.compile(r"postgres(?:ql)?://")
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+(?:%[\w.-]+)?\]|(?:[\w.-]|%[0-9A-Fa-f]{2})*)")
_OPTION = re.compile(r"[a-z_.]+=[^&]*")
_SLIP = re.compile(r"%(?![0-9A-Fa-f]{2})")
_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


def judge_url(url: str) -> None:
    """Raise Unfit, with what is wrong and none of the URL, unless a driver can take it apart."""
    scheme = _SCHEME.match(url)
    if scheme is None:
        raise Unfit("a URL that starts with postgres:// or postgresql://", "other text")
    if fault := _fault(url[scheme.end() :]):
        raise Unfit(EXPECTED, f"{fault} (the URL is not shown, as it holds a password)")


def _fault(rest: str) -> str | None:
    """Say what is wrong with what follows the scheme."""
    if "#" in rest:
        return "a # as it is"
    before, _, options = rest.partition("?")
    authority, _, name = before.partition("/")
    if "@" in name or authority.count("@") > 1:
        return "an @ or a / as it is, within the user or the password"
    if _SLIP.search(before):
        return "a % that stands for itself"
    hosts = authority.rpartition("@")[2]
    return next(filter(None, map(_fault_of_host, hosts.split(","))), None) or _fault_of(options)


def _fault_of_host(host: str) -> str | None:
    named = _HOST.match(host)
    end = named.end() if named else 0
    if host[end:] and not host[end:].startswith(":"):
        return "a host that is no name and no address"
    return _fault_of_port(host[end + 1 :])


def _fault_of_port(port: str) -> str | None:
    if port and not (port.isascii() and port.isdigit() and 0 < int(port[:9]) <= PORT_MAX):
        return "a port that is no number from 1 to 65535"
    return None


def _fault_of(options: str) -> str | None:
    if options and not all(map(_OPTION.fullmatch, options.split("&"))):
        return "a ? that is followed by no option=value"
    given = dict(parse_qsl(options, keep_blank_values=True))
    if given.get("sslmode", "prefer") not in _MODES:
        return f"an sslmode that is none of {', '.join(_MODES)}"
    return next(filter(None, map(_fault_of_port, given.get("port", "").split(","))), None)
