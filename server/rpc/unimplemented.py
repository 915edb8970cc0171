"""Servicers whose methods the contract has and this server does not offer yet."""

from __future__ import annotations

from typing import Any

from google.protobuf.descriptor import ServiceDescriptor

from server.errors import Failure, Kind


class Unimplemented(Failure):
    """This server does not offer the method."""

    kind, reason = Kind.UNIMPLEMENTED, "UNIMPLEMENTED"

    def __init__(self, method: str) -> None:
        super().__init__(f"{method} is in the contract, but this version of the server does not offer it yet.")


def unimplemented(service: ServiceDescriptor) -> Any:
    """A class of servicers that say UNIMPLEMENTED to every method of a service."""

    def handler(name: str) -> Any:
        async def answer(_self: object, _request: object, _context: object) -> None:
            raise Unimplemented(f"{service.name}/{name}")

        return answer

    return type(service.name, (), {method.name: handler(method.name) for method in service.methods})
