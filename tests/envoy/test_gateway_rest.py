"""REST through the gateway: paths, refusals, errors, limits, browsers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.envoy.conftest import Gateway
from tests.envoy.scripted import LARGE, LARGE_BYTES, MISSING, PIPELINE, Pipelines

pytestmark = pytest.mark.asyncio(loop_scope="session")

NAMED = "type.googleapis.com/google.rpc."
PAGE = "http://localhost:5173"
LIMIT = 4 << 20


def refusal(response: httpx.Response) -> tuple[int, int, str]:
    """The HTTP status, the code and the reason of an error, which must have the shape of every error."""
    assert response.headers["content-type"] == "application/json"
    told = response.json()
    assert set(told) == {"code", "message", "details"}
    assert told["message"]
    info = told["details"][0]
    assert set(info) == {"@type", "reason", "domain", "metadata"}
    assert info["@type"] == f"{NAMED}ErrorInfo"
    assert info["domain"] == "thedata.io"
    return response.status_code, told["code"], info["reason"]


async def sent(gateway: Gateway, *parts: bytes) -> bytes:
    """What the gateway answers to bytes, until it closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    try:
        for part in parts:
            writer.write(part)
        return await asyncio.wait_for(reader.read(), 5)
    finally:
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize(
    "path", ["/api/v1/pipelines", "/api/v1/pipelines/", "//api//v1/pipelines//", "/api/v1/x/../pipelines"]
)
async def test_every_form_of_a_path_answers(pipelines: Pipelines, rest: httpx.AsyncClient, path: str) -> None:
    response = await rest.get(httpx.URL(str(rest.base_url), raw_path=f"{path}?page_size=7".encode()))
    assert response.json() == {"pipelines": [], "next_page_token": ""}
    assert pipelines.requests[-1].page_size == 7


async def test_fields_have_their_names_and_zeros(gateway: Gateway, rest: httpx.AsyncClient) -> None:
    told = (await rest.get(f"/api/v1/pipelines/{PIPELINE}")).json()
    assert told["organization_id"] == ""
    assert told["streams"] == []
    assert told["verification"] == "VERIFICATION_UNSPECIFIED"
    assert "last_run" not in told, "a message that is not there is left out"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/", "/api/v1", "/api/v1/nothing", "/thedata.v1.PipelinesService/GetPipeline"])
async def test_an_unknown_path_is_told(gateway: Gateway, rest: httpx.AsyncClient, path: str, method: str) -> None:
    assert refusal(await rest.request(method, path)) == (404, 5, "UNKNOWN_PATH")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/api/v1/pipelines", "GET, POST"),
        ("GET", f"/api/v1/pipelines/{PIPELINE}/start/", "POST"),
        ("POST", f"/api/v1/pipelines/{PIPELINE}/logs/stream", "GET"),
        # Both a word and a placeholder match here.
        ("OPTIONS", "/api/v1/data-sources/check", "DELETE, GET, PATCH, POST, PUT"),
    ],
)
async def test_a_wrong_method_is_told(
    gateway: Gateway, rest: httpx.AsyncClient, method: str, path: str, allowed: str
) -> None:
    response = await rest.request(method, path)
    assert refusal(response) == (405, 12, "METHOD_NOT_ALLOWED")
    assert response.headers["allow"] == allowed


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[]",
        '{"name": 5, "source_id": {}}',
        '{"verification": "verification_counts"}',
        "\x00",
        '{"name": "\\ud800"}',
    ],
)
async def test_a_bad_body_is_told(pipelines: Pipelines, rest: httpx.AsyncClient, body: str) -> None:
    assert refusal(await rest.post("/api/v1/pipelines", content=body)) == (400, 3, "MALFORMED_REQUEST")
    assert not pipelines.requests


@pytest.mark.parametrize("query", ["pagesize=5", "page_size=many", "page_size=99999999999"])
async def test_a_bad_parameter_is_told(pipelines: Pipelines, rest: httpx.AsyncClient, query: str) -> None:
    assert refusal(await rest.get(f"/api/v1/pipelines?{query}")) == (400, 3, "MALFORMED_REQUEST")
    assert not pipelines.requests


async def test_the_path_names_the_resource_not_the_body(pipelines: Pipelines, rest: httpx.AsyncClient) -> None:
    response = await rest.post(f"/api/v1/pipelines/{PIPELINE}/start", json={"pipeline_id": MISSING})
    assert refusal(response) == (400, 3, "MALFORMED_REQUEST")
    assert not pipelines.requests


