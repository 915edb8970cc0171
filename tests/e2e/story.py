"""The steps that stories share: make something, start a run and read it to its end, look into a database."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx


def postgres_config(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "host": parts.hostname,
        "port": parts.port,
        "user": parts.username,
        "password": parts.password,
        "database": parts.path[1:],
        "sslmode": "disable",
    }


async def created(rest: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await rest.post(path, json=body)
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def finished(rest: httpx.AsyncClient, pipeline: dict[str, Any], run: dict[str, Any]) -> list[dict[str, Any]]:
    """Every message of the run's log, as NDJSON, to its end."""
    path = f"/pipelines/{pipeline['id']}/logs/stream"
    async with rest.stream("GET", path, params={"run_id": run["id"]}) as stream:
        assert stream.status_code == 200
        assert stream.headers["content-type"] == "application/x-ndjson"
        return [json.loads(line) async for line in stream.aiter_lines() if line]


async def rows(url: str, statement: str) -> list[tuple[Any, ...]]:
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(statement)]
    finally:
        await connection.close()
