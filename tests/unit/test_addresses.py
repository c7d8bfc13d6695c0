"""Addresses that no connection leads to, in every form they can be written or resolved to."""

from __future__ import annotations

import socket

import pytest

from playground.addresses import forbidden, is_loopback
from playground.azure_endpoint import AzureEndpoint
from playground.connections import Connection, checked_endpoint
from playground.errors import AddressForbidden
from playground.lookup import look_up
from playground.messages import Message, Role
from playground.parameters import Parameters
from playground.request import ChatRequest
from playground.stop import StopSignal

METADATA = "169.254.169.254"

FORBIDDEN = [
    METADATA,
    "169.254.0.1",
    "169.254.170.2",  # credentials of AWS's containers
    "168.63.129.16",
    "100.100.100.200",
    "192.0.0.192",
    "fe80::1",
    "fe80::1%eth0",
    "febf::1",
    "fd00:ec2::254",
    "fd20:ce::254",
    "::ffff:169.254.169.254",
    "::ffff:a9fe:a9fe",
    "::ffff:168.63.129.16",
    "::169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b::169.254.169.254",
    "2002:a9fe:a9fe::1",
    "2001:0:a9fe:a9fe::1",  # Teredo, its server
    "[fe80::1]",
]
ALLOWED = [
    "127.0.0.1",
    "::1",
    "10.0.0.7",
    "192.168.1.2",
    "100.100.100.201",
    "169.253.1.1",
    "fd00::1",
    "2600::1",
    "::ffff:10.0.0.7",
    "example.org",
    "",
]


@pytest.mark.parametrize("address", FORBIDDEN)
def test_link_local_and_metadata_addresses_are_forbidden(address: str) -> None:
    assert forbidden(address)


@pytest.mark.parametrize("address", ALLOWED)
def test_other_addresses_are_not(address: str) -> None:
    assert not forbidden(address)


@pytest.mark.parametrize("address", FORBIDDEN[:-1])
def test_none_of_them_can_be_an_endpoint(address: str) -> None:
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(AddressForbidden, match=r"^endpoint leads to a link-local"):
        checked_endpoint(f"http://{host}:80/v1", setting="endpoint")


def _resolving_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def resolve(*_: object, **__: object) -> list[object]:
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (address, 80, 0, 0) if ":" in address else (address, 80),
            )
            for address in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@pytest.mark.parametrize(
    ("host", "addresses"),
    [
        ("metadata.google.internal", [METADATA]),
        ("rebound.example", ["203.0.113.7", METADATA]),
        ("mapped.example", ["::ffff:169.254.169.254"]),
        ("zone.example", ["fe80::1%2"]),
        ("2852039166", [METADATA]),  # a number that resolvers take for an address
        ("0xa9fea9fe", [METADATA]),
        ("169.254.43518", [METADATA]),
    ],
)
def test_a_name_that_leads_there_is_refused_before_a_connection_is_made(
    monkeypatch: pytest.MonkeyPatch,
    network_attempts: list[str],
    host: str,
    addresses: list[str],
) -> None:
    """The guard of the tests would report the attempt, were there one."""
    connection = Connection("c", "C", checked_endpoint(f"http://{host}/v1", setting="endpoint"))
    _resolving_to(monkeypatch, *addresses)
    request = ChatRequest("phi", (Message(Role.USER, "Hi"),), Parameters())
    endpoint = AzureEndpoint(connection)
    with pytest.raises(AddressForbidden, match=f"{host} leads to a link-local address"):
        list(endpoint.stream(request, StopSignal()))
    with pytest.raises(AddressForbidden):
        look_up(connection, "models", StopSignal())
    assert network_attempts == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1.2.3", "localhost", "LOCALHOST.", "::1", "[::1]", "a.localhost"]
)
def test_this_machine(host: str) -> None:
    assert is_loopback(host)


ELSEWHERE = ["0.0.0.0", "", "::", "192.168.1.2", "localhost.example"]  # noqa: S104 - not bound


@pytest.mark.parametrize("host", [*ELSEWHERE, "127.0.0.1.example"])
def test_not_this_machine_alone(host: str) -> None:
    assert not is_loopback(host)
