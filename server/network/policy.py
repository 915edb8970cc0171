"""The network policy: which addresses may be connected to, judged by every address that one of them stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address

# Where clouds and their containers give credentials to whoever asks.
METADATA = frozenset(
    ip_address(text)
    for text in (
        "169.254.169.254", "169.254.170.2", "169.254.170.23", "100.100.100.200", "192.0.0.192", "168.63.129.16",
        "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254",
    )
)  # fmt: skip
# What Python's `is_global` takes for public although nothing public is there.
_NOT_PUBLIC = tuple(
    ip_network(text)
    for text in ("192.0.0.0/24", "192.88.99.0/24", "224.0.0.0/4", "240.0.0.0/4",
                 "64:ff9b:1::/48", "3fff::/20", "5f00::/16", "fec0::/10", "ff00::/8")
)  # fmt: skip
# Another way to write an IPv4 address: what is said of the IPv4 address is all there is to say.
_WRITTEN_AS_IPV6 = tuple(ip_network(text) for text in ("::ffff:0:0/96", "::ffff:0:0:0/96"))
_NAT64, _LOCAL_NAT64, _COMPATIBLE = (ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96"))
_HOST_PATTERN = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9_*-]+(\.[A-Za-z0-9_*-]+)*")


@dataclass(frozen=True, slots=True)
class Policy:
    """Which hosts may be connected to; each entry is a network or a host pattern, as `rules_of` reads them."""

    allow_private: bool = True
    allowed: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """What a list of networks and host patterns names."""

    networks: tuple[str, ...]
    hosts: tuple[str, ...]

    def name(self, host: str) -> bool:
        """Whether a pattern fits the host as it was written."""
        return any(fnmatchcase(host, pattern) for pattern in self.hosts)

    def hold(self, address: Address) -> bool:
        """Whether a network holds the address."""
        return any(address in ip_network(text) for text in self.networks)

    def name_exactly(self, address: Address) -> bool:
        """Whether the address is named alone, not by a network that also holds others."""
        return str(ip_network(address)) in self.networks


@lru_cache(maxsize=64)
def rules_of(entries: tuple[str, ...]) -> Rules:
    """Reads networks (`10.1.0.0/16`, `10.1.2.3`) and host patterns (`db.example.com`, `*.example.com`, `*`).

    Raises:
        ValueError: an entry is neither; its text says which one.
    """
    networks, hosts = [], []
    for entry in entries:
        try:
            networks.append(str(ip_network(entry.strip("[]"), strict=False)))
        except ValueError:
            # A network with a mistake in it must not pass for a name that no host has.
            if not _HOST_PATTERN.fullmatch(entry) or (entry != "*" and re.fullmatch(r"[\d.*-]+", entry)):
                raise ValueError(f"{entry!r} is neither a network nor a host or host pattern") from None
            hosts.append(entry.lower())
    return Rules(tuple(networks), tuple(hosts))


def permits(policy: Policy, host: str, address: str) -> bool:
    """Whether a host may be connected to at an address that its name has.

    Metadata services only where an allowed network names exactly their address. Else what is allowed, by name or
    network, may be reached; then not what is denied; then private addresses only where the policy says so.
    """
    allowed, denied = rules_of(policy.allowed), rules_of(policy.denied)
    by_name, not_by_name = allowed.name(host), denied.name(host)
    for form in forms(ip_address(address.partition("%")[0])):
        if form in METADATA:
            if not allowed.name_exactly(form):
                return False
        elif by_name or allowed.hold(form):
            continue
        elif not_by_name or denied.hold(form) or not (policy.allow_private or is_public(form)):
            return False
    return True


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet."""
    return address.is_global and not any(address in network for network in _NOT_PUBLIC)


def forms(address: Address) -> Iterator[Address]:
    """The address, and the IPv4 addresses that a gateway or the kernel would make of it."""
    if isinstance(address, IPv4Address) or not any(address in network for network in _WRITTEN_AS_IPV6):
        yield address
    if isinstance(address, IPv6Address):
        yield from _embedded(address)


def _embedded(address: IPv6Address) -> Iterator[IPv4Address]:
    last = IPv4Address(int(address) & 0xFFFF_FFFF)
    if any(address in network for network in (*_WRITTEN_AS_IPV6, _NAT64, _LOCAL_NAT64)):
        yield last
    if address in _COMPATIBLE and int(address) > 1:  # :: and ::1 are no IPv4 addresses
        yield last
    if address in _LOCAL_NAT64:
        # RFC 6052: after a prefix of 48 bits come 16 bits, a zero byte, and the other 16.
        bits = int(address)
        yield IPv4Address((bits >> 64 & 0xFFFF) << 16 | (bits >> 40 & 0xFFFF))
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo
