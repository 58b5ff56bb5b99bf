"""The starter keeps what it fetches in its own folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.start import TOOL, uv_environment

if TYPE_CHECKING:
    import pytest


def test_what_the_installer_fetches_stays_in_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UV_CACHE_DIR", raising=False)

    assert uv_environment()["UV_CACHE_DIR"] == str(TOOL / "cache")


def test_whoever_has_a_place_for_it_is_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_CACHE_DIR", "/elsewhere")

    assert uv_environment()["UV_CACHE_DIR"] == "/elsewhere"
