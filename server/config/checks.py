"""What can't be in a configuration."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Sequence
from typing import TypeVar
from uuid import UUID

from server.config.model import NetworkPolicy
from server.config.ports import Transaction
from server.errors import Violation
from server.network.policy import rules_of

LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
HOST = re.compile(rf"(\*\.)?({LABEL}\.)*{LABEL}\.?", re.IGNORECASE)
AN_ADDRESS = re.compile(r"[0-9.]+|.*[:/].*")

K = TypeVar("K")


def network(policy: NetworkPolicy | None) -> Iterator[Violation]:
    """Entries that are neither a network nor the name of a host."""
    for name in ("allowed", "denied"):
        for number, entry in enumerate(getattr(policy, name, ())):
            if (reason := _entry(entry) or _unread(entry)) is not None:
                yield Violation(f"config.network_policy.{name}[{number}]", reason)


def _entry(text: str) -> str | None:
    if not AN_ADDRESS.fullmatch(text):
        known = HOST.fullmatch(text)
        return None if known else "must be a host such as db.example.com or *.example.com, or a network"
    try:
        ipaddress.ip_network(text)
    except ValueError:
        try:
            right = ipaddress.ip_network(text, strict=False)
        except ValueError:
            return "must be a network such as 10.1.0.0/16, or a host"
        return f"must have no bits beyond its prefix: {right}"
    return None


def _unread(text: str) -> str | None:
    """What the policy itself does not take for an entry."""
    try:
        rules_of((text,))
    except ValueError as error:
        return str(error)
    return None


async def organizations(tx: Transaction, field: str, keys: Sequence[UUID]) -> list[Violation]:
    """Organizations that there are not; ``field`` is the list that names them."""
    there = await tx.organizations.among(set(keys)) if keys else set()
    return [
        Violation(f"{field}[{number}].organization_id", "must be an organization that exists")
        for number, key in enumerate(keys)
        if key not in there
    ]


def twice(field: str, keys: Sequence[K]) -> Iterator[Violation]:
    """Entries of a list that an earlier one names already."""
    seen: set[K] = set()
    for number, key in enumerate(keys):
        if key in seen:
            yield Violation(f"{field}[{number}]", "must be named once only")
        seen.add(key)
