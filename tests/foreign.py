"""Libraries written by others that long tests work with, each in an environment of its own.

They bring much along, so they are installed under `.cache/`, by the first test that needs them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache"


def python_with(requirement: str) -> Path:
    """Give a Python that has the library; the test is skipped where that cannot be had."""
    home = CACHE / requirement.replace("==", "-")
    python, stamp = home / "bin" / "python", home / "complete"
    if stamp.exists():
        return python
    CACHE.mkdir(exist_ok=True)
    # The cache keeps itself out of the repository.
    (CACHE / ".gitignore").write_text("*\n")
    for step in (
        ["venv", "--clear", str(home)],
        ["pip", "install", "--python", str(python), requirement],
    ):
        done = subprocess.run(
            [sys.executable, ROOT / "ops" / "start.py", "--uv", *step],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            pytest.skip(f"{requirement} cannot be installed here: {done.stderr.strip()[-300:]}")
    stamp.touch()
    return python
