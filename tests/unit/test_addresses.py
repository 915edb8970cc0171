"""From where a call comes: what a gateway says is believed, what a client says is not."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from server.rpc.address import address_of

LOCAL = [ip_network("127.0.0.0/8"), ip_network("::1/128")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("ipv4:127.0.0.1:5000", "203.0.113.9", "203.0.113.9"),
        ("ipv4:127.0.0.1:5000", "10.9.9.9, 203.0.113.9", "203.0.113.9"),
        ("ipv4:127.0.0.1:5000", "10.9.9.9,not an address", "127.0.0.1"),
        ("ipv4:127.0.0.1:5000", "", "127.0.0.1"),
        ("ipv4:203.0.113.7:5000", "10.9.9.9", "203.0.113.7"),
        ("ipv6:[::1]:5000", "2001:db8::1", "2001:db8::1"),
        ("ipv6:%5B::1%5D:5000", "2001:DB8:0::1", "2001:db8::1"),
        ("ipv6:%5B2001:db8::2%5D:5000", "10.9.9.9", "2001:db8::2"),
        ("ipv6:[::ffff:127.0.0.1]:5000", "::ffff:203.0.113.9", "203.0.113.9"),
        ("unix:", "203.0.113.9", ""),
        ("", "", ""),
    ],
)
def test_the_address_is_what_the_nearest_gateway_saw(peer: str, forwarded: str, expected: str) -> None:
    assert address_of(peer, {"x-forwarded-for": forwarded}, LOCAL) == expected


def test_without_gateways_no_header_is_believed() -> None:
    assert address_of("ipv4:127.0.0.1:5000", {"x-forwarded-for": "203.0.113.9"}, []) == "127.0.0.1"
