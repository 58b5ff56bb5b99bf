"""`make` passes on what is asked for."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here")
def test_the_demo_takes_the_ports_that_are_named() -> None:
    command = ["make", "-n", "demo", "ARGS=--port 8081"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert "hub demo --port 8081" in said
