"""The guard that keeps tests on this machine."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.environment import GUARD_REPORT, ROOT
from tests.support.guard.network_guard import NetworkBlockedError

# Addresses that RFC 5737 and RFC 3849 keep for documentation: no one's, should the guard fail.
ELSEWHERE = [("192.0.2.1", 9, socket.AF_INET), ("2001:db8::1", 9, socket.AF_INET6)]


@pytest.mark.parametrize(("host", "port", "family"), ELSEWHERE)
def test_connecting_elsewhere_is_refused_and_told(
    host: str, port: int, family: socket.AddressFamily, network_attempts: list[str]
) -> None:
    with socket.socket(family) as sock, pytest.raises(NetworkBlockedError, match=host):
        sock.connect((host, port))
    assert host in network_attempts.pop()


def test_a_datagram_elsewhere_is_refused_and_told(network_attempts: list[str]) -> None:
    with (
        socket.socket(type=socket.SOCK_DGRAM) as sock,
        pytest.raises(NetworkBlockedError, match="192"),
    ):
        sock.sendto(b"", ("192.0.2.1", 9))
    assert "192.0.2.1" in network_attempts.pop()


@pytest.mark.parametrize(
    "host", ["example.com", "localhost.example.com", "192.0.2.1", b"a.example"]
)
def test_looking_up_a_name_is_refused_and_told(
    host: str | bytes, network_attempts: list[str]
) -> None:
    with pytest.raises(NetworkBlockedError):
        socket.getaddrinfo(host, 443)
    assert "getaddrinfo" in network_attempts.pop()


def test_asyncio_is_guarded_too(network_attempts: list[str]) -> None:
    with pytest.raises(NetworkBlockedError):
        asyncio.run(asyncio.wait_for(asyncio.open_connection("192.0.2.1", 9), 5))
    assert network_attempts.pop()


def test_a_name_that_cannot_exist_is_unknown_and_no_attempt() -> None:
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("nowhere.invalid", 443)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_can_be_reached(host: str) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection((host, server.getsockname()[1]), timeout=5) as client,
    ):
        assert client.getpeername()[0] == "127.0.0.1"


def test_a_child_is_guarded_and_its_attempt_is_told() -> None:
    script = "import socket; socket.socket().connect(('192.0.2.1', 9))"
    child = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=False
    )
    assert child.returncode == 1
    assert "network guard: socket.connect to 192.0.2.1" in child.stderr
    report = Path(os.environ[GUARD_REPORT])
    assert "192.0.2.1" in report.read_text(encoding="utf-8")
    report.unlink()


def test_a_test_that_leaves_the_machine_fails_even_if_its_code_hides_it(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)
    pytester.makeconftest((ROOT / "tests" / "conftest.py").read_text(encoding="utf-8"))
    pytester.makepyfile(
        """
        import contextlib, socket
        def test_hides_it():
            with contextlib.suppress(OSError):
                socket.getaddrinfo("example.com", 443)
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*network guard: socket.getaddrinfo of example.com*"])
