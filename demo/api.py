"""The little of the REST API that the demo needs; what any HTTP client could do."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx

PATIENCE = httpx.Timeout(30.0, read=60.0)


class ApiError(Exception):
    """The API said no."""


class Api:
    """A logged-in caller of the REST API."""

    def __init__(self, base_url: str) -> None:
        # The platform is on this machine: a proxy of the environment has no part in it.
        self._http = httpx.AsyncClient(base_url=f"{base_url}/api/v1", timeout=PATIENCE, trust_env=False)

    async def log_in(self, email: str, password: str, **account: str) -> None:
        """Registers, or logs in where the account is there already."""
        body = {"email": email, "password": password}
        answer = await self._http.post("/auth/register", json={**body, **account})
        if answer.status_code == httpx.codes.CONFLICT:
            answer = await self._http.post("/auth/login", json=body)
        session = _told(answer)
        self._http.headers["authorization"] = f"Bearer {session['access_token']}"

    async def ensure(self, collection: str, field: str, body: dict[str, Any]) -> dict[str, Any]:
        """Creates a resource, or finds the one of that name."""
        answer = await self._http.post(f"/{collection}", json=body)
        if answer.status_code != httpx.codes.CONFLICT:
            return _told(answer)
        listed = _told(await self._http.get(f"/{collection}", params={"page_size": 1000}))
        return next(item for item in listed[field] if item["name"] == body["name"])

    async def post(self, path: str) -> dict[str, Any]:
        """Calls a method without a body."""
        return _told(await self._http.post(path, json={}))

    async def get(self, path: str) -> dict[str, Any]:
        """Gets a resource."""
        return _told(await self._http.get(path))

    async def follow(self, path: str) -> AsyncIterator[dict[str, Any]]:
        """Reads a stream of messages, going on from the last cursor when the connection is lost."""
        after, broken = "", 0
        while True:
            try:
                async with self._http.stream("GET", path, params={"after": after} if after else {}) as answer:
                    if answer.status_code != httpx.codes.OK:
                        await answer.aread()
                        _told(answer)
                    async for line in answer.aiter_lines():
                        if line:
                            message = json.loads(line)
                            after, broken = message["cursor"], 0
                            yield message
            except httpx.TransportError:
                broken += 1
                if broken > 5:
                    raise
            else:
                return

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.aclose()


def _told(answer: httpx.Response) -> dict[str, Any]:
    if answer.is_error:
        raise ApiError(f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text}")
    body: dict[str, Any] = answer.json()
    return body
