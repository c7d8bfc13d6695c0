"""Processes to kill, and databases to break."""

from __future__ import annotations

import os

import pytest

from tests.faults.children import Children
from tests.support.postgres import postgres_server, postgres_store_url, postgres_url

__all__ = ["postgres_server", "postgres_store_url", "postgres_url"]


@pytest.fixture(scope="session")
def children() -> Children:
    """Starts the processes that will be killed."""
    return Children()


@pytest.fixture(scope="session")
def thorough() -> bool:
    """Whether all of it is wanted (`make faults`), or the part that every run of the tests does."""
    return bool(os.environ.get("FAULTS_THOROUGH"))
