"""A dlt source that talks with a socket of its own, as a package somebody installed might."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import dlt


@dlt.source
def things(host: str, port: int) -> Any:
    def rows() -> Iterator[dict[str, int]]:
        with socket.create_connection((host, port), 5):
            yield {"id": 1}

    return dlt.resource(rows, name="things")
