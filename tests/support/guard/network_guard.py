"""Refuses to look up or connect to anything but this machine.

An audit hook sees every way that Python code can take, and cannot be taken off again. This module
imports nothing of the project, because it also runs in the children of the tests, whatever those are.
"""

from __future__ import annotations

import ipaddress
import socket
import sys
from collections.abc import Callable

_ADDRESS_EVENTS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_NAME_EVENTS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}


class NetworkBlockedError(OSError):
    """A test, or a process it started, wanted to leave this machine."""


def install(report: Callable[[str], None]) -> None:
    """Guard this process from now on. `report` gets a sentence for each attempt.

    The attempt itself fails with NetworkBlockedError, an OSError: code that treats this as an
    unreachable host goes on, which is why the report exists.
    """

    def refuse(what: str) -> None:
        message = f"network guard: {what} (tests stay on this machine)"
        report(message)
        raise NetworkBlockedError(message)

    def hook(event: str, args: tuple[object, ...]) -> None:
        if event in _ADDRESS_EVENTS:
            address = args[1]
            # Unix sockets have a path for an address, connected ones have none.
            if isinstance(address, tuple) and not _is_here(address[0]):
                refuse(f"{event} to {address[0]} port {address[1]}")
        elif event in _NAME_EVENTS:
            _check_name(event, args[0], refuse)

    sys.addaudithook(hook)


def _check_name(event: str, host: object, refuse: Callable[[str], None]) -> None:
    name = host.decode("ascii", "replace") if isinstance(host, (bytes, bytearray)) else host
    if not isinstance(name, str) or name in ("", "0.0.0.0", "::"):  # noqa: S104 - for listening
        return
    if name.rstrip(".").endswith(".invalid"):
        # This domain never exists (RFC 6761): give the answer without asking anyone.
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    if not _is_here(name):
        refuse(f"{event} of {name}")


def _is_here(host: object) -> bool:
    if not isinstance(host, str):
        return True  # netlink and the like: no host, so no network
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False
