"""The HTTP side of the demo: uvicorn's own protocol, with two things added to it.

A request can get at its connection, which ASGI does not offer and without which a broken connection
cannot be staged; and nothing is written to the logs of another uvicorn in the same process.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from starlette.types import Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

_HANG_UP = "playground.hang_up"


class DemoProtocol(H11Protocol):
    """One connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The app around the demo runs in uvicorn, too, and its loggers are the process's.
        self.logger = logging.getLogger("playground.demo")
        self.access_log = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Keep the connection's closer where the app finds it; uvicorn narrows the type, too."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, _HANG_UP: transport.close}


def hang_up(scope: Scope) -> None:
    """Close the connection of this request once what was sent has left."""
    close: Callable[[], None] = scope["state"][_HANG_UP]
    close()
