"""Pages of lists: keyset, never offset."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T", covariant=True)

DEFAULT_PAGE_SIZE = 50
MAX_PAGE_SIZE = 1000


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some items, and the key after which the next page starts; None at the end."""

    items: Sequence[T]
    next_key: str | None = None


@dataclass(frozen=True)
class PageRequest:
    """How many items are wanted, and after which key."""

    size: int = DEFAULT_PAGE_SIZE
    after: str | None = None


def fingerprint(*parts: object) -> bytes:
    """A hash of a query's or request's parameters; equal parameters give equal bytes."""
    return hashlib.sha256(json.dumps(parts, default=str, sort_keys=True).encode()).digest()[:16]
