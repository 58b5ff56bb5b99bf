"""Take one value as what its field says it is, or say why it cannot be taken."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import inspect

from hub.settings.faults import Unfit, kind_of, shown
from hub.settings.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.settings.fields import Field

# Lone surrogates are how Python keeps the bytes of a variable that are not UTF-8.
_NOT_IN_A_PATH = re.compile("[\0\ud800-\udfff]")
_NUMBERS = (inspect.IntType, inspect.FloatType, inspect.BoolType)


def take(field: Field, value: object, paths: Paths, *, from_text: bool = False) -> object:
    """Give the value in the field's type; `from_text` reads numbers out of a variable's text."""
    # Only numbers are read leniently: with a str, "null" would come out as None.
    strict = not (from_text and isinstance(field.takes, _NUMBERS))
    try:
        taken = msgspec.convert(value, field.annotation, strict=strict, dec_hook=paths.decode)
    except (msgspec.ValidationError, ValueError, OverflowError):
        # The cause is left out on purpose: it may repeat the value, and the value be a secret.
        raise _unfit(field, value) from None
    if isinstance(taken, Secret) and "judge" in field.extra:
        field.extra["judge"](taken.reveal())
    return taken


class Paths:
    """Makes paths out of text: `~` is the user's home, others start from `base`."""

    def __init__(self, base: Path, environ: Mapping[str, str]) -> None:
        self.base = base
        self.environ = environ

    def path(self, value: object) -> Path:
        """Make a path of what a person wrote."""
        if not isinstance(value, str) or not value or _NOT_IN_A_PATH.search(value):
            raise Unfit("a path", shown(value))
        if value == "~" or value.startswith("~/"):
            return self._user_home() / value[2:]
        return self.base / value

    def decode(self, wanted: type[Any], value: object) -> object:
        """Make what msgspec does not know by itself."""
        if wanted is Secret and isinstance(value, str):
            return Secret(value)
        if issubclass(wanted, Path):
            return self.path(value)
        message = f"expected text for a {wanted.__name__}"
        raise TypeError(message)

    def _user_home(self) -> Path:
        try:
            return Path(self.environ.get("HOME") or Path.home())
        except RuntimeError as error:
            # So it is in a container that runs under a user id nobody has a name for.
            raise Unfit("a user with a home directory", "none: set HOME") from error


def _unfit(field: Field, value: object) -> Unfit:
    return Unfit(field.expected, kind_of(value) if field.secret else shown(value))
