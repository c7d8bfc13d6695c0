"""Opening a socket to a server, in a time that is kept and with a stop that works.

The standard library's `create_connection` gives each address the whole time-out and cannot be
stopped, and neither can `getaddrinfo`; a laptop that lost its network shows what that means.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import queue
import selectors
import socket
import ssl
import threading
import time
from typing import Any

import certifi

from playground.addresses import forbidden
from playground.errors import AddressForbidden
from playground.exchange import Exchange

#: Seconds after which a blocked step looks whether it was stopped; no waker reaches these.
SLICE = 0.1


def tls_context() -> ssl.SSLContext:
    """Return a context that trusts what this machine trusts, and certifi's list besides.

    The machine's own store knows a company's certificates, and SSL_CERT_FILE adds to it; certifi
    helps where a Python was built without a store.
    """
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    return context


def open_socket(
    host: str, port: int, tls: ssl.SSLContext | None, exchange: Exchange
) -> socket.socket:
    """Return a socket connected to the first address of `host` that answers.

    Raises:
        Stopped, ChatError: as `exchange` decides.
        OSError: the last address's error.
    """
    addresses = [] if forbidden(host) else _addresses(host, port, exchange)
    # One is enough: a name that also leads there is made to lead there.
    if forbidden(host) or any(forbidden(str(address[0])) for *_, address in addresses):
        raise AddressForbidden(
            f"{host} leads to a link-local address or a cloud's metadata service, which is never "
            "asked."
        )
    problem = OSError(f"{host} has no address")
    for tried, (family, kind, protocol, _, address) in enumerate(addresses):
        share = exchange.left() / (len(addresses) - tried)
        sock = socket.socket(family, kind, protocol)
        try:
            _connect(sock, address, share, exchange)
            return _secured(sock, host, tls, exchange) if tls else sock
        except OSError as error:
            sock.close()
            problem = error
        except BaseException:
            sock.close()
            raise
    exchange.left()
    raise problem


def _addresses(host: str, port: int, exchange: Exchange) -> list[Any]:
    with contextlib.suppress(ValueError):
        ipaddress.ip_address(host)
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    answers: queue.SimpleQueue[list[Any] | Exception] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except Exception as error:  # noqa: BLE001 - raised again below, in the thread that asked
            answers.put(error)

    # A lookup cannot be interrupted: one that takes too long is left to itself.
    threading.Thread(target=look_up, name=f"look up {host}", daemon=True).start()
    while True:
        with contextlib.suppress(queue.Empty):
            answer = answers.get(timeout=min(exchange.left(), SLICE))
            if isinstance(answer, Exception):
                raise answer
            return answer


def _connect(sock: socket.socket, address: Any, seconds: float, exchange: Exchange) -> None:
    exchange.hold(sock)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.settimeout(0)
    due = time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        with contextlib.suppress(BlockingIOError):
            sock.connect(address)
        selector.register(sock, selectors.EVENT_WRITE)
        while not selector.select(min(exchange.left(), SLICE)):
            if time.monotonic() >= due:
                raise TimeoutError
    exchange.left()
    problem = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if problem:
        raise OSError(problem, os.strerror(problem))


def _secured(
    sock: socket.socket, host: str, tls: ssl.SSLContext, exchange: Exchange
) -> ssl.SSLSocket:
    secured = tls.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
    try:
        exchange.hold(secured)
        exchange.attempt(secured, secured.do_handshake)
    except BaseException:
        secured.close()
        raise
    return secured
