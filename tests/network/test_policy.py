"""Which hosts a policy permits, in every spelling that an address has."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.network.check import OPEN, PolicyCheck
from server.network.errors import HostNotAllowed, HostNotFound
from server.network.policy import Policy, permits, rules_of

CLOSED = Policy(allow_private=False)

OURS = [
    "127.0.0.1", "0177.0.0.1", "2130706433", "0x7f.1", "127.1", "[::1]", "::ffff:127.0.0.1", "64:ff9b::7f00:1",
    "2002:7f00:1::", "localhost", "LOCALHOST.", "0.0.0.0", "::", "10.1.2.3", "172.16.0.1", "192.168.0.1", "100.64.0.1",
    "169.254.1.1", "192.0.0.8", "224.0.0.1", "255.255.255.255", "fe80::1", "fe80::1%lo", "fc00::1", "fec0::1",
    "::7f00:1", "64:ff9b:1::7f00:1", "64:ff9b:1:7f00:0:100::", "::ffff:0:7f00:1", "2001:0:7f00:1::",
]  # fmt: skip
METADATA = ["169.254.169.254", "0xa9fea9fe", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::",
            "fd00:ec2::254", "100.100.100.200", "169.254.170.2"]  # fmt: skip
NO_HOST = ["", "/var/run/postgresql", "a,b", "a b", "user@host", "host?service=x", "a\r\nb", "@abstract"]


def check(**policy: Any) -> PolicyCheck:
    return PolicyCheck(lambda: Policy(**policy))


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Names of the tests' own, with the addresses that their name server would give."""
    known: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def resolve(host: Any, port: Any, *args: Any, **more: Any) -> Any:
        return [found for name in known.get(host, [host]) for found in real(name, port, *args, **more)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return known


@pytest.mark.parametrize("host", OURS)
def test_a_closed_policy_refuses_what_is_ours_however_it_is_written(host: str) -> None:
    with pytest.raises(HostNotAllowed):
        check(allow_private=False).addresses(host, 80)


@pytest.mark.parametrize("host", METADATA)
def test_metadata_services_are_refused_by_the_most_open_policy(host: str) -> None:
    with pytest.raises(HostNotAllowed):
        check(allowed=("0.0.0.0/0", "::/0", "*", "169.254.0.0/16")).addresses(host, 80)


@pytest.mark.parametrize("host", NO_HOST)
def test_what_is_no_single_host_is_refused(host: str) -> None:
    with pytest.raises((HostNotAllowed, HostNotFound)):
        OPEN.addresses(host, 80)


def test_a_metadata_address_is_allowed_by_its_exact_name_alone() -> None:
    assert permits(Policy(allowed=("169.254.169.254",)), "metadata", "169.254.169.254")
    assert permits(Policy(allowed=("169.254.169.254/32",)), "metadata", "::ffff:169.254.169.254")
    assert not permits(Policy(allowed=("169.254.169.254/31",)), "metadata", "169.254.169.254")


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::"]
)
def test_public_addresses_pass_a_closed_policy(address: str) -> None:
    assert permits(CLOSED, "example.com", address)


def test_all_addresses_of_a_name_must_be_allowed(names: dict[str, list[str]]) -> None:
    names["mixed.example.com"] = ["8.8.8.8", "127.0.0.1"]
    names["public.example.com"] = ["8.8.8.8", "8.8.4.4"]
    closed = check(allow_private=False)
    with pytest.raises(HostNotAllowed):
        closed.addresses("mixed.example.com", 80)
    assert list(closed.addresses("public.example.com", 80)) == ["8.8.8.8", "8.8.4.4"]


def test_allowed_names_and_networks_win_over_denied_ones(names: dict[str, list[str]]) -> None:
    names |= {"db.in.example.com": ["10.0.0.5"], "evil.com": ["8.8.8.8"], "other.com": ["10.0.0.6"]}
    policy = check(allow_private=False, allowed=("*.in.example.com", "10.9.0.0/16"), denied=("*", "10.0.0.0/8"))
    assert list(policy.addresses("DB.in.example.com.", 1)) == ["10.0.0.5"]
    assert list(policy.addresses("10.9.1.1", 1)) == ["10.9.1.1"]
    for host in ("evil.com", "other.com", "10.0.0.5", "8.8.8.8"):
        with pytest.raises(HostNotAllowed):
            policy.addresses(host, 1)


def test_a_denied_network_holds_for_names_and_for_public_addresses(names: dict[str, list[str]]) -> None:
    names["alias.example.com"] = ["8.8.8.8"]
    for host in ("alias.example.com", "134744072", "::ffff:8.8.8.8"):
        with pytest.raises(HostNotAllowed):
            check(denied=("8.8.8.0/24",)).addresses(host, 1)


def test_a_refusal_tells_nothing_of_what_is_there(names: dict[str, list[str]]) -> None:
    names |= {"a.example.com": ["10.0.0.5"], "b.example.com": ["169.254.169.254"]}
    told = set()
    for host in names:
        with pytest.raises(HostNotAllowed) as caught:
            check(allow_private=False).addresses(host, 1)
        told.add(caught.value.message.replace(host, "HOST"))
    assert len(told) == 1


def test_an_unknown_name_is_not_found(names: dict[str, list[str]]) -> None:
    names["nobody.example.com"] = []
    with pytest.raises(HostNotFound):
        OPEN.addresses("nobody.example.com", 1)


@pytest.mark.parametrize("entry", ["10.0.0.0/33", "1.2.3", "a b", "http://x", "", "10.0.0.1-10.0.0.9", "a..b"])
def test_an_entry_that_is_no_rule_is_named(entry: str) -> None:
    with pytest.raises(ValueError, match="neither a network nor a host"):
        rules_of((entry,))


@given(st.ip_addresses(v=4))
def test_whatever_is_refused_is_refused_in_every_ipv6_form(address: IPv4Address) -> None:
    number = int(address)
    forms = [0xFFFF_0000_0000 | number, 0x64FF9B << 96 | number, 0x2002 << 112 | number << 80]
    for form in forms:
        assert permits(CLOSED, "x", str(IPv6Address(form))) <= permits(CLOSED, "x", str(address))
        assert permits(Policy(), "x", str(IPv6Address(form))) <= permits(Policy(), "x", str(address))
