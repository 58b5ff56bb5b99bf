"""What others wrote is shown so that it can neither hide nor pose as something else."""

from __future__ import annotations

import pytest

from hub.cli.visible import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zoë Łuk 漢字 😀", "Zoë Łuk 漢字 😀"),
        ("a\nb\r\t\0", r"a\nb\r\t\x00"),
        ("\x1b[2J", r"\x1b[2J"),
        ("\u202egpj.exe", r"\u202egpj.exe"),
        ("a\u2028b\u200bc\ufeff\ud800", r"a\u2028b\u200bc\ufeff\ud800"),
    ],
)
def test_what_cannot_be_seen_is_escaped_and_all_else_stays(text: str, shown: str) -> None:
    assert visible(text) == shown