@pytest.mark.parametrize("name", ["plain", "a:verb", "with space", "a/b", "ä+%"])
async def test_a_name_in_a_path_may_be_anything(gateway: Gateway, rest: httpx.AsyncClient, name: str) -> None:
    encoded = "".join(f"%{byte:02X}" if chr(byte) not in ":ab" else chr(byte) for byte in name.encode())
    response = await rest.get(httpx.URL(str(rest.base_url), raw_path=f"/api/v1/analytics/realtime/{encoded}".encode()))
    assert response.json()["columns"] == [name]


async def test_a_plus_in_a_query_is_a_space(pipelines: Pipelines, rest: httpx.AsyncClient) -> None:
    await rest.get("/api/v1/pipelines?page_token=a+b%2Bc")
    assert pipelines.requests[-1].page_token == "a b+c"


async def test_a_stream_of_requests_is_an_array(gateway: Gateway, rest: httpx.AsyncClient) -> None:
    batches = [{"producer": "p", "sequence": sequence} for sequence in (1, 2, 3)]
    response = await rest.post("/api/v1/analytics/ingest", json=batches)
    assert response.json()["accepted"] == "3"


async def test_an_error_of_the_server_keeps_its_details(gateway: Gateway, rest: httpx.AsyncClient) -> None:
    missing = await rest.get(f"/api/v1/pipelines/{MISSING}")
    assert refusal(missing) == (404, 5, "NOT_FOUND")
    assert missing.json()["details"][0]["metadata"] == {"resource": "pipeline", "id": MISSING}
    invalid = await rest.get("/api/v1/pipelines/abc")
    assert refusal(invalid) == (400, 3, "INVALID_FIELDS")
    assert invalid.json()["details"][1]["field_violations"][0]["field"] == "pipeline_id"
    limited = await rest.post(f"/api/v1/pipelines/{PIPELINE}/stop", content="{}")
    assert refusal(limited) == (429, 8, "LIMIT_REACHED")
    assert {"@type": f"{NAMED}RetryInfo", "retry_delay": "1s"} in limited.json()["details"]


async def test_a_body_below_the_limit_passes_and_above_is_refused(
    pipelines: Pipelines, rest: httpx.AsyncClient
) -> None:
    fits = await rest.post("/api/v1/pipelines", content=body_of(LIMIT))
    assert refusal(fits) == (400, 3, "INVALID_FIELDS")  # it reached the server, whose rules are stricter
    assert refusal(await rest.post("/api/v1/pipelines", content=body_of(LIMIT + 1))) == (413, 8, "REQUEST_TOO_LARGE")


async def test_a_chunked_body_above_the_limit_is_refused(gateway: Gateway, rest: httpx.AsyncClient) -> None:
    async def chunks(size: int) -> AsyncIterator[bytes]:
        body = body_of(size)
        for start in range(0, size, 64 << 10):
            yield body[start : start + (64 << 10)]

    fits = await rest.post("/api/v1/pipelines", content=chunks(LIMIT))
    assert refusal(fits) == (400, 3, "INVALID_FIELDS")
    assert refusal(await rest.post("/api/v1/pipelines", content=chunks(2 * LIMIT))) == (413, 8, "REQUEST_TOO_LARGE")


@pytest.mark.parametrize(
    "kind", ["application/grpcx", "application/grpc;x", "application/grpc-web+json", "application/grpc-web;x"]
)
async def test_what_only_looks_like_grpc_is_rest(pipelines: Pipelines, rest: httpx.AsyncClient, kind: str) -> None:
    headers = {"content-type": kind}
    too_large = await rest.post("/api/v1/pipelines", content=body_of(LIMIT + 1), headers=headers)
    assert refusal(too_large) == (413, 8, "REQUEST_TOO_LARGE")
    assert refusal(await rest.post("/nothing", content="{}", headers=headers)) == (404, 5, "UNKNOWN_PATH")
    assert not pipelines.requests


def body_of(size: int) -> bytes:
    shell = len(json.dumps({"name": ""}))
    return json.dumps({"name": "x" * (size - shell)}).encode()


async def test_a_large_answer_arrives_whole(gateway: Gateway, rest: httpx.AsyncClient) -> None:
    response = await rest.get(f"/api/v1/pipelines/{LARGE}")
    assert len(response.json()["description"]) == LARGE_BYTES


