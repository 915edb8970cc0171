"""What threads have for what the two clients do differently."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Protocol, TypeVar

import grpc

from thedata_client.address import OPTIONS, Address

Channel = grpc.Channel
Lock = threading.Lock
sleep = time.sleep
Received = TypeVar("Received", covariant=True)


class Stream(Protocol[Received]):
    """A call that the server answers with several messages."""

    def __iter__(self) -> Iterator[Received]:
        """The messages."""

    def cancel(self) -> bool:
        """Ends the call."""


def open_channel(address: Address) -> Channel:
    """A channel to the server; it connects when it is used."""
    if not address.tls:
        return grpc.insecure_channel(address.target, OPTIONS)
    return grpc.secure_channel(address.target, grpc.ssl_channel_credentials(address.roots()), OPTIONS)
