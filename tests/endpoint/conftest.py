"""Fixtures of the endpoint's tests: a fault server, and an endpoint that talks to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.endpoint.asking import Asker
from tests.endpoint.fault_server import FaultServer


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


@pytest.fixture
def ask(server: FaultServer) -> Iterator[Asker]:
    """Ask `server`; the same endpoint each time, unless told otherwise."""
    with Asker(server.url) as asker:
        yield asker
