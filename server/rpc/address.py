"""From where a call comes."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from urllib.parse import unquote

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def address_of(peer: str, metadata: Mapping[str, str | bytes], gateways: Sequence[Network]) -> str:
    """The caller's network address; empty where it has none, such as behind a Unix socket.

    A gateway appends the address that it sees to `x-forwarded-for`: its last part is true, and all before it is what
    the client says. Of anybody who is no gateway the header says nothing.
    """
    address = _peer(peer)
    if address is None or not any(address in gateway for gateway in gateways):
        return str(address or "")
    told = str(metadata.get("x-forwarded-for", "")).rpartition(",")[2].strip()
    return str(_read(told) or address)


def _peer(peer: str) -> Address | None:
    """The address in gRPC's name of a peer, such as `ipv4:127.0.0.1:5000` or `ipv6:%5B::1%5D:5000`."""
    family, _, rest = unquote(peer).partition(":")
    return _read(rest.rpartition(":")[0].strip("[]")) if family in {"ipv4", "ipv6"} else None


def _read(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
