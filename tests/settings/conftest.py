"""Settings read from a text and a made-up environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.errors import ConfigFault
from hub.settings import Settings, load

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Desk:
    """A directory with a hub.toml in it, and what comes of reading that."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.file = directory / "hub.toml"

    def load(self, text: str, environ: Mapping[str, str] | None = None) -> Settings:
        self.file.write_text(text, encoding="utf-8")
        return load(self.file, {"HOME": str(self.directory), **(environ or {})})

    def faults(self, text: str, environ: Mapping[str, str] | None = None) -> list[str]:
        with pytest.raises(ConfigFault) as raised:
            self.load(text, environ)
        return str(raised.value).replace(f"{self.directory}/", "").splitlines()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path)