@pytest.mark.parametrize("headers", [{"x-long": "x" * 9000}, {f"x-{number}": "" for number in range(101)}])
async def test_too_many_headers_are_told(gateway: Gateway, rest: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert refusal(await rest.get("/api/v1/pipelines", headers=headers)) == (431, 8, "REQUEST_TOO_LARGE")


async def test_what_is_not_http_is_refused(gateway: Gateway) -> None:
    answer = await sent(gateway, b"GET /api/v1/pipelines HTTP/1.1\r\nHost: x\r\nContent-Length: no\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")


async def test_a_request_has_one_id(pipelines: Pipelines, rest: httpx.AsyncClient) -> None:
    made = await rest.get(f"/api/v1/pipelines/{PIPELINE}")
    (identity,) = made.headers.get_list("x-request-id")
    assert len(identity) == 36
    assert values(pipelines, "x-request-id") == [identity]
    given = await rest.get(f"/api/v1/pipelines/{PIPELINE}", headers={"x-request-id": "mine-1"})
    assert given.headers.get_list("x-request-id") == ["mine-1"]
    assert values(pipelines, "x-request-id") == ["mine-1"]
    bad = await rest.get(f"/api/v1/pipelines/{PIPELINE}", headers={"x-request-id": "<" * 101})
    assert bad.headers.get_list("x-request-id") not in ([], ["<" * 101])
    assert values(pipelines, "x-request-id") == []
    refused = await rest.get("/nothing", headers={"x-request-id": "mine-2"})
    assert refused.headers.get_list("x-request-id") == ["mine-2"]


async def test_a_client_cannot_say_who_it_is(pipelines: Pipelines, rest: httpx.AsyncClient) -> None:
    claimed = {"x-user-id": "root", "x-org-id": "all", "x-organization-id": "all", "x-forwarded-user": "root"}
    await rest.get(f"/api/v1/pipelines/{PIPELINE}", headers=claimed | {"authorization": "Bearer t"})
    assert not {name for name, _ in pipelines.metadata} & set(claimed)
    assert values(pipelines, "authorization") == ["Bearer t"]


def values(pipelines: Pipelines, name: str) -> list[str]:
    return [value for key, value in pipelines.metadata if key == name]


@pytest.mark.parametrize("path", [f"/api/v1/pipelines/{PIPELINE}", "/nothing"])
async def test_answers_name_no_software_and_are_not_kept(gateway: Gateway, rest: httpx.AsyncClient, path: str) -> None:
    headers = (await rest.get(path)).headers
    assert "server" not in headers
    assert not [name for name in headers if name.startswith("x-envoy")]
    assert headers["cache-control"] == "no-store"


def preflight(origin: str) -> dict[str, str]:
    return {
        "origin": origin,
        "access-control-request-method": "PATCH",
        "access-control-request-headers": "authorization,content-type,x-grpc-web",
    }


@pytest.mark.parametrize("origin", [PAGE, "http://127.0.0.1", "https://localhost:8443", "http://[::1]:3000"])
async def test_a_local_page_may_call(gateway: Gateway, rest: httpx.AsyncClient, origin: str) -> None:
    asked = await rest.options(f"/api/v1/pipelines/{PIPELINE}", headers=preflight(origin))
    assert asked.status_code == 200
    assert asked.headers["access-control-allow-origin"] == origin
    assert "PATCH" in asked.headers["access-control-allow-methods"]
    assert {"authorization", "content-type", "x-grpc-web", "last-event-id"} <= set(
        asked.headers["access-control-allow-headers"].split(", ")
    )


@pytest.mark.parametrize(("path", "status"), [("/api/v1/pipelines", 200), ("/nothing", 404), ("/api/v1/users", 405)])
async def test_a_page_can_read_answers_and_refusals(
    gateway: Gateway, rest: httpx.AsyncClient, path: str, status: int
) -> None:
    method = "DELETE" if status == 405 else "GET"
    answer = await rest.request(method, path, headers={"origin": PAGE})
    assert answer.status_code == status
    assert answer.headers["access-control-allow-origin"] == PAGE
    exposed = set(answer.headers["access-control-expose-headers"].split(", "))
    assert exposed == {
        "grpc-status", "grpc-message", "grpc-status-details-bin", "x-request-id", "retry-after", "ratelimit-limit",
        "ratelimit-remaining", "ratelimit-reset",
    }  # fmt: skip


@pytest.mark.parametrize(
    "origin", ["https://example.com", "http://localhost.example.com", "http://localhost:5173.evil", "null"]
)
async def test_other_pages_may_not(gateway: Gateway, rest: httpx.AsyncClient, origin: str) -> None:
    asked = await rest.options("/api/v1/pipelines", headers=preflight(origin))
    answer = await rest.get("/api/v1/pipelines", headers={"origin": origin})
    assert "access-control-allow-origin" not in asked.headers
    assert "access-control-allow-origin" not in answer.headers
