"""The audit through the gateway: addresses that are true, files, and the stream that browsers read."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from uuid import uuid4

import grpc
import httpx
import psutil
import pytest

from tests.rpc.cast import Cast, gathered
from tests.rpc.conftest import Served, _grpc_server, grpc_addr, grpc_server, rest

__all__ = ["_grpc_server", "grpc_addr", "grpc_server", "rest"]

AUDIT = "/api/v1/admin/audit"
FORGED = {"x-forwarded-for": "6.6.6.6", "x-envoy-external-address": "6.6.6.6", "x-real-ip": "6.6.6.6"}


@pytest.fixture(scope="module")
def cast(grpc_channel: grpc.Channel, grpc_server: Served) -> Cast:
    return gathered(grpc_channel, grpc_server)


def as_owner(cast: Cast, **headers: str) -> dict[str, str]:
    return {"authorization": f"Bearer {cast.tokens['owner']}", **headers}


def renamed(rest: httpx.Client, cast: Cast, **headers: str) -> str:
    """Changes something; the request's id."""
    request_id = uuid4().hex
    path = f"/api/v1/organizations/{cast.variables['org']}"
    sent = as_owner(cast, **headers, **{"x-request-id": request_id})
    assert rest.put(path, json={"name": request_id}, headers=sent).status_code == httpx.codes.OK
    return request_id


def test_an_address_that_a_client_claims_is_not_believed(rest: httpx.Client, cast: Cast) -> None:
    request_id = renamed(rest, cast, **FORGED)
    entries: list[Any] = rest.get(AUDIT, headers=as_owner(cast)).json()["entries"]
    (entry,) = [entry for entry in entries if entry["request_id"] == request_id]
    # Of a client on its own machine the gateway tells the machine's address.
    own = {address.address for found in psutil.net_if_addrs().values() for address in found}
    assert entry["address"] in own


@pytest.mark.parametrize(
    ("form", "kind"), [("AUDIT_FORMAT_NDJSON", "application/x-ndjson"), ("AUDIT_FORMAT_CSV", "text/csv")]
)
def test_a_file_is_downloaded_in_its_form(rest: httpx.Client, cast: Cast, form: str, kind: str) -> None:
    request_id = renamed(rest, cast)
    answer = rest.get(f"{AUDIT}/export", params={"format": form}, headers=as_owner(cast))
    assert answer.headers["content-type"].startswith(kind)
    text = io.StringIO(answer.text)
    rows = list(csv.DictReader(text)) if kind == "text/csv" else [json.loads(line) for line in text]
    assert rows[-1]["request_id"] == request_id


def test_a_browser_follows_and_comes_back(rest: httpx.Client, cast: Cast) -> None:
    def messages(count: int, **headers: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        sent = as_owner(cast, accept="text/event-stream", **headers)
        with rest.stream("GET", f"{AUDIT}/stream", headers=sent) as stream:
            for line in stream.iter_lines():
                if line.startswith("data:"):
                    found.append(json.loads(line.removeprefix("data:")))
                if len(found) == count:
                    break
        return found

    (alive,) = messages(1)
    assert "heartbeat" in alive
    request_id = renamed(rest, cast)
    told = messages(2, **{"last-event-id": alive["cursor"]})
    assert request_id in json.dumps(told)
