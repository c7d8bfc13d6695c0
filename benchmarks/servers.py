"""The processes of a benchmark: the token server, and the two Streamlit servers before it."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from playground.settings import DATABASE_URL, DEMO, ENDPOINT, MAX_CONCURRENT

ROOT = Path(__file__).resolve().parent.parent
_PAGES = ROOT / "benchmarks" / "pages"
WRITE_STREAM_PAGE = _PAGES / "write_stream_page.py"
SIDE_BY_SIDE_PAGE = _PAGES / "side_by_side_page.py"

#: Seconds for a server to start, and between two looks whether it has.
_PATIENCE = 60.0
_LOOK = 0.1
#: Seconds for it to end by itself.
_FAREWELL = 10.0

#: Where the app serves only the person at this machine, and where it serves many: it tells by the
#: words, and both are this machine.
ALONE, SHARED = "127.0.0.1", "127.1"

#: Settings of whoever runs the benchmark must not change what is measured.
_FOREIGN = re.compile(r"(AZURE|GITHUB|PLAYGROUND|STREAMLIT)_|.*_PROXY$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers at `url`, and the process that is measured."""

    url: str
    process: psutil.Process

    def cpu(self) -> float:
        """Return the processor time it has used so far, in seconds."""
        times = self.process.cpu_times()
        return float(times.user + times.system)


@contextlib.contextmanager
def token_server() -> Iterator[str]:
    """Run the demo endpoint in a process of its own; yield its base URL."""
    port = _free_port()
    command = [sys.executable, "-m", "playground.demo", f"--port={port}"]
    with _running(command, ROOT, {}, f"http://127.0.0.1:{port}/info"):
        yield f"http://127.0.0.1:{port}/v1"


@contextlib.contextmanager
def app_server(
    endpoint: str, address: str = ALONE, *, database: str | None = None
) -> Iterator[Server]:
    """Run this app as a user starts it, with `endpoint` as its connection, on an empty store.

    With `database`, the URL of one, it keeps its conversations there.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as data:
        store = f"sqlite:///{(Path(data) / 'playground.db').as_posix()}"
        # The server takes all that is asked at once, so nobody waits in line for it.
        places = {MAX_CONCURRENT: "64"}
        settings = {ENDPOINT: endpoint, DEMO: "0", DATABASE_URL: database or store, **places}
        with _streamlit("app.py", ROOT, address, settings) as server:
            yield server


@contextlib.contextmanager
def page_server(page: Path, endpoint: str) -> Iterator[Server]:
    """Run a page of a few lines, with Streamlit's own settings."""
    with tempfile.TemporaryDirectory() as elsewhere:
        options = ["--server.headless=true", "--browser.gatherUsageStats=false"]
        settings = {ENDPOINT: endpoint}
        with _streamlit(str(page), Path(elsewhere), ALONE, settings, *options) as server:
            yield server


@contextlib.contextmanager
def _streamlit(
    script: str, folder: Path, address: str, settings: Mapping[str, str], *options: str
) -> Iterator[Server]:
    port = _free_port()
    place = [f"--server.address={address}", f"--server.port={port}"]
    command = [sys.executable, "-m", "streamlit", "run", script, *place, *options]
    url = f"http://127.0.0.1:{port}"
    with _running(command, folder, settings, f"{url}/_stcore/health") as process:
        yield Server(url, psutil.Process(process.pid))


@contextlib.contextmanager
def _running(
    command: Sequence[str], folder: Path, settings: Mapping[str, str], health: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` from the moment when `health` answers to the end of the context."""
    kept = {k: v for k, v in os.environ.items() if not _FOREIGN.match(k)}
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**kept, "HOME": home, "USERPROFILE": home, **settings},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            if not _healthy(health, process):
                output.seek(0)
                told = output.read().decode(errors="replace")
                raise RuntimeError(f"{' '.join(command)} did not start:\n{told}")
            yield process
        finally:
            process.terminate()
            try:
                process.wait(_FAREWELL)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _healthy(url: str, process: subprocess.Popen[bytes]) -> bool:
    end = time.monotonic() + _PATIENCE
    with httpx.Client(trust_env=False) as client:
        while time.monotonic() < end and process.poll() is None:
            with contextlib.suppress(httpx.TransportError):
                if client.get(url).is_success:
                    return True
            time.sleep(_LOOK)
    return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
