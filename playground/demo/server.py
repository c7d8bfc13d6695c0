"""The demo endpoint as an object: started, asked for its address, and stopped."""

from __future__ import annotations

import asyncio
import socket
import threading
from types import TracebackType
from typing import Self

import uvicorn

from playground.demo.app import demo_app
from playground.demo.wire import DemoProtocol

#: Seconds to wait for the thread at the start and at the end.
_PATIENCE = 10.0


class DemoServer:
    """A chat-completions server with scripted replies, in a thread of its own.

    Args:
        host: the address to bind.
        port: the port to bind; 0 for a free one.
        pace: what every delay is multiplied by; 0 answers as fast as the connection allows.

    It may be started again after it was stopped.
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 0, pace: float = 1.0) -> None:
        if not 0 <= pace <= 1000:
            raise ValueError("pace must be from 0 to 1000")
        if not 0 <= port <= 65_535:
            raise ValueError("port must be from 0 to 65535")
        self._host = host
        self._port = port
        self._pace = pace
        self._run: _Run | None = None

    @property
    def url(self) -> str:
        """The base URL, without a trailing slash. Raises RuntimeError when it is not running."""
        if self._run is None:
            raise RuntimeError("the demo endpoint is not running")
        return self._run.url

    def start(self) -> None:
        """Start, and return once it answers. Raises OSError if the address cannot be bound."""
        if self._run is None:
            run = _Run(self._host, self._port, self._pace)
            run.start()
            self._run = run

    def stop(self) -> None:
        """Break off whatever is being answered and end. May be called again, to no effect."""
        run, self._run = self._run, None
        if run is not None:
            run.stop()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()


class _Run(uvicorn.Server):
    """One run, from binding the port to the end of the thread."""

    def __init__(self, host: str, port: int, pace: float) -> None:
        super().__init__(
            uvicorn.Config(
                demo_app(pace),
                http=DemoProtocol,
                ws="none",
                lifespan="off",
                loop="asyncio",
                # Logging is the process's, and so is not set up here.
                log_config=None,
                server_header=False,
                timeout_graceful_shutdown=1,
            )
        )
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=family, backlog=256)
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{self._socket.getsockname()[1]}/v1"
        self._ready = threading.Event()
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._serve_all, name="demo-endpoint", daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._ready.wait(_PATIENCE)
        if not self.started:
            self.stop()
            raise RuntimeError("the demo endpoint did not start") from self._failure

    def stop(self) -> None:
        self.should_exit = True
        self._thread.join(_PATIENCE)
        self._socket.close()

    def _serve_all(self) -> None:
        try:
            asyncio.run(self.serve([self._socket]))
        except Exception as error:  # noqa: BLE001 - raised again where start() was called
            self._failure = error
        finally:
            self._ready.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # A request whose connection is gone ends by itself; one that is cancelled makes uvicorn
        # log a traceback.
        for connection in tuple(self.server_state.connections):
            connection.transport.abort()
        await super().shutdown(sockets)
