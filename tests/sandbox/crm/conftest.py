"""A fresh CRM for every test."""

from __future__ import annotations

import pytest

from tests.sandbox.crm.desk import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()
