"""Servers in processes of their own: started, awaited, and ended with all they started."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def free_port() -> int:
    """Return a port of this machine that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


class Server:
    """A server on 127.0.0.1, run as `command`.

    Attributes:
        port: where it listens; the same after a restart. `{port}` in the command stands for it.
        url: its root, without a slash at the end.
        log: the file with what it wrote to stdout and stderr, over all restarts.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        ready: str,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        limit: float = 60,
    ) -> None:
        """Prepare a server; start() runs it.

        Args:
            command: the program and its arguments.
            log: see the class.
            ready: the path below `url` that answers with success once the server is up.
            cwd: the folder that it runs in.
            env: its whole environment; None for that of the tests.
            limit: seconds that it may take to be up.
        """
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        self._command = [part.replace("{port}", str(self.port)) for part in command]
        self._ready = self.url + ready
        self._cwd = cwd
        self._env = dict(os.environ if env is None else env)
        self._limit = limit
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The process that was started last."""
        assert self._process is not None, "not started"
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Run the command and wait until the server answers. Fails with its log if it does not."""
        assert not self.running, "already started"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._cwd,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # A group of its own, so that its children can be ended with it.
                start_new_session=True,
            )
        end = time.monotonic() + self._limit
        while not self._answers():
            code = self._process.poll()
            if code is not None or time.monotonic() > end:
                self.kill()
                how = "took too long to start" if code is None else f"ended with {code}"
                raise AssertionError(f"{self._command} {how}:\n{self.text()}")
            time.sleep(0.05)  # a server that is not up has no event to wait for

    def stop(self) -> None:
        """Ask it to end, as Ctrl+C does; end it and its children the hard way after 10 seconds."""
        if self._process is not None and self.running:
            if sys.platform != "win32":
                self._process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(10 if sys.platform != "win32" else 0)
        self.kill()

    def kill(self) -> None:
        """End it and its children at once, without a warning."""
        if self._process is None:
            return
        if sys.platform == "win32":
            tree = ["taskkill", "/T", "/F", "/PID", str(self._process.pid)]
            subprocess.run(tree, capture_output=True, check=False)
        else:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)

    def restart(self) -> None:
        """End it and start it again on the same port."""
        self.stop()
        self.start()

    def text(self, start: int = 0) -> str:
        """Return the log from byte `start` on, without colours."""
        with contextlib.suppress(FileNotFoundError), self.log.open("rb") as log:
            log.seek(start)
            return _COLOUR.sub("", log.read().decode("utf-8", "replace"))
        return ""

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self._ready, timeout=2) as response:  # noqa: S310 - ours
                return bool(response.status < 300)
        except (urllib.error.URLError, OSError):
            return False
