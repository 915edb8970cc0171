"""A caller in front of Envoy, and an empty database to write into."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from server.app import App
from server.stack.envoy import Envoy


@pytest.fixture
async def rest(app: App, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A registered caller in front of Envoy."""
    envoy = Envoy(tmp_path / "envoy", host="127.0.0.1", port=0, upstream=("127.0.0.1", app.port), concurrency=1)
    await envoy.start()
    base = f"http://127.0.0.1:{envoy.port}/api/v1"
    async with httpx.AsyncClient(base_url=base, timeout=30, trust_env=False) as client:
        session = await client.post("/auth/register", json={"email": "ann@example.com", "password": "correct horse"})
        client.headers["authorization"] = f"Bearer {session.json()['access_token']}"
        yield client
    await envoy.stop()
