"""A fresh Salesforce for every test."""

from __future__ import annotations

import pytest

from tests.sandbox.salesforce.desk import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()
