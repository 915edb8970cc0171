"""theData.io from Python: `Client` for callers that wait, `AsyncClient` for asyncio.

    from thedata_client import Client

    with Client("https://data.example.com", token="...") as client:
        for pipeline in client.pipelines.list():
            print(pipeline.name)

`thedata_client.types` has the messages, `thedata_client.errors` the exceptions.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from thedata_client.aio.client import AsyncClient
    from thedata_client.aio.runs import AsyncRunHandle, AsyncTail
    from thedata_client.blocking.client import Client
    from thedata_client.blocking.runs import RunHandle, Tail
    from thedata_client.errors import ApiError, RunFailed
    from thedata_client.tokens import Tokens, TokenStore

__all__ = ["ApiError", "AsyncClient", "AsyncRunHandle", "AsyncTail", "Client", "RunFailed", "RunHandle", "Tail",
           "TokenStore", "Tokens"]  # fmt: skip

_HOMES = {
    "ApiError": "errors", "RunFailed": "errors", "TokenStore": "tokens", "Tokens": "tokens",
    "AsyncClient": "aio.client", "AsyncRunHandle": "aio.runs", "AsyncTail": "aio.runs",
    "Client": "blocking.client", "RunHandle": "blocking.runs", "Tail": "blocking.runs",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    # What a program does not use it does not wait for: gRPC alone takes a quarter of a second.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
