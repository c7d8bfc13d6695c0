"""Addresses that no connection may lead to, whoever configured it.

Clouds answer on link-local addresses and hand out credentials there to whoever asks from inside. No
model is served there, so they are refused always: as they are typed, and again as a name resolves,
at the moment of connecting, so that no name can change its mind in between.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

#: Metadata and management services outside the link-local range: Azure's host (also for DNS), Alibaba
#: Cloud's, Oracle Cloud's, and those of AWS and Google Cloud over IPv6.
METADATA = frozenset(
    ipaddress.ip_address(text)
    for text in (
        "168.63.129.16",
        "100.100.100.200",
        "192.0.0.192",
        "fd00:ec2::254",
        "fd20:ce::254",
    )
)
#: IPv6 prefixes that carry an IPv4 address in their last 32 bits (RFC 6052 and 4291).
_CARRIERS = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("::/96"))

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def forbidden(address: str) -> bool:
    """Whether `address`, an IP address in its usual form, may not be connected to.

    IPv4 addresses are found in every IPv6 form that leads to them: mapped, compatible, NAT64, 6to4
    and Teredo. What is no IP address is not forbidden: it has yet to be resolved.
    """
    try:
        parsed = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return False
    return any(one.is_link_local or one in METADATA for one in _meanings(parsed))


def leads_to_forbidden(url: str) -> bool:
    """Whether the host of `url` is written as a forbidden address. Raises ValueError for no URL."""
    return forbidden(urlsplit(url).hostname or "")


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine and nothing else."""
    name = host.strip("[]").rstrip(".").casefold()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _meanings(address: Address) -> list[Address]:
    found: list[Address] = [address]
    if isinstance(address, ipaddress.IPv6Address):
        # Without the zone, which is part of the address for Python and no matter here.
        address = ipaddress.IPv6Address(int(address))
        found = [address]
        found += [a for a in (address.ipv4_mapped, address.sixtofour) if a is not None]
        found += address.teredo or ()
        if any(address in network for network in _CARRIERS):
            found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return found
