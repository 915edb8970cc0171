"""What asyncio has for what the two clients do differently."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Protocol, TypeVar

import grpc

from thedata_client.address import OPTIONS, Address

Channel = grpc.aio.Channel
Lock = asyncio.Lock
sleep = asyncio.sleep
Received = TypeVar("Received", covariant=True)


class Stream(Protocol[Received]):
    """A call that the server answers with several messages."""

    def __aiter__(self) -> AsyncIterator[Received]:
        """The messages."""

    def cancel(self) -> bool:
        """Ends the call."""


def open_channel(address: Address) -> Channel:
    """A channel to the server; it connects when it is used."""
    if not address.tls:
        return grpc.aio.insecure_channel(address.target, OPTIONS)
    return grpc.aio.secure_channel(address.target, grpc.ssl_channel_credentials(address.roots()), OPTIONS)
